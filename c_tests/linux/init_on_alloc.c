// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * init_on_alloc - every object zeroed by boot option
 *
 * With init_on_alloc=1 plain allocations come zeroed, except from RCU and
 * poisoning caches, which are zeroed only when asked; a constructor's objects
 * are never zeroed, not even when asked. At risk: each exception.
 *
 * cmdline: init_on_alloc=1
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define SIZE 120

static void ctor(void *object)
{
	memset(object, 0x3c, SIZE);
}

static const char * __init looks(const unsigned char *object)
{
	if (!object)
		return "missing";
	if (!memchr_inv(object, 0, SIZE))
		return "zero";
	if (!memchr_inv(object, 0x3c, SIZE))
		return "constructed";
	if (!memchr_inv(object, 0xee, SIZE))
		return "as left";
	if (!memchr_inv(object, 0x6b, SIZE - 1) && object[SIZE - 1] == 0xa5)
		return "poison";
	return "mixed";
}

static void __init show(const char *name, slab_flags_t flags,
			void (*ctor)(void *))
{
	struct kmem_cache *cache;
	const char *plain, *zeroed;
	void *object;

	/* One object per cache at a time, so the second has been used. */
	cache = kmem_cache_create(name, SIZE, 0, flags | SLAB_NOLEAKTRACE |
				  SLAB_CONSISTENCY_CHECKS, ctor);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	if (!ctor)
		memset(object, 0xee, SIZE);
	kmem_cache_free(cache, object);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	plain = looks(object);
	if (!ctor)
		memset(object, 0xee, SIZE);
	kmem_cache_free(cache, object);
	object = kmem_cache_zalloc(cache, GFP_KERNEL);
	zeroed = looks(object);
	pr_info("%s: plain %s, zeroed %s\n", name, plain, zeroed);
	kmem_cache_free(cache, object);
	kmem_cache_shrink(cache);
}

static int __init init_on_alloc_init(void)
{
	show("test_plain", 0, NULL);
	show("test_redzone", SLAB_RED_ZONE, NULL);
	show("test_user", SLAB_STORE_USER, NULL);
	show("test_poison", SLAB_POISON, NULL);
	show("test_rcu", SLAB_TYPESAFE_BY_RCU, NULL);
	show("test_ctor", 0, ctor);
	show("test_ctor_poison", SLAB_POISON, ctor);
	return 0;
}
module_init(init_on_alloc_init);
MODULE_DESCRIPTION("every object zeroed by boot option");
MODULE_LICENSE("Dual MIT/GPL");
