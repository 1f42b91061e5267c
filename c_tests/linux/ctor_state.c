// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * ctor_state - a constructed object keeps its bytes while it is free
 *
 * What the constructor wrote, and what the owner left, is still there at the
 * next allocation: neither the free list nor poisoning touches it. At risk:
 * the free pointer or a poison pattern inside the object.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define SIZE 96
#define COUNT 64

static void ctor(void *object)
{
	memset(object, 0x3c, SIZE);
}

static void __init state(const char *name, slab_flags_t flags)
{
	static unsigned char *objects[COUNT];
	struct kmem_cache *cache;
	unsigned int i, fresh = 0, kept = 0, other = 0;

	cache = kmem_cache_create(name, SIZE, 0, flags, ctor);
	for (i = 0; i < COUNT; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		if (!memchr_inv(objects[i], 0x3c, SIZE))
			fresh++;
		/* The owner returns it changed, against the rules. */
		memset(objects[i], 0x55, SIZE);
	}
	for (i = 0; i < COUNT; i++)
		kmem_cache_free(cache, objects[i]);
	pr_info("%s: %u fresh objects as constructed\n", name, fresh);

	fresh = 0;
	for (i = 0; i < COUNT; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		if (!memchr_inv(objects[i], 0x55, SIZE))
			kept++;
		else if (!memchr_inv(objects[i], 0x3c, SIZE))
			fresh++;
		else
			other++;
	}
	pr_info("%s: again, all found whole: %d, some kept: %d\n", name,
		kept + fresh == COUNT && !other, kept > 0);
	for (i = 0; i < COUNT; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_shrink(cache);
}

static int __init ctor_state_init(void)
{
	state("test_plain", 0);
	state("test_poison", SLAB_POISON);
	state("test_redzone", SLAB_RED_ZONE);
	state("test_rcu", SLAB_TYPESAFE_BY_RCU);
	state("test_all", SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE |
	      SLAB_POISON | SLAB_STORE_USER);
	return 0;
}
module_init(ctor_state_init);
MODULE_DESCRIPTION("a constructed object keeps its bytes while it is free");
MODULE_LICENSE("Dual MIT/GPL");
