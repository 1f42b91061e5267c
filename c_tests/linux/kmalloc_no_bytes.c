// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmalloc_no_bytes - no bytes, from each function
 *
 * All give ZERO_SIZE_PTR, which every function takes back. At risk: NULL, or
 * memory.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static void __init report(const char *what, void *p)
{
	pr_info("%s: %s\n", what, p == ZERO_SIZE_PTR ? "ZERO_SIZE_PTR" :
		p ? "memory" : "NULL");
	if (!ZERO_OR_NULL_PTR(p))
		kfree(p);
}

static int __init kmalloc_no_bytes_init(void)
{
	const char *text = "text";

	report("kmalloc", kmalloc(0, GFP_KERNEL));
	report("kzalloc", kzalloc(0, GFP_KERNEL));
	report("kmalloc_node", kmalloc_node(0, GFP_KERNEL, 0));
	report("kmalloc_array", kmalloc_array(0, 8, GFP_KERNEL));
	report("kcalloc", kcalloc(8, 0, GFP_KERNEL));
	report("krealloc", krealloc(NULL, 0, GFP_KERNEL));
	report("krealloc of some", krealloc(kmalloc(8, GFP_KERNEL), 0, GFP_KERNEL));
	report("kvmalloc", kvmalloc(0, GFP_KERNEL));
	report("kmemdup", kmemdup(text, 0, GFP_KERNEL));
	pr_info("ksize %zu %zu\n", ksize(ZERO_SIZE_PTR), ksize(NULL));
	kfree(ZERO_SIZE_PTR);
	kfree(NULL);
	kvfree(ZERO_SIZE_PTR);
	kvfree(NULL);
	kfree_sensitive(ZERO_SIZE_PTR);
	kfree_sensitive(NULL);
	return 0;
}
module_init(kmalloc_no_bytes_init);
MODULE_DESCRIPTION("no bytes, from each function");
MODULE_LICENSE("GPL");
