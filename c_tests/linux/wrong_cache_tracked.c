// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * wrong_cache_tracked - freeing an object through another cache, with tracks
 *
 * Where allocations are recorded, the warning is followed by who allocated the
 * object. At risk: the place of the track after the warning.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_STORE_USER)

static int __init wrong_cache_tracked_init(void)
{
	struct kmem_cache *owner, *other;
	void *object;

	owner = kmem_cache_create("test_owner", 120, 0, FLAGS, NULL);
	other = kmem_cache_create("test_other", 120, 0, FLAGS, NULL);
	object = kmem_cache_alloc(owner, GFP_KERNEL);
	kmem_cache_free(other, object);
	pr_info("owner left with slabs: %d\n", kmem_cache_shrink(owner));
	return 0;
}
module_init(wrong_cache_tracked_init);
MODULE_DESCRIPTION("freeing an object through another cache, with tracks");
MODULE_LICENSE("Dual MIT/GPL");
