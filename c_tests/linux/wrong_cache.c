// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * wrong_cache - freeing an object through another cache
 *
 * Reported, and the object goes back to the cache it came from, so both caches
 * shrink to nothing. At risk: the object landing in the wrong cache.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void __init wrong(const char *owner_name, const char *other_name,
			 slab_flags_t owner_flags, slab_flags_t other_flags)
{
	struct kmem_cache *owner, *other;
	void *object, *kept;

	owner = kmem_cache_create(owner_name, 120, 0,
				  owner_flags | SLAB_NOLEAKTRACE, NULL);
	other = kmem_cache_create(other_name, 120, 0,
				  other_flags | SLAB_NOLEAKTRACE, NULL);
	object = kmem_cache_alloc(owner, GFP_KERNEL);
	kept = kmem_cache_alloc(other, GFP_KERNEL);
	pr_info("%s through %s\n", owner_name, other_name);
	kmem_cache_free(other, object);
	pr_info("owner left with slabs: %d\n", kmem_cache_shrink(owner));
	kmem_cache_free(other, kept);
	pr_info("other left with slabs: %d\n", kmem_cache_shrink(other));
}

static int __init wrong_cache_init(void)
{
	wrong("test_owner", "test_checked", 0, SLAB_CONSISTENCY_CHECKS);
	wrong("test_owner_checked", "test_both_checked",
	      SLAB_CONSISTENCY_CHECKS, SLAB_CONSISTENCY_CHECKS);
	return 0;
}
module_init(wrong_cache_init);
MODULE_DESCRIPTION("freeing an object through another cache");
MODULE_LICENSE("Dual MIT/GPL");
