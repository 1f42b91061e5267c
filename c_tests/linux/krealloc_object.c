// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * krealloc_object - krealloc() of an object of a cache
 *
 * At risk: the bytes between the object's size and the next object.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init krealloc_object_init(void)
{
	static const size_t sizes[] = { 20, 60, 61, 64, 65, 200 };
	struct kmem_cache *c;
	char *p, *q;
	size_t i;

	c = kmem_cache_create("test_object", 60, 0, SLAB_NOLEAKTRACE, NULL);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = kmem_cache_alloc(c, GFP_KERNEL);
		p[59] = 7;
		q = krealloc(p, sizes[i], GFP_KERNEL);
		pr_info("%zu: %s, %zu, %d\n", sizes[i],
			p == q ? "same" : "moved", ksize(q),
			sizes[i] > 59 ? q[59] : 7);
		kfree(q);
	}
	pr_info("slabs left: %d\n", kmem_cache_shrink(c));
	kmem_cache_destroy(c);
	return 0;
}
module_init(krealloc_object_init);
MODULE_DESCRIPTION("krealloc() of an object of a cache");
MODULE_LICENSE("GPL");
