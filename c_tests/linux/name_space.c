// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * name_space - a name with a space in it
 *
 * The creation continues, though the name makes slabinfo ambiguous. At risk:
 * refusing it. (A kernel built with CONFIG_DEBUG_VM also warns; the recorded
 * one is not.)
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init name_space_init(void)
{
	struct kmem_cache *cache;

	cache = kmem_cache_create("test a space", 200, 0, SLAB_NOLEAKTRACE, NULL);
	pr_info("unmergeable: %s\n", cache ? "created" : "refused");
	cache = kmem_cache_create("test a merging space", 5496, 0, 0, NULL);
	pr_info("mergeable: %s\n", cache ? "created" : "refused");
	return 0;
}
module_init(name_space_init);
MODULE_DESCRIPTION("a name with a space in it");
MODULE_LICENSE("Dual MIT/GPL");
