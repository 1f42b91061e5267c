// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * krealloc_zero - krealloc() with __GFP_ZERO
 *
 * Zeroes beyond the old size, in place and after a move, if every call asks
 * for them. At risk: what was there before a shrink.
 *
 * cmdline: init_on_alloc=0
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static void __init report(const char *what, const unsigned char *p, size_t size)
{
	size_t i, set = 0, last = 0;

	for (i = 0; i < size; i++) {
		if (p[i]) {
			set++;
			last = i;
		}
	}
	pr_info("%s: %zu bytes set, the last is %zu\n", what, set, last);
}

static int __init krealloc_zero_init(void)
{
	unsigned char *p = kzalloc(50, GFP_KERNEL);

	memset(p, 0xee, 50);
	report("50", p, 50);
	p = krealloc(p, 20, GFP_KERNEL | __GFP_ZERO);
	report("20", p, 20);
	p = krealloc(p, 64, GFP_KERNEL | __GFP_ZERO);
	report("64 in place", p, 64);
	p = krealloc(p, 500, GFP_KERNEL | __GFP_ZERO);
	report("500 moved", p, 500);
	memset(p, 0xee, 500);
	p = krealloc(p, 100, GFP_KERNEL | __GFP_ZERO);
	p = krealloc(p, 9000, GFP_KERNEL | __GFP_ZERO);
	report("9000 by pages", p, 9000);
	memset(p, 0xee, 9000);
	p = krealloc(p, 10, GFP_KERNEL | __GFP_ZERO);
	p = krealloc(p, 16384, GFP_KERNEL | __GFP_ZERO);
	report("16384 in place", p, 16384);
	kfree(p);
	return 0;
}
module_init(krealloc_zero_init);
MODULE_DESCRIPTION("krealloc() with __GFP_ZERO");
MODULE_LICENSE("GPL");
