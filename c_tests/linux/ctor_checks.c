// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * ctor_checks - checks in a cache with a constructor
 *
 * Free objects keep their constructed state, so nothing is known about it;
 * what lies around them is checked. At risk: a report about the object's own
 * bytes.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static void construct(void *object)
{
	memset(object, 'c', 40);
}

static int __init ctor_checks_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_ctor", 40, 0, FLAGS, construct);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	memset(object, 'y', 40);
	pr_info("looked at: %ld\n", validate_slab_cache(cache));
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	object[-1] = 0x12;
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	return 0;
}
module_init(ctor_checks_init);
MODULE_DESCRIPTION("checks in a cache with a constructor");
MODULE_LICENSE("Dual MIT/GPL");
