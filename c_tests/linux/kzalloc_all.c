// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kzalloc_all - all of an object is zero
 *
 * Also what lies beyond the size, and also in an object that was used. At
 * risk: stale bytes.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static int __init kzalloc_all_init(void)
{
	static const size_t sizes[] = {
		1, 7, 8, 20, 60, 65, 100, 150, 200, 500, 1000, 3000, 5000,
		9000, 40000, 200000,
	};
	unsigned char *p;
	size_t i, j, set;
	int round;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		set = 0;
		for (round = 0; round < 4; round++) {
			p = kzalloc(sizes[i], GFP_KERNEL);
			for (j = 0; j < ksize(p); j++)
				set += p[j] != 0;
			memset(p, 0xff, sizes[i]);
			kfree(p);
		}
		pr_info("%zu: %zu\n", sizes[i], set);
	}
	return 0;
}
module_init(kzalloc_all_init);
MODULE_DESCRIPTION("all of an object is zero");
MODULE_LICENSE("GPL");
