// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * geometry_align - geometry and placement by alignment
 *
 * Every power of two from 1 to 4096 with sizes around it; an object of each
 * cache is looked at too, plain and with a red zone before it. At risk: an
 * object that loses its alignment to the left red zone.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static unsigned int points, misaligned;

static void __init point(unsigned int size, unsigned int align,
			 slab_flags_t flags)
{
	struct kmem_cache *cache;
	char name[32];
	void *object;

	snprintf(name, sizeof(name), "test_%u_%u%s", size, align,
		 flags ? "_Z" : "");
	cache = kmem_cache_create(name, size, align, flags | SLAB_NOLEAKTRACE,
				  NULL);
	if (!cache) {
		pr_info("%s: refused\n", name);
		return;
	}
	points++;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	if (!object || (unsigned long)object % align)
		misaligned++;
	kmem_cache_free(cache, object);
	kmem_cache_shrink(cache);
}

static int __init geometry_align_init(void)
{
	static const unsigned int sizes[] __initconst = {
		1, 8, 20, 64, 100, 260, 1000, 3000
	};
	unsigned int i, align;

	for (align = 1; align <= 4096; align *= 2)
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			point(sizes[i], align, 0);
			if (i % 2)
				point(sizes[i], align, SLAB_RED_ZONE);
		}
	pr_info("%u points, %u misaligned\n", points, misaligned);
	return 0;
}
module_init(geometry_align_init);
MODULE_DESCRIPTION("geometry and placement by alignment");
MODULE_LICENSE("Dual MIT/GPL");
