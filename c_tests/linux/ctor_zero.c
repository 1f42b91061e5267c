// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * ctor_zero - asking a constructor's cache for zeroed objects
 *
 * A contradiction Linux complains about once, and only when it has to make a
 * slab; the object is zeroed all the same. At risk: zeroing silently left out,
 * a warning each time, or a warning for an object that was at hand.
 *
 * cmdline: init_on_alloc=0
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static void ctor(void *object)
{
	memset(object, 0x3c, 64);
}

static const char * __init looks(const unsigned char *object)
{
	if (!object)
		return "missing";
	if (!memchr_inv(object, 0, 64))
		return "zero";
	if (!memchr_inv(object, 0x3c, 64))
		return "constructed";
	return "mixed";
}

static int __init ctor_zero_init(void)
{
	struct kmem_cache *first, *second;
	void *a, *b;

	first = kmem_cache_create("test_first", 64, 0, SLAB_CONSISTENCY_CHECKS,
				  ctor);
	a = kmem_cache_alloc(first, GFP_KERNEL);
	pr_info("plain: %s\n", looks(a));
	pr_info("zeroed, from the slab at hand\n");
	b = kmem_cache_zalloc(first, GFP_KERNEL);
	pr_info("%s\n", looks(b));
	kmem_cache_free(first, b);
	kmem_cache_free(first, a);
	kmem_cache_shrink(first);

	pr_info("zeroed, from a new slab\n");
	a = kmem_cache_zalloc(first, GFP_KERNEL);
	pr_info("%s\n", looks(a));
	second = kmem_cache_create("test_second", 64, 0, 0, ctor);
	pr_info("zeroed, from a new slab of another cache\n");
	b = kmem_cache_alloc(second, GFP_KERNEL | __GFP_ZERO);
	pr_info("%s\n", looks(b));
	kmem_cache_free(first, a);
	kmem_cache_free(second, b);
	kmem_cache_shrink(first);
	kmem_cache_shrink(second);
	return 0;
}
module_init(ctor_zero_init);
MODULE_DESCRIPTION("asking a constructor's cache for zeroed objects");
MODULE_LICENSE("Dual MIT/GPL");
