// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmalloc_names - the names of the caches behind kmalloc()
 *
 * A free through a cache that checks its objects names the owner, which gets
 * the object. At risk: the class, the kind, the name.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init kmalloc_names_init(void)
{
	static const size_t sizes[] = {
		8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192,
	};
	struct kmem_cache *c;
	size_t i;

	c = kmem_cache_create("test_checked", 120, 0,
			      SLAB_CONSISTENCY_CHECKS | SLAB_NOLEAKTRACE, NULL);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		kmem_cache_free(c, kmalloc(sizes[i], GFP_KERNEL));
	for (i = 0; i < ARRAY_SIZE(sizes); i += 3) {
		kmem_cache_free(c, kmalloc(sizes[i], GFP_KERNEL_ACCOUNT));
		kmem_cache_free(c, kmalloc(sizes[i], GFP_KERNEL | __GFP_RECLAIMABLE));
		kmem_cache_free(c, kmalloc(sizes[i], GFP_KERNEL | __GFP_DMA));
	}
	kmem_cache_free(c, kmalloc(50, GFP_KERNEL_ACCOUNT | __GFP_RECLAIMABLE));
	kmem_cache_free(c, kmalloc(50, GFP_KERNEL | __GFP_DMA | __GFP_RECLAIMABLE));
	pr_info("slabs: %d\n", kmem_cache_shrink(c));
	return 0;
}
module_init(kmalloc_names_init);
MODULE_DESCRIPTION("the names of the caches behind kmalloc()");
MODULE_LICENSE("GPL");
