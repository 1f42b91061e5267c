/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* L1_CACHE_BYTES. */
#ifndef KMEM_ASM_CACHE_H
#define KMEM_ASM_CACHE_H

#include <linux/cache.h>

#endif
