// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * zeroed_tracked - how much of a kmalloc object is cleared, with tracks
 *
 * The requested size is kept, and only that is cleared; what lies behind it is as
 * the last user left it. At risk: clearing what may be a red zone.
 *
 * cmdline: slab_debug=U init_on_alloc=0
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init zeroed_tracked_init(void)
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
			shown++;
		}
		kfree(object);
	}
	return 0;
}
module_init(zeroed_tracked_init);
MODULE_DESCRIPTION("how much of a kmalloc object is cleared");
MODULE_LICENSE("Dual MIT/GPL");
