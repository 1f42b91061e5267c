// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * zeroed_red_zone - how much of a kmalloc object is cleared, with red zones
 *
 * Nobody keeps the requested size, so the whole object is cleared, and memory
 * that grows later grows by zeroes. At risk: what the last user left.
 *
 * cmdline: slab_debug=Z init_on_alloc=0
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init zeroed_red_zone_init(void)
{
	unsigned char *left, *object;
	int i, shown = 0;

	for (i = 0; i < 100 && shown < 2; i++) {
		left = kmalloc(90, GFP_KERNEL);
		memset(left, 0xaa, 90);
		kfree(left);
		object = kmalloc(70, GFP_KERNEL | __GFP_ZERO);
		if (object == left) {
			pr_info("%*ph\n", 20, object + 66);
			object = krealloc(object, 150, GFP_KERNEL | __GFP_ZERO);
			pr_info("%*ph\n", 40, object + 66);
			shown++;
		}
		kfree(object);
	}
	return 0;
}
module_init(zeroed_red_zone_init);
MODULE_DESCRIPTION("how much of a kmalloc object is cleared");
MODULE_LICENSE("Dual MIT/GPL");
