// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * merge_usercopy - a usercopy window keeps a cache to itself
 *
 * With a window the cache neither merges nor is merged with; a window that was
 * dropped because it does not fit no longer counts. At risk: the window being
 * ignored, or looked at before it is validated.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init merge_usercopy_init(void)
{
	struct kmem_cache *a, *b, *c, *d;

	a = kmem_cache_create_usercopy("test_window", 5352, 0, 0, 8, 16, NULL);
	b = kmem_cache_create("test_plain", 5352, 0, 0, NULL);
	c = kmem_cache_create_usercopy("test_window_too", 5352, 0, 0, 8, 16, NULL);
	d = kmem_cache_create_usercopy("test_no_window", 5352, 0, 0, 0, 0, NULL);
	pr_info("window and plain: %d\n", a == b);
	pr_info("two windows: %d\n", a == c);
	pr_info("empty window and plain: %d\n", b == d);
	return 0;
}
module_init(merge_usercopy_init);
MODULE_DESCRIPTION("a usercopy window keeps a cache to itself");
MODULE_LICENSE("Dual MIT/GPL");
