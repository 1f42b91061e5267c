// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * vfree_wrong - vfree() of what is not vmalloc memory
 *
 * Reported, and left alone. At risk: the memory of others.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

static int __init vfree_wrong_init(void)
{
	unsigned char *p = vmalloc(3 * PAGE_SIZE), *k = kmalloc(100, GFP_KERNEL);

	*p = 1;
	*k = 2;
	pr_info("kmalloc memory, a page's start or not\n");
	vfree((void *)((unsigned long)k & PAGE_MASK));
	pr_info("inside\n");
	vfree(p + 8);
	pr_info("still there: %d %d\n", *p, *k);
	vfree(p);
	pr_info("twice\n");
	vfree(p);
	kfree(k);
	return 0;
}
module_init(vfree_wrong_init);
MODULE_DESCRIPTION("vfree() of what is not vmalloc memory");
MODULE_LICENSE("GPL");
