// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kstrdup_forms - copies of strings
 *
 * At risk: a missing NUL, a length that counts it.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static void __init show(char *p)
{
	pr_info("'%s' %zu\n", p ? p : "NULL", ksize(p));
	kfree(p);
}

static int __init kstrdup_forms_init(void)
{
	char text[] = "some text";
	char *copy;

	show(kstrdup(text, GFP_KERNEL));
	show(kstrdup("", GFP_KERNEL));
	show(kstrdup(NULL, GFP_KERNEL));
	show(kstrndup(text, 4, GFP_KERNEL));
	show(kstrndup(text, 400, GFP_KERNEL));
	show(kstrndup(text, 0, GFP_KERNEL));
	show(kstrndup(NULL, 4, GFP_KERNEL));
	show(kmemdup_nul(text, 6, GFP_KERNEL));
	show(kmemdup_nul(text, 0, GFP_KERNEL));
	show(kmemdup_nul(NULL, 3, GFP_KERNEL));
	copy = (char *)kstrdup_const(text, GFP_KERNEL);
	pr_info("const: %d '%s'\n", copy == text, copy);
	kfree_const(copy);
	kfree_const(NULL);
	return 0;
}
module_init(kstrdup_forms_init);
MODULE_DESCRIPTION("copies of strings");
MODULE_LICENSE("GPL");
