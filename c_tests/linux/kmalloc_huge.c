// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmalloc_huge - sizes that nobody can have
 *
 * NULL, with one warning in all, and none under __GFP_NOWARN. At risk: a size
 * that wraps round and becomes small.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init kmalloc_huge_init(void)
{
	static const size_t sizes[] = {
		(4 << 20) + 1, 16 << 20, SIZE_MAX / 2, SIZE_MAX - 4096,
		SIZE_MAX - 16, SIZE_MAX - 8, SIZE_MAX - 7, SIZE_MAX,
	};
	volatile size_t size;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		size = sizes[i];
		pr_info("%#zx: %d %d %d\n", sizes[i],
			!!kmalloc(size, GFP_KERNEL | __GFP_NOWARN),
			!!kzalloc(size, GFP_ATOMIC | __GFP_NOWARN),
			!!krealloc(NULL, size, GFP_KERNEL | __GFP_NOWARN));
	}
	size = SIZE_MAX;
	pr_info("warned\n");
	pr_info("%d\n", !!kmalloc(size, GFP_KERNEL));
	pr_info("not again\n");
	pr_info("%d\n", !!kmalloc(size, GFP_KERNEL));
	return 0;
}
module_init(kmalloc_huge_init);
MODULE_DESCRIPTION("sizes that nobody can have");
MODULE_LICENSE("GPL");
