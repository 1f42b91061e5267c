// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * merge_ctor - a constructor keeps a cache to itself
 *
 * Neither a request with a constructor nor one without may merge with a cache
 * that has one, not even with the same constructor. At risk: handing objects
 * of a plain cache to a caller who expects them constructed.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void ctor(void *object)
{
	*(unsigned int *)object = 0x11223344;
}

static int __init merge_ctor_init(void)
{
	struct kmem_cache *a, *b, *c, *d;

	a = kmem_cache_create("test_ctor", 5320, 0, 0, ctor);
	b = kmem_cache_create("test_plain", 5320, 0, 0, NULL);
	c = kmem_cache_create("test_ctor_too", 5320, 0, 0, ctor);
	d = kmem_cache_create("test_plain_wider", 5328, 0, 0, NULL);
	pr_info("constructed and plain: %d\n", a == b);
	pr_info("both constructed: %d\n", a == c);
	pr_info("plain of the constructed cache's stride: %d\n", a == d);
	pr_info("the two plain ones: %d\n", b == d);
	return 0;
}
module_init(merge_ctor_init);
MODULE_DESCRIPTION("a constructor keeps a cache to itself");
MODULE_LICENSE("Dual MIT/GPL");
