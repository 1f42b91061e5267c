/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Object caches: the whole of libkmem under the name that kernel code includes. */
#ifndef KMEM_LINUX_SLAB_H
#define KMEM_LINUX_SLAB_H

#include <kmem.h>
#include <linux/cache.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/types.h>

/* What the kmalloc family promises on x86-64 (the family itself is not here yet). */
#define ARCH_SLAB_MINALIGN	__alignof__(unsigned long long)
#define ARCH_KMALLOC_MINALIGN	__alignof__(unsigned long long)
#define KMALLOC_MIN_SIZE	8
#define KMALLOC_MAX_CACHE_SIZE	(1UL << 13)
#define KMALLOC_MAX_SIZE	(1UL << 22)
#define KMALLOC_MAX_ORDER	10

#endif
