// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kfree_sensitive_all - kfree_sensitive() clears all of an object
 *
 * At risk: the bytes beyond the requested size.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static int __init kfree_sensitive_all_init(void)
{
	static const size_t sizes[] = { 40, 100, 1000, 5000 };
	volatile unsigned char *p;
	unsigned char *keep;
	size_t i, j, n, left;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		keep = kmalloc(sizes[i], GFP_KERNEL);
		p = kmalloc(sizes[i], GFP_KERNEL);
		n = ksize((void *)p);
		/* Not memset(), which in a kernel knows the size as well. */
		for (j = 0; j < n; j++)
			p[j] = 0x77;
		kfree_sensitive((void *)p);
		for (left = 0, j = 0; j < n; j++)
			left += p[j] == 0x77;
		/* One word may be the allocator's by now. */
		pr_info("%zu: %d left\n", sizes[i], left > 8);
		kfree(keep);
	}
	return 0;
}
module_init(kfree_sensitive_all_init);
MODULE_DESCRIPTION("kfree_sensitive() clears all of an object");
MODULE_LICENSE("GPL");
