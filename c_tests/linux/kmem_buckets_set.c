// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmem_buckets_set - a set of caches of its own
 *
 * At risk: names, sizes, and what falls outside the classes.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/mm.h>

static int __init kmem_buckets_set_init(void)
{
	static const size_t sizes[] = { 65, 130, 1000, 5000, 8192, 8193 };
	kmem_buckets *set;
	size_t i;
	void *p;

	set = kmem_buckets_create("test_set", 0, 0, INT_MAX, NULL);
	pr_info("%d\n", ZERO_OR_NULL_PTR(set));
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = kmem_buckets_alloc(set, sizes[i], GFP_KERNEL);
		pr_info("%zu: %zu\n", sizes[i], ksize(p));
		kfree(p);
	}
	p = kmem_buckets_alloc(set, 0, GFP_KERNEL);
	pr_info("%d\n", p == ZERO_SIZE_PTR);
	p = kmem_buckets_alloc(set, 100, GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	pr_info("%zu %d\n", ksize(p), *(char *)p);
	kfree(p);
	p = kmem_buckets_valloc(set, 5 << 20, GFP_KERNEL);
	pr_info("%d\n", is_vmalloc_addr(p));
	kvfree(p);
	return 0;
}
module_init(kmem_buckets_set_init);
MODULE_DESCRIPTION("a set of caches of its own");
MODULE_LICENSE("GPL");
