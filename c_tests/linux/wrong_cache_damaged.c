// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * wrong_cache_damaged - freeing a damaged object through another cache
 *
 * The warning comes first; then the object's own cache checks it and refuses
 * it. At risk: the checks of the cache that was named.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init wrong_cache_damaged_init(void)
{
	struct kmem_cache *owner, *other;
	unsigned char *object;

	owner = kmem_cache_create("test_owner", 40, 0, FLAGS, NULL);
	other = kmem_cache_create("test_other", 72, 0, FLAGS, NULL);
	object = kmem_cache_alloc(owner, GFP_KERNEL);
	object[40] = 0x12;
	kmem_cache_free(other, object);
	kmem_cache_free(owner, object);
	pr_info("left with slabs: %d\n", kmem_cache_shrink(owner));
	return 0;
}
module_init(wrong_cache_damaged_init);
MODULE_DESCRIPTION("freeing a damaged object through another cache");
MODULE_LICENSE("Dual MIT/GPL");
