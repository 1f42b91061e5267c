// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * release_unchecked - releasing slabs without checks
 *
 * Nobody looks. At risk: reports that Linux would not make.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_RED_ZONE | SLAB_POISON)

static int __init release_unchecked_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_release", 64, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	object[3] = 0x12;
	pr_info("left with slabs: %d\n", kmem_cache_shrink(cache));
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	object[64] = 0x12;
	kmem_cache_destroy(cache);
	return 0;
}
module_init(release_unchecked_init);
MODULE_DESCRIPTION("releasing slabs without checks");
MODULE_LICENSE("Dual MIT/GPL");
