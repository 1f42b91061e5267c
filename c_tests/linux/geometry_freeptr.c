// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * geometry_freeptr - a free pointer at a place of the caller's choosing
 *
 * An RCU cache may name a word of the object that the allocator may overwrite
 * while the object is free; the stride then has no extra word. The offset has
 * to lie inside the object, on a word boundary, and the cache has to be an RCU
 * cache. At risk: each of the three refusals, and the stride.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static unsigned int points;

static void __init point(unsigned int size, unsigned int offset,
			 slab_flags_t flags)
{
	struct kmem_cache_args args = {
		.use_freeptr_offset = true,
		.freeptr_offset = offset,
	};
	struct kmem_cache *cache;
	char name[48];

	snprintf(name, sizeof(name), "test_%u_%u%s%s", size, offset,
		 flags & SLAB_TYPESAFE_BY_RCU ? "" : "_plain",
		 flags & SLAB_POISON ? "_P" : "");
	cache = kmem_cache_create(name, size, &args, flags | SLAB_NO_MERGE);
	if (cache)
		points++;
	else
		pr_info("%s: refused\n", name);
}

static int __init geometry_freeptr_init(void)
{
	static const unsigned int sizes[] __initconst = {
		8, 16, 24, 32, 40, 64, 100, 128, 256, 512, 1000, 4096
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		point(sizes[i], 0, SLAB_TYPESAFE_BY_RCU);
		point(sizes[i], (sizes[i] - 8) & ~7u, SLAB_TYPESAFE_BY_RCU);
	}
	point(64, 8, SLAB_TYPESAFE_BY_RCU | SLAB_POISON);
	point(100, 96, SLAB_TYPESAFE_BY_RCU);
	point(64, 4, SLAB_TYPESAFE_BY_RCU);
	point(64, 63, SLAB_TYPESAFE_BY_RCU);
	point(64, 64, SLAB_TYPESAFE_BY_RCU);
	point(64, 72, SLAB_TYPESAFE_BY_RCU);
	point(64, 8, 0);
	pr_info("%u points\n", points);
	return 0;
}
module_init(geometry_freeptr_init);
MODULE_DESCRIPTION("a free pointer at a place of the caller's choosing");
MODULE_LICENSE("Dual MIT/GPL");
