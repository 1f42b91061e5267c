// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * destroy_slabs - which slabs the report of a destruction lists
 *
 * Only slabs with free room are listed, one report each; full ones count but
 * are not listed, so a cache with nothing but full slabs gets the last warning
 * alone. At risk: listing all, or being silent when all are full.
 *
 * kernels: 6.12 6.1
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void *objects[64];

static int __init destroy_slabs_init(void)
{
	struct kmem_cache *cache;
	unsigned int i;

	cache = kmem_cache_create("test_one_per_slab", 50000, 0,
				  SLAB_NOLEAKTRACE, NULL);
	for (i = 0; i < 3; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("three full slabs\n");
	kmem_cache_destroy(cache);

	cache = kmem_cache_create("test_full", 256, 0, SLAB_NOLEAKTRACE, NULL);
	for (i = 0; i < 16; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("one full slab\n");
	kmem_cache_destroy(cache);

	/* Two slabs with one object missing each: a bulk free of an object
	 * of each slab, whichever of them that is. */
	cache = kmem_cache_create("test_two_per_slab", 16384, 0,
				  SLAB_NOLEAKTRACE | SLAB_CONSISTENCY_CHECKS,
				  NULL);
	for (i = 0; i < 6; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, objects[0]);
	kmem_cache_free(cache, objects[2]);
	pr_info("two of three slabs half full\n");
	kmem_cache_destroy(cache);
	return 0;
}
module_init(destroy_slabs_init);
MODULE_DESCRIPTION("which slabs the report of a destruction lists");
MODULE_LICENSE("Dual MIT/GPL");
