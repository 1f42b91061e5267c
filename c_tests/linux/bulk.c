// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * bulk - allocating and freeing many objects at once
 *
 * All or nothing: the count asked for comes back, the objects are distinct and
 * aligned, and none for a count of zero. Freeing in bulk may take objects of
 * several slabs in any order. At risk: the zero case, a count cut at the end of
 * a slab, and objects handed out twice.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define MOST 300

static void *objects[MOST];

static void __init bulk(struct kmem_cache *cache, unsigned int align,
			unsigned int count)
{
	unsigned int i, j, same = 0, missing = 0, misaligned = 0;
	int got;

	for (i = 0; i < MOST; i++)
		objects[i] = NULL;
	got = kmem_cache_alloc_bulk(cache, GFP_KERNEL, count, objects);
	for (i = 0; i < count; i++) {
		if (!objects[i])
			missing++;
		if ((unsigned long)objects[i] % align)
			misaligned++;
		for (j = 0; j < i; j++)
			if (objects[i] == objects[j])
				same++;
	}
	pr_info("%u: got %d, missing %u, misaligned %u, equal pairs %u\n",
		count, got, missing, misaligned, same);
	if (count < MOST)
		pr_info("%u: next element untouched %d\n", count,
			!objects[count]);

	/* Interleave the slabs before freeing. */
	for (i = 0; i + 7 < count; i += 8)
		swap(objects[i], objects[count - 1 - i / 2]);
	kmem_cache_free_bulk(cache, count, objects);
}

static void __init bulks(const char *name, unsigned int align,
			 slab_flags_t flags)
{
	struct kmem_cache *cache;

	cache = kmem_cache_create(name, 152, align, flags | SLAB_NOLEAKTRACE,
				  NULL);
	pr_info("%s\n", name);
	bulk(cache, align, 0);
	bulk(cache, align, 1);
	bulk(cache, align, 16);
	bulk(cache, align, 100);
	bulk(cache, align, MOST);
	pr_info("shrink %d\n", kmem_cache_shrink(cache));
}

static int __init bulk_init(void)
{
	bulks("test_plain", 8, 0);
	bulks("test_aligned", 64, 0);
	bulks("test_checked", 8, SLAB_CONSISTENCY_CHECKS);
	bulks("test_debug", 8, SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE |
	      SLAB_POISON | SLAB_STORE_USER);
	return 0;
}
module_init(bulk_init);
MODULE_DESCRIPTION("allocating and freeing many objects at once");
MODULE_LICENSE("Dual MIT/GPL");
