// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * large_object - a damaged object of more than a page
 *
 * The dump shows its first 4096 bytes only. At risk: the limit.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init large_object_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_large", 5000, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	object[5000] = 0x12;
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	return 0;
}
module_init(large_object_init);
MODULE_DESCRIPTION("a damaged object of more than a page");
MODULE_LICENSE("Dual MIT/GPL");
