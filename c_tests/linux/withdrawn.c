// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * withdrawn - objects of a slab that was taken out of use
 *
 * They are not taken back: each free says so. Destroying the cache warns, and
 * lists nothing. At risk: objects handed out from the slab again.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_POISON)

static int __init withdrawn_init(void)
{
	struct kmem_cache *cache;
	unsigned char *live, *object, *other;

	pr_info("hidden: Bytes b4\n");
	cache = kmem_cache_create("test_withdrawn", 24, 0, FLAGS, NULL);
	live = kmem_cache_alloc(cache, GFP_KERNEL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	object[7] = 0x12;
	other = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, live);
	kmem_cache_free(cache, other);
	pr_info("left with slabs: %d\n", kmem_cache_shrink(cache));
	pr_info("looked at: %ld\n", validate_slab_cache(cache));
	kmem_cache_destroy(cache);
	return 0;
}
module_init(withdrawn_init);
MODULE_DESCRIPTION("objects of a slab that was taken out of use");
MODULE_LICENSE("Dual MIT/GPL");
