/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Lists per memory cgroup: only their name, for kmem_cache_alloc_lru(), which does not look into one. */
#ifndef KMEM_LINUX_LIST_LRU_H
#define KMEM_LINUX_LIST_LRU_H

#include <kmem.h>

#endif
