// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * gfp_illegal - allocation flags a slab cannot honour
 *
 * High memory and the 32-bit zone are refused with a warning that names the
 * offending and the remaining flags, and the allocation proceeds; but only when
 * a slab has to be made. Other zone and mobility bits are dropped in silence.
 * At risk: warning per allocation, and the symbolic names.
 *
 * kernels: 6.12 6.1
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void __init allocate(const char *what, struct kmem_cache *cache,
			    gfp_t gfp)
{
	void *object;

	pr_info("%s\n", what);
	object = kmem_cache_alloc(cache, gfp);
	pr_info("%s: %s\n", what, object ? "object" : "none");
}

static int __init gfp_illegal_init(void)
{
	struct kmem_cache *cache, *dma32;

	/* One object per slab: each allocation makes a slab. */
	cache = kmem_cache_create("test_one_per_slab", 20000, 0,
				  SLAB_NOLEAKTRACE, NULL);
	allocate("high memory", cache, GFP_KERNEL | __GFP_HIGHMEM);
	allocate("high memory again", cache, GFP_KERNEL | __GFP_HIGHMEM);
	allocate("dma32", cache, GFP_KERNEL | __GFP_DMA32);
	allocate("both, atomic", cache, GFP_ATOMIC | __GFP_HIGHMEM | __GFP_DMA32);
	allocate("both, zeroed", cache, GFP_KERNEL | __GFP_HIGHMEM |
		 __GFP_DMA32 | __GFP_ZERO);
	allocate("highuser", cache, GFP_HIGHUSER);
	allocate("dma", cache, GFP_KERNEL | __GFP_DMA);
	allocate("movable", cache, GFP_KERNEL | __GFP_MOVABLE);
	allocate("reclaimable", cache, GFP_KERNEL | __GFP_RECLAIMABLE);
	dma32 = kmem_cache_create("test_dma32", 20000, 0, SLAB_NOLEAKTRACE |
				  SLAB_CACHE_DMA32, NULL);
	allocate("dma32 from a dma32 cache", dma32, GFP_KERNEL | __GFP_DMA32);
	allocate("plain from a dma32 cache", dma32, GFP_KERNEL);

	cache = kmem_cache_create("test_many_per_slab", 200, 0,
				  SLAB_NOLEAKTRACE | SLAB_CONSISTENCY_CHECKS,
				  NULL);
	allocate("plain", cache, GFP_KERNEL);
	allocate("high memory, slab at hand", cache, GFP_KERNEL | __GFP_HIGHMEM);
	return 0;
}
module_init(gfp_illegal_init);
MODULE_DESCRIPTION("allocation flags a slab cannot honour");
MODULE_LICENSE("Dual MIT/GPL");
