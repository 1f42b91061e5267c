// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * create_basic - creating caches and asking for their size
 *
 * kmem_cache_size() is the size the creator asked for, never the rounded
 * stride, and a plain creation says nothing. At risk: a stride leaking out of
 * kmem_cache_size(), and sizes below a pointer being refused (they once were).
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void __init create_and_report(const char *name, unsigned int size,
				     unsigned int align, slab_flags_t flags)
{
	struct kmem_cache *cache;
	void *object;

	cache = kmem_cache_create(name, size, align, flags | SLAB_NO_MERGE, NULL);
	if (!cache) {
		pr_info("%s: not created\n", name);
		return;
	}
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("%s: size %u, object %s\n", name, kmem_cache_size(cache),
		object ? "allocated" : "missing");
	kmem_cache_free(cache, object);
	kmem_cache_shrink(cache);
}

static int __init create_basic_init(void)
{
	create_and_report("test_1", 1, 0, 0);
	create_and_report("test_4", 4, 0, 0);
	create_and_report("test_7", 7, 0, 0);
	create_and_report("test_8", 8, 0, 0);
	create_and_report("test_100", 100, 0, 0);
	create_and_report("test_100_aligned", 100, 64, 0);
	create_and_report("test_100_hwcache", 100, 0, SLAB_HWCACHE_ALIGN);
	create_and_report("test_100_redzone", 100, 0, SLAB_RED_ZONE);
	create_and_report("test_100_poison", 100, 0, SLAB_POISON);
	create_and_report("test_100_rcu", 100, 0, SLAB_TYPESAFE_BY_RCU);
	create_and_report("test_4096", 4096, 0, 0);
	create_and_report("test_100000", 100000, 0, 0);
	return 0;
}
module_init(create_basic_init);
MODULE_DESCRIPTION("creating caches and asking for their size");
MODULE_LICENSE("Dual MIT/GPL");
