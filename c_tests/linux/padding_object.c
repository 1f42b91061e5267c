// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * padding_object - writing to the padding of an object
 *
 * What lies between an object's metadata and the next slot is filled, shown,
 * checked and repaired. At risk: where it begins under each combination of
 * flags.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init padding_object_init(void)
{
	static const slab_flags_t flags[] = {
		SLAB_POISON | SLAB_RED_ZONE,
		SLAB_POISON | SLAB_RED_ZONE | SLAB_STORE_USER,
		SLAB_POISON,
		SLAB_POISON | SLAB_STORE_USER,
	};
	static const char *const names[] = { "test_zp", "test_zpu", "test_p",
					     "test_pu" };
	/* From the object: red zone, free pointer, tracks. */
	static const unsigned int metadata[] = { 56, 120, 56, 120 };
	struct kmem_cache *cache;
	unsigned char *object;
	unsigned int i;

	pr_info("hidden: Bytes b4\n");
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		cache = kmem_cache_create(names[i], 41, 32,
					  SLAB_CONSISTENCY_CHECKS | flags[i],
					  NULL);
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		object[metadata[i] + 1] = 0x12;
		object[metadata[i] + 6] = 0x12;
		kmem_cache_free(cache, object);
		kmem_cache_free(cache, object);
	}
	return 0;
}
module_init(padding_object_init);
MODULE_DESCRIPTION("writing to the padding of an object");
MODULE_LICENSE("Dual MIT/GPL");
