// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * destroy_tracks - objects left in a cache with tracks
 *
 * Where allocations are recorded, each object left is followed by who
 * allocated it. At risk: the place of the track lines between the objects.
 *
 * kernels: 6.12 6.1
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init destroy_tracks_init(void)
{
	struct kmem_cache *cache;
	void *object;

	cache = kmem_cache_create("test_two", 120, 0, SLAB_STORE_USER, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("two objects: %d\n", !!object);
	kmem_cache_destroy(cache);

	cache = kmem_cache_create("test_reused", 120, 0, SLAB_STORE_USER, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("one used before: %d\n", !!object);
	kmem_cache_destroy(cache);
	return 0;
}
module_init(destroy_tracks_init);
MODULE_DESCRIPTION("objects left in a cache with tracks");
MODULE_LICENSE("Dual MIT/GPL");
