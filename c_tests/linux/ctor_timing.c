// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * ctor_timing - when the constructor runs
 *
 * For every object of a slab when the slab is made, and at no other time: not
 * at creation, not per allocation, not on reuse, and again only when a slab is
 * made anew. At risk: a constructor called per allocation.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static unsigned int calls;

static void ctor(void *object)
{
	calls++;
}

static void __init timing(const char *name, slab_flags_t flags)
{
	struct kmem_cache *cache;
	void *objects[40];
	unsigned int i;

	calls = 0;
	cache = kmem_cache_create(name, 200, 0, flags, ctor);
	pr_info("%s: created, %u calls\n", name, calls);
	objects[0] = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("first object, %u calls\n", calls);
	objects[1] = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("second object, %u calls\n", calls);
	kmem_cache_free(cache, objects[1]);
	objects[1] = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("freed and allocated, %u calls\n", calls);
	kmem_cache_free(cache, objects[1]);
	kmem_cache_free(cache, objects[0]);
	kmem_cache_shrink(cache);
	pr_info("shrunk, %u calls\n", calls);
	for (i = 0; i < 40; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("forty objects, %u calls\n", calls);
	for (i = 0; i < 40; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_shrink(cache);
	pr_info("all freed, %u calls\n", calls);
}

static int __init ctor_timing_init(void)
{
	timing("test_plain", 0);
	timing("test_checked", SLAB_CONSISTENCY_CHECKS);
	timing("test_debug", SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER);
	timing("test_rcu", SLAB_TYPESAFE_BY_RCU);
	return 0;
}
module_init(ctor_timing_init);
MODULE_DESCRIPTION("when the constructor runs");
MODULE_LICENSE("Dual MIT/GPL");
