// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * geometry_min_order - geometry with slab_min_order
 *
 * No slab is smaller than four pages and the search goes up to sixteen. At
 * risk: the lower bound being applied after the search.
 *
 * cmdline: slab_min_order=2 slab_max_order=4
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static unsigned int points;

static void __init point(unsigned int size)
{
	char name[32];

	snprintf(name, sizeof(name), "test_%u", size);
	if (kmem_cache_create(name, size, 0, SLAB_NOLEAKTRACE, NULL))
		points++;
	else
		pr_info("%s: refused\n", name);
}

static int __init geometry_min_order_init(void)
{
	static const unsigned int sizes[] __initconst = {
		8, 24, 64, 100, 192, 256, 320, 500, 512, 700, 1000, 1024, 1400,
		2000, 2048, 3000, 4096, 5000, 8192, 9000, 16384, 20000, 32768,
		40000, 65536, 100000
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		point(sizes[i]);
	pr_info("%u points\n", points);
	return 0;
}
module_init(geometry_min_order_init);
MODULE_DESCRIPTION("geometry with slab_min_order");
MODULE_LICENSE("Dual MIT/GPL");
