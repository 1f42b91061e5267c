// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * merge_refcount - destroying the handles of a merged cache
 *
 * Each creation that merged must be undone once; only the last destruction
 * removes the cache, and objects may live until then. The first creator's name
 * stays even if its handle goes first, and a gone cache is not merged with.
 * At risk: the count, the name, and a report for objects of a living cache.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init merge_refcount_init(void)
{
	struct kmem_cache *a, *b, *c, *d;
	void *object;

	a = kmem_cache_create("test_first", 5240, 0, 0, NULL);
	b = kmem_cache_create("test_second", 5240, 0, 0, NULL);
	c = kmem_cache_create("test_third", 5238, 0, 0, NULL);
	pr_info("one cache: %d %d\n", a == b, a == c);

	object = kmem_cache_alloc(b, GFP_KERNEL);
	kmem_cache_destroy(b);
	pr_info("second destroyed with an object alive\n");
	kmem_cache_destroy(a);
	pr_info("first destroyed\n");
	d = kmem_cache_create("test_fourth", 5240, 0, 0, NULL);
	pr_info("still merged with: %d\n", d == c);
	kmem_cache_destroy(d);

	/* The object survived all of it, and its cache can still serve. */
	kmem_cache_free(c, object);
	object = kmem_cache_alloc(c, GFP_KERNEL);
	pr_info("object: %d\n", !!object);
	kmem_cache_free(c, object);
	kmem_cache_destroy(c);
	pr_info("third destroyed\n");

	a = kmem_cache_create("test_fifth", 5240, 0, 0, NULL);
	pr_info("created anew: %d\n", !!a);
	b = kmem_cache_create("test_sixth", 5240, 0, 0, NULL);
	pr_info("one cache: %d\n", a == b);
	return 0;
}
module_init(merge_refcount_init);
MODULE_DESCRIPTION("destroying the handles of a merged cache");
MODULE_LICENSE("Dual MIT/GPL");
