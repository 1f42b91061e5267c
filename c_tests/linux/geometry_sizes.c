// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * geometry_sizes - stride, objects and pages of plain caches by size
 *
 * Every multiple of eight up to 512, then ever coarser steps with odd sizes in
 * between, up to two pages. At risk: the rounding of the stride, and the
 * search for the slab order that wastes least.
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

static int __init geometry_sizes_init(void)
{
	unsigned int size;

	for (size = 1; size <= 32; size++)
		point(size);
	for (size = 40; size <= 512; size += 8)
		point(size);
	for (size = 529; size <= 1024; size += 17)
		point(size);
	for (size = 1056; size <= 2048; size += 32)
		point(size);
	for (size = 2107; size <= 4096; size += 59)
		point(size);
	for (size = 4096; size <= 8192; size += 128)
		point(size);
	pr_info("%u points\n", points);
	return 0;
}
module_init(geometry_sizes_init);
MODULE_DESCRIPTION("stride, objects and pages of plain caches by size");
MODULE_LICENSE("Dual MIT/GPL");
