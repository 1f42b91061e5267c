// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * redzone_both - writing past both ends of an object
 *
 * Both red zones are reported and repaired, and the object is shown once. At
 * risk: the second zone's lines.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE)

static int __init redzone_both_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_both", 32, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	memset(object - 3, 'x', 32 + 5);
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	return 0;
}
module_init(redzone_both_init);
MODULE_DESCRIPTION("writing past both ends of an object");
MODULE_LICENSE("Dual MIT/GPL");
