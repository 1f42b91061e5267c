// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * validate_plain - validating a cache without debug flags
 *
 * There is nothing to check; slabs that are partly used are counted. At risk:
 * anything else.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

static int __init validate_plain_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_plain", 64, 0, SLAB_NO_MERGE, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	memset(object, 'x', 64);
	pr_info("looked at: %ld\n", validate_slab_cache(cache));
	kmem_cache_free(cache, object);
	memset(object, 'x', 24);
	pr_info("looked at: %ld\n", validate_slab_cache(cache));
	return 0;
}
module_init(validate_plain_init);
MODULE_DESCRIPTION("validating a cache without debug flags");
MODULE_LICENSE("Dual MIT/GPL");
