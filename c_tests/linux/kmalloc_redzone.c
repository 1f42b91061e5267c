// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmalloc_redzone - writing past the requested size of a kmalloc object
 *
 * In a cache with tracks the rest of a kmalloc object is red zone; who asks
 * for its size may use it all. At risk: the range, and what is cleared.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

#define FLAGS (SLAB_KMALLOC | SLAB_CONSISTENCY_CHECKS | \
	       SLAB_RED_ZONE | SLAB_STORE_USER)

static int __init kmalloc_redzone_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_kmalloc", 32, 0, FLAGS, NULL);
	object = __kmalloc_cache_noprof(cache, GFP_KERNEL, 18);
	memset(object, 'x', 18);
	pr_info("fresh %*ph\n", 34, object - 1);
	object[18] = 0xab;
	object[19] = 0xab;
	validate_slab_cache(cache);
	kmem_cache_free(cache, object);

	object = __kmalloc_cache_noprof(cache, GFP_KERNEL | __GFP_ZERO, 18);
	pr_info("zeroed %*ph\n", 34, object - 1);
	object[31] = 0xab;
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);

	object = __kmalloc_cache_noprof(cache, GFP_KERNEL, 18);
	pr_info("size %zu\n", ksize(object));
	object[31] = 0xab;
	kmem_cache_free(cache, object);

	object = kmem_cache_alloc(cache, GFP_KERNEL);
	memset(object, 'x', 32);
	object[32] = 0xab;
	kmem_cache_free(cache, object);
	return 0;
}
module_init(kmalloc_redzone_init);
MODULE_DESCRIPTION("writing past the requested size of a kmalloc object");
MODULE_LICENSE("Dual MIT/GPL");
