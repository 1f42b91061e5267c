// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * krealloc_cases - krealloc() in every case
 *
 * In place as long as the object suffices. At risk: a move that is not needed,
 * bytes lost in one that is.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static int __init krealloc_cases_init(void)
{
	static const size_t from[] = { 1, 8, 60, 96, 100, 192, 300, 8192, 9000 };
	static const size_t to[] = {
		1, 8, 9, 64, 96, 97, 128, 200, 8192, 8193, 16384, 20000,
	};
	unsigned char *p, *q;
	size_t i, j, n, lost;

	for (i = 0; i < ARRAY_SIZE(from); i++) {
		for (j = 0; j < ARRAY_SIZE(to); j++) {
			p = kmalloc(from[i], GFP_KERNEL);
			memset(p, 0x5b, from[i]);
			q = krealloc(p, to[j], GFP_KERNEL);
			for (lost = 0, n = 0; n < min(from[i], to[j]); n++)
				lost += q[n] != 0x5b;
			pr_info("%zu to %zu: %s, %zu, lost %zu\n", from[i],
				to[j], p == q ? "same" : "moved", ksize(q), lost);
			kfree(q);
		}
	}
	p = krealloc(NULL, 30, GFP_KERNEL);
	pr_info("NULL: %zu\n", ksize(p));
	q = krealloc(ZERO_SIZE_PTR, 30, GFP_KERNEL);
	pr_info("ZERO_SIZE_PTR: %zu\n", ksize(q));
	kfree(q);
	*p = 9;
	q = krealloc(p, KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN);
	pr_info("too much: %d, old %d\n", !!q, *p);
	pr_info("none: %d\n", krealloc(p, 0, GFP_KERNEL) == ZERO_SIZE_PTR);
	return 0;
}
module_init(krealloc_cases_init);
MODULE_DESCRIPTION("krealloc() in every case");
MODULE_LICENSE("GPL");
