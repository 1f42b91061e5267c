// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * release_checks - what is found when slabs are released
 *
 * A shrink looks at every object of the slabs it gives back, and so does a
 * destroy: each bad one is reported and repaired, and the pages go. At risk:
 * the slabs being kept.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init release_checks_init(void)
{
	struct kmem_cache *cache;
	unsigned char *a, *b;

	cache = kmem_cache_create("test_release", 64, 0, FLAGS, NULL);
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	b = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	a[3] = 0x12;
	b[3] = 0x12;
	pr_info("left with slabs: %d\n", kmem_cache_shrink(cache));

	a = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, a);
	a[64] = 0x12;
	a[90] = 0x12;
	kmem_cache_destroy(cache);
	return 0;
}
module_init(release_checks_init);
MODULE_DESCRIPTION("what is found when slabs are released");
MODULE_LICENSE("Dual MIT/GPL");
