// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * shrink - what shrinking a cache returns
 *
 * Zero only when no slab is left; one as long as an object lives, though every
 * empty slab is gone. At risk: the sense of the result, and empty slabs kept.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void *objects[100];

static void __init shrinks(const char *name, slab_flags_t flags)
{
	struct kmem_cache *cache;
	unsigned int i;

	cache = kmem_cache_create(name, 200, 0, flags | SLAB_NOLEAKTRACE, NULL);
	pr_info("%s: new %d\n", name, kmem_cache_shrink(cache));
	for (i = 0; i < 100; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("%s: hundred objects %d\n", name, kmem_cache_shrink(cache));
	for (i = 1; i < 100; i++)
		kmem_cache_free(cache, objects[i]);
	pr_info("%s: one object %d\n", name, kmem_cache_shrink(cache));
	kmem_cache_free(cache, objects[0]);
	pr_info("%s: none %d\n", name, kmem_cache_shrink(cache));
	pr_info("%s: none again %d\n", name, kmem_cache_shrink(cache));

	/* What slabinfo then shows: one object in one slab. */
	objects[0] = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("%s: one object %d\n", name, kmem_cache_shrink(cache));
}

static int __init shrink_init(void)
{
	shrinks("test_plain", 0);
	shrinks("test_checked", SLAB_CONSISTENCY_CHECKS);
	shrinks("test_debug", SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER);
	shrinks("test_rcu", SLAB_TYPESAFE_BY_RCU);
	return 0;
}
module_init(shrink_init);
MODULE_DESCRIPTION("what shrinking a cache returns");
MODULE_LICENSE("Dual MIT/GPL");
