// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * merge_zero - zeroing after a merge has raised the size
 *
 * A zeroing allocation clears the object size as it is now: after a larger
 * request has merged, an allocation through the older handle clears the larger
 * size. At risk: clearing the size of the caller's own request.
 *
 * cmdline: init_on_alloc=0
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static int __init merge_zero_init(void)
{
	struct kmem_cache *small, *large;
	unsigned char *objects[24];
	unsigned int i, dirty = 0, short_dirty = 0;

	small = kmem_cache_create("test_small", 5369, 0, 0, NULL);
	pr_info("size %u\n", kmem_cache_size(small));
	large = kmem_cache_create("test_large", 5375, 0, 0, NULL);
	pr_info("merged %d, size %u\n", small == large, kmem_cache_size(small));

	/* Dirty every byte up to the stride of a good many objects. */
	for (i = 0; i < ARRAY_SIZE(objects); i++) {
		objects[i] = kmem_cache_alloc(small, GFP_KERNEL);
		memset(objects[i], 0xee, 5376);
	}
	for (i = 0; i < ARRAY_SIZE(objects); i++)
		kmem_cache_free(small, objects[i]);
	for (i = 0; i < ARRAY_SIZE(objects); i++) {
		objects[i] = kmem_cache_zalloc(small, GFP_KERNEL);
		if (memchr_inv(objects[i], 0, 5369))
			short_dirty++;
		if (memchr_inv(objects[i], 0, 5375))
			dirty++;
	}
	pr_info("not zero over the small size: %u\n", short_dirty);
	pr_info("not zero over the raised size: %u\n", dirty);
	for (i = 0; i < ARRAY_SIZE(objects); i++)
		kmem_cache_free(small, objects[i]);
	kmem_cache_shrink(small);
	return 0;
}
module_init(merge_zero_init);
MODULE_DESCRIPTION("zeroing after a merge has raised the size");
MODULE_LICENSE("Dual MIT/GPL");
