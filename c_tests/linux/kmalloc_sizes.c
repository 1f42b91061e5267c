// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmalloc_sizes - what ksize() says for every size
 *
 * At risk: a size in the wrong class, an order that is off by one.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init kmalloc_sizes_init(void)
{
	size_t size, before = 0, now;
	void *p;

	for (size = 1; size <= 8192; size++) {
		p = kmalloc(size, GFP_KERNEL);
		now = ksize(p);
		kfree(p);
		if (now != before)
			pr_info("from %zu: %zu\n", size, now);
		before = now;
	}
	for (size = 8193; size <= 4 << 20; size = size * 3 / 2) {
		p = kmalloc(size, GFP_KERNEL);
		pr_info("%zu: %zu\n", size, ksize(p));
		kfree(p);
	}
	pr_info("limits %lu %lu\n", (unsigned long)KMALLOC_MAX_CACHE_SIZE,
		(unsigned long)KMALLOC_MAX_SIZE);
	return 0;
}
module_init(kmalloc_sizes_init);
MODULE_DESCRIPTION("what ksize() says for every size");
MODULE_LICENSE("GPL");
