// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * wrong_cache_unchecked - the same in caches without checks
 *
 * The recorded kernel hardens its free lists, which includes this check even
 * where no debug flag is set. At risk: a silent free into the wrong cache.
 *
 * cmdline: kmem.harden=1
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init wrong_cache_unchecked_init(void)
{
	struct kmem_cache *owner, *other;
	void *object, *second;

	owner = kmem_cache_create("test_owner", 120, 0, SLAB_NOLEAKTRACE, NULL);
	other = kmem_cache_create("test_other", 128, 0, SLAB_NOLEAKTRACE, NULL);
	object = kmem_cache_alloc(owner, GFP_KERNEL);
	second = kmem_cache_alloc(owner, GFP_KERNEL);
	kmem_cache_free(other, object);
	pr_info("owner left with slabs: %d\n", kmem_cache_shrink(owner));
	pr_info("again\n");
	kmem_cache_free(other, second);
	pr_info("owner left with slabs: %d\n", kmem_cache_shrink(owner));
	pr_info("other left with slabs: %d\n", kmem_cache_shrink(other));
	return 0;
}
module_init(wrong_cache_unchecked_init);
MODULE_DESCRIPTION("the same in caches without checks");
MODULE_LICENSE("Dual MIT/GPL");
