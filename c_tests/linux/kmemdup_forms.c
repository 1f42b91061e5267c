// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmemdup_forms - copies of memory
 *
 * At risk: the size of the copy, and none at all.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static int __init kmemdup_forms_init(void)
{
	static const char bytes[300] = { 1, 2, [299] = 9 };
	char *p;

	p = kmemdup(bytes, 300, GFP_KERNEL);
	pr_info("%d %zu\n", memcmp(p, bytes, 300), ksize(p));
	kfree(p);
	p = kmemdup(bytes, 1, GFP_KERNEL);
	pr_info("%d %zu\n", *p, ksize(p));
	kfree(p);
	p = kmemdup_array(bytes, 50, 6, GFP_KERNEL);
	pr_info("%d %zu\n", memcmp(p, bytes, 300), ksize(p));
	kfree(p);
	p = kvmemdup(bytes, 300, GFP_KERNEL);
	pr_info("%d %zu\n", memcmp(p, bytes, 300), ksize(p));
	kvfree(p);
	pr_info("none: %d\n", kmemdup(bytes, 0, GFP_KERNEL) == ZERO_SIZE_PTR);
	return 0;
}
module_init(kmemdup_forms_init);
MODULE_DESCRIPTION("copies of memory");
MODULE_LICENSE("GPL");
