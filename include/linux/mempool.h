/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Memory pools: allocations that succeed when memory does not. */
#ifndef KMEM_LINUX_MEMPOOL_H
#define KMEM_LINUX_MEMPOOL_H

#include <kmem/mempool.h>
#include <linux/compiler.h>
#include <linux/types.h>

struct kmem_cache;

#endif
