// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmalloc_array_forms - arrays: products that fit, and that do not
 *
 * Overflow is NULL without a word. At risk: a product in 32 bits.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init kmalloc_array_forms_init(void)
{
	volatile size_t huge = SIZE_MAX, big = 1UL << 40;
	unsigned char *p;
	void *q;
	size_t i, sum = 0;

	p = kmalloc_array(10, 10, GFP_KERNEL);
	pr_info("10x10: %zu\n", ksize(p));
	kfree(p);
	p = kcalloc(33, 100, GFP_KERNEL);
	for (i = 0; i < 3300; i++)
		sum += p[i];
	pr_info("33x100: %zu, sum %zu\n", ksize(p), sum);
	kfree(p);
	pr_info("%d %d %d\n", !!kmalloc_array(huge, 2, GFP_KERNEL),
		!!kcalloc(big, big, GFP_KERNEL),
		!!kmalloc_array_node(2, huge, GFP_KERNEL, 0));
	p = kmalloc(8, GFP_KERNEL);
	*p = 7;
	q = krealloc_array(p, huge, 8, GFP_KERNEL);
	pr_info("%d, old %d\n", !!q, *p);
	p = krealloc_array(p, 20, 20, GFP_KERNEL);
	pr_info("20x20: %zu, old %d\n", ksize(p), *p);
	kfree(p);
	return 0;
}
module_init(kmalloc_array_forms_init);
MODULE_DESCRIPTION("arrays: products that fit, and that do not");
MODULE_LICENSE("GPL");
