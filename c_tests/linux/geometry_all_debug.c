// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * geometry_all_debug - geometry of every combination of the debug flags
 *
 * Red zone, poison, tracks and RCU placement in all sixteen combinations for
 * sizes that end on a word and sizes that do not. At risk: parts that are
 * right alone and wrong together, such as the padding behind a track.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static unsigned int points;

static void __init point(unsigned int size, unsigned int align,
			 unsigned int mask)
{
	slab_flags_t flags = SLAB_NOLEAKTRACE;
	char name[48];

	if (mask & 1)
		flags |= SLAB_RED_ZONE;
	if (mask & 2)
		flags |= SLAB_POISON;
	if (mask & 4)
		flags |= SLAB_STORE_USER;
	if (mask & 8)
		flags |= SLAB_TYPESAFE_BY_RCU;
	snprintf(name, sizeof(name), "test_%u_%u_%s%s%s%s", size, align,
		 mask & 1 ? "Z" : "", mask & 2 ? "P" : "", mask & 4 ? "U" : "",
		 mask & 8 ? "R" : "");
	if (kmem_cache_create(name, size, align, flags, NULL))
		points++;
	else
		pr_info("%s: refused\n", name);
}

static int __init geometry_all_debug_init(void)
{
	static const unsigned int sizes[] __initconst = {
		1, 4, 8, 13, 16, 24, 64, 100, 128, 333, 512, 1000, 2048, 4096
	};
	unsigned int i, mask;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		for (mask = 0; mask < 16; mask++)
			point(sizes[i], 0, mask);
	for (mask = 0; mask < 16; mask++) {
		point(100, 16, mask);
		point(100, 64, mask);
		point(64, 128, mask);
	}
	pr_info("%u points\n", points);
	return 0;
}
module_init(geometry_all_debug_init);
MODULE_DESCRIPTION("geometry of every combination of the debug flags");
MODULE_LICENSE("Dual MIT/GPL");
