// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * destroy_clean - destroying caches without objects
 *
 * Silent, whatever the cache has kept for later, and the row of slabinfo is
 * gone; destroying nothing is allowed. At risk: a report for slabs that are
 * merely cached, and a row left behind.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void *objects[200];

static void ctor(void *object)
{
}

static void __init use_and_destroy(const char *name, unsigned int count,
				   slab_flags_t flags, void (*ctor)(void *))
{
	struct kmem_cache *cache;
	unsigned int i;

	cache = kmem_cache_create(name, 120, 0, flags | SLAB_NOLEAKTRACE, ctor);
	for (i = 0; i < count; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (i = 0; i < count; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_destroy(cache);
	pr_info("%s: destroyed\n", name);
}

static int __init destroy_clean_init(void)
{
	kmem_cache_destroy(NULL);
	use_and_destroy("test_unused", 0, 0, NULL);
	use_and_destroy("test_one", 1, 0, NULL);
	use_and_destroy("test_many", 200, 0, NULL);
	use_and_destroy("test_ctor", 200, 0, ctor);
	use_and_destroy("test_rcu", 200, SLAB_TYPESAFE_BY_RCU, NULL);
	use_and_destroy("test_debug", 200, SLAB_CONSISTENCY_CHECKS |
			SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, NULL);
	use_and_destroy("test_hwcache", 200, SLAB_HWCACHE_ALIGN, NULL);
	return 0;
}
module_init(destroy_clean_init);
MODULE_DESCRIPTION("destroying caches without objects");
MODULE_LICENSE("Dual MIT/GPL");
