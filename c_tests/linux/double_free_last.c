// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * double_free_last - freeing the last live object of a slab twice
 *
 * The slab has no object that could be freed, and that is said before anything
 * else, with or without checks. At risk: the counter, and the text.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init double_free_last_init(void)
{
	static const slab_flags_t flags[] = { SLAB_CONSISTENCY_CHECKS,
					      SLAB_POISON };
	struct kmem_cache *cache;
	void *object;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		cache = kmem_cache_create("test_last", 24, 0,
					  flags[i] | SLAB_NO_MERGE, NULL);
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		kmem_cache_free(cache, object);
		kmem_cache_free(cache, object);
		pr_info("left with slabs: %d\n", kmem_cache_shrink(cache));
	}
	return 0;
}
module_init(double_free_last_init);
MODULE_DESCRIPTION("freeing the last live object of a slab twice");
MODULE_LICENSE("Dual MIT/GPL");
