// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * merge_nomerge - no merging at all by boot option
 *
 * With slab_nomerge even identical requests get caches of their own. At risk:
 * the option being read too late, or by its old name alone.
 *
 * cmdline: slab_nomerge
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init merge_nomerge_init(void)
{
	struct kmem_cache *a, *b, *c;

	a = kmem_cache_create("test_a", 5360, 0, 0, NULL);
	b = kmem_cache_create("test_b", 5360, 0, 0, NULL);
	c = kmem_cache_create("test_a", 5360, 0, 0, NULL);
	pr_info("merged: %d %d\n", a == b, a == c);
	kmem_cache_destroy(c);
	kmem_cache_destroy(a);
	pr_info("size of the remaining one: %u\n", kmem_cache_size(b));
	return 0;
}
module_init(merge_nomerge_init);
MODULE_DESCRIPTION("no merging at all by boot option");
MODULE_LICENSE("Dual MIT/GPL");
