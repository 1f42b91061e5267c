// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * geometry_large - slabs of more than one page, up to 4 MiB
 *
 * Above the preferred maximum order a slab holds as few as one object. At
 * risk: the step from the order search to the smallest order that fits, and
 * the sizes just around it.
 *
 * kernels: 6.12 6.1
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sizes.h>

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

static int __init geometry_large_init(void)
{
	unsigned int size;

	for (size = 8200; size <= 32768; size += 1368)
		point(size);
	for (size = SZ_16K; size <= SZ_4M; size *= 2) {
		point(size - 8);
		point(size);
		if (size < SZ_4M)
			point(size + 8);
		if (size < SZ_4M)
			point(size + size / 3);
	}
	for (size = 10920; size <= 10928; size += 8)
		point(size);
	for (size = 6552; size <= 6560; size += 8)
		point(size);
	point(40000);
	pr_info("%u points\n", points);
	return 0;
}
module_init(geometry_large_init);
MODULE_DESCRIPTION("slabs of more than one page, up to 4 MiB");
MODULE_LICENSE("Dual MIT/GPL");
