// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * init_on_free - pages that change caches are clear
 *
 * With init_on_free=1 nothing of a freed object is left, not even of one whose
 * cache must keep its bytes until its slab is given up. At risk: what a
 * poisoned or constructed cache leaves in a page showing up in the next cache.
 *
 * cmdline: init_on_free=1 init_on_alloc=0
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define OBJECTS 600

static void *objects[OBJECTS];

static void fill(void *object)
{
	memset(object, 0x33, 4096);
}

static void __init from(const char *name, slab_flags_t flags,
			void (*ctor)(void *))
{
	struct kmem_cache *left, *next;
	unsigned int i, dirty = 0;

	left = kmem_cache_create(name, 4096, 0, flags, ctor);
	for (i = 0; i < OBJECTS; i++) {
		objects[i] = kmem_cache_alloc(left, GFP_KERNEL);
		memset(objects[i], 0x44, 4096);
	}
	for (i = 0; i < OBJECTS; i++)
		kmem_cache_free(left, objects[i]);
	kmem_cache_shrink(left);
	next = kmem_cache_create("test_next", 256, 0, SLAB_NOLEAKTRACE, NULL);
	for (i = 0; i < OBJECTS; i++) {
		objects[i] = kmem_cache_alloc(next, GFP_KERNEL);
		if (memchr_inv(objects[i], 0, 256))
			dirty++;
	}
	pr_info("after %s: %u objects not clear\n", name, dirty);
	for (i = 0; i < OBJECTS; i++)
		kmem_cache_free(next, objects[i]);
	kmem_cache_destroy(next);
	kmem_cache_destroy(left);
}

static int __init init_on_free_init(void)
{
	from("test_plain", SLAB_NOLEAKTRACE, NULL);
	from("test_poison", SLAB_POISON, NULL);
	from("test_ctor", SLAB_NOLEAKTRACE, fill);
	from("test_rcu", SLAB_TYPESAFE_BY_RCU, NULL);
	return 0;
}
module_init(init_on_free_init);
MODULE_DESCRIPTION("pages that change caches are clear");
MODULE_LICENSE("Dual MIT/GPL");
