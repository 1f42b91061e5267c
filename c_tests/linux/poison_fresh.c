// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * poison_fresh - what an object of a poisoning cache reads
 *
 * Poison (6b up to the last byte, then a5) at every allocation, not only the
 * first, unless zeroed; an RCU or a constructor's cache is not poisoned. The
 * padding behind an odd size is 5a. At risk: the last byte, the padding, and
 * poison only at the first allocation.
 *
 * cmdline: init_on_alloc=0
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static void ctor(void *object)
{
	memset(object, 0x3c, 13);
}

static void __init show(const char *name, unsigned int size,
			slab_flags_t flags, void (*ctor)(void *), gfp_t gfp)
{
	const unsigned int shown = (size + 7) & ~7u;
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create(name, size, 0, flags | SLAB_NOLEAKTRACE, ctor);
	object = kmem_cache_alloc(cache, gfp);
	pr_info("%s: fresh %*ph\n", name, shown, object);
	memset(object, 0x11, size);
	kmem_cache_free(cache, object);
	object = kmem_cache_alloc(cache, gfp);
	pr_info("%s: used  %*ph\n", name, shown, object);
	kmem_cache_free(cache, object);
	kmem_cache_shrink(cache);
}

static int __init poison_fresh_init(void)
{
	const slab_flags_t checks = SLAB_POISON | SLAB_CONSISTENCY_CHECKS;

	show("test_13", 13, checks, NULL, GFP_KERNEL);
	show("test_16", 16, checks, NULL, GFP_KERNEL);
	show("test_1", 1, SLAB_POISON, NULL, GFP_KERNEL);
	show("test_64", 64, SLAB_POISON, NULL, GFP_KERNEL);
	show("test_zeroed", 13, checks, NULL, GFP_KERNEL | __GFP_ZERO);
	show("test_redzone", 13, checks | SLAB_RED_ZONE, NULL, GFP_KERNEL);
	show("test_ctor", 13, checks, ctor, GFP_KERNEL);
	return 0;
}
module_init(poison_fresh_init);
MODULE_DESCRIPTION("what an object of a poisoning cache reads");
MODULE_LICENSE("Dual MIT/GPL");
