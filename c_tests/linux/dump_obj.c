// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * dump_obj - where a pointer comes from
 *
 * mem_dump_obj() continues a line with what is known about a pointer. At risk:
 * the object that a pointer between two is counted to, the parts of the line,
 * and the stacks behind it.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

static void __init dump(const char *what, void *pointer)
{
	pr_info("%s:", what);
	mem_dump_obj(pointer);
}

static int __init dump_obj_init(void)
{
	struct kmem_cache *cache;
	char *object, *other;

	dump("NULL", NULL);
	dump("ZERO_SIZE_PTR", (void *)16);

	cache = kmem_cache_create("test_plain", 120, 0, SLAB_NO_MERGE, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	dump("plain", object);
	dump("seventh byte", object + 7);
	dump("last byte", object + 119);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);

	cache = kmem_cache_create("test_zones", 100, 32, SLAB_RED_ZONE |
				  SLAB_POISON, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	other = kmem_cache_alloc(cache, GFP_KERNEL);
	if (other > object)
		object = other;
	dump("red zones", object);
	dump("right red zone", object + 101);
	/* Not the first object of the slab: before it lies another. */
	dump("left red zone", object - 3);

	cache = kmem_cache_create("test_tracks", 100, 0, SLAB_STORE_USER, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	dump("allocated", object);
	kmem_cache_free(cache, object);
	dump("freed", object + 50);
	return 0;
}
module_init(dump_obj_init);
MODULE_DESCRIPTION("where a pointer comes from");
MODULE_LICENSE("Dual MIT/GPL");
