// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * redzone_odd - red zones of objects of odd sizes
 *
 * The right red zone reaches from the last byte of the object to the next
 * multiple of eight, and is eight bytes where that is none. At risk: its
 * length, and the rows that are not full.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init redzone_odd_init(void)
{
	static const unsigned int sizes[] = { 1, 7, 8, 9, 61 };
	struct kmem_cache *cache;
	unsigned char *object;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		cache = kmem_cache_create("test_odd", sizes[i], 0, FLAGS, NULL);
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		object[sizes[i]] = 0x12;
		kmem_cache_free(cache, object);
		kmem_cache_free(cache, object);
		kmem_cache_destroy(cache);
	}
	return 0;
}
module_init(redzone_odd_init);
MODULE_DESCRIPTION("red zones of objects of odd sizes");
MODULE_LICENSE("Dual MIT/GPL");
