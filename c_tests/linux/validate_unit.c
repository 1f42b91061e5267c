// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * validate_unit - the cases of the kernel's slab unit test
 *
 * Each clobbers one thing and validates: a red zone, the first byte of a free
 * object, its fiftieth, a red zone of a free object. At risk: one report and
 * one repair each, no more.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

static int __init validate_unit_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_clobber", 64, 0, SLAB_RED_ZONE |
				  SLAB_NO_USER_FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	memset(object, 'x', 64);
	object[64] = 0x12;
	validate_slab_cache(cache);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);

	cache = kmem_cache_create("test_first", 64, 0, SLAB_POISON |
				  SLAB_NO_USER_FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	pr_info("hidden: Bytes b4\n");
	object[0] = 0x78;
	validate_slab_cache(cache);
	kmem_cache_destroy(cache);

	cache = kmem_cache_create("test_fiftieth", 64, 0, SLAB_POISON |
				  SLAB_NO_USER_FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	object[50] = 0x9a;
	validate_slab_cache(cache);
	kmem_cache_destroy(cache);

	cache = kmem_cache_create("test_zone_free", 64, 0, SLAB_RED_ZONE |
				  SLAB_NO_USER_FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	memset(object, 'x', 64);
	kmem_cache_free(cache, object);
	pr_info("hidden: Object 32-39\n");
	object[64] = 0xab;
	validate_slab_cache(cache);
	kmem_cache_destroy(cache);
	return 0;
}
module_init(validate_unit_init);
MODULE_DESCRIPTION("the cases of the kernel's slab unit test");
MODULE_LICENSE("Dual MIT/GPL");
