// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * slabinfo_counts - the object and slab counts of slabinfo
 *
 * Slabs of a debug cache hold exactly the objects in use, so active and total
 * counts are exact; the others are shrunk before they are looked at. At risk:
 * full slabs missing from the totals, and the two counts mixed up.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void __init hold(const char *name, unsigned int size,
			unsigned int count, slab_flags_t flags)
{
	struct kmem_cache *cache;
	unsigned int i;

	cache = kmem_cache_create(name, size, 0, flags | SLAB_NOLEAKTRACE, NULL);
	for (i = 0; i < count; i++)
		if (!kmem_cache_alloc(cache, GFP_KERNEL))
			pr_info("%s: no object\n", name);
	if (!(flags & SLAB_CONSISTENCY_CHECKS))
		kmem_cache_shrink(cache);
}

static int __init slabinfo_counts_init(void)
{
	hold("test_none", 128, 0, 0);
	hold("test_one", 128, 1, 0);
	hold("test_full", 128, 32, 0);
	hold("test_full_and_one", 128, 33, 0);
	hold("test_many", 128, 1000, 0);
	hold("test_debug_one", 128, 1, SLAB_CONSISTENCY_CHECKS);
	hold("test_debug_full", 128, 32, SLAB_CONSISTENCY_CHECKS);
	hold("test_debug_full_and_one", 128, 33, SLAB_CONSISTENCY_CHECKS);
	hold("test_user_full", 128, 64, SLAB_CONSISTENCY_CHECKS | SLAB_STORE_USER);
	hold("test_user_many", 128, 1000, SLAB_CONSISTENCY_CHECKS | SLAB_STORE_USER);
	hold("test_large", 300000, 5, SLAB_CONSISTENCY_CHECKS);
	return 0;
}
module_init(slabinfo_counts_init);
MODULE_DESCRIPTION("the object and slab counts of slabinfo");
MODULE_LICENSE("Dual MIT/GPL");
