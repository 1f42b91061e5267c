// SPDX-License-Identifier: MIT OR Apache-2.0
/* The allocations and frees that a program compiled with KMEM_INLINE has in itself. */
#define KMEM_INLINE
#include "fuzz.h"

void *inline_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	return kmem_cache_alloc(cache, gfp);
}

void inline_free(struct kmem_cache *cache, void *object)
{
	kmem_cache_free(cache, object);
}

/* A size and flags that the compiler knows lead to a cache at once. */
void *constant_kmalloc(uint8_t which, size_t *size)
{
	switch (which % 8) {
	case 0:
		return kmalloc(*size = 1, GFP_KERNEL);
	case 1:
		return kmalloc(*size = 64, GFP_KERNEL);
	case 2:
		return kmalloc(*size = 65, GFP_KERNEL | __GFP_ACCOUNT);
	case 3:
		return kmalloc(*size = 192, GFP_NOWAIT);
	case 4:
		return kmalloc(*size = 500, GFP_KERNEL | __GFP_RECLAIMABLE);
	case 5:
		return kmalloc(*size = 4096, GFP_KERNEL | __GFP_DMA);
	case 6:
		return kmalloc(*size = 8192, GFP_ATOMIC);
	default:
		return kmalloc(*size = 8193, GFP_KERNEL);
	}
}
