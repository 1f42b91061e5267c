// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * geometry_redzone - geometry with red zones
 *
 * A red zone adds a pad on the left as wide as the alignment, a word on the
 * right when the size leaves no room, and a guard word. At risk: each of the
 * three, and the free pointer moving out of objects below eight bytes.
 *
 * kernels: 6.12 6.1
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static unsigned int points;

static void __init point(unsigned int size, unsigned int align)
{
	struct kmem_cache *cache;
	char name[32];

	snprintf(name, sizeof(name), "test_%u_%u", size, align);
	cache = kmem_cache_create(name, size, align,
				  SLAB_NOLEAKTRACE | SLAB_RED_ZONE, NULL);
	if (cache && kmem_cache_size(cache) == size)
		points++;
	else
		pr_info("%s: %s\n", name, cache ? "wrong size" : "refused");
}

static int __init geometry_redzone_init(void)
{
	static const unsigned int sizes[] __initconst = {
		1, 3, 4, 7, 8, 9, 12, 15, 16, 17, 20, 24, 31, 32, 33, 40, 48,
		56, 60, 63, 64, 65, 72, 96, 100, 120, 128, 136, 192, 200, 256,
		320, 384, 500, 512, 520, 700, 768, 1000, 1024, 1040, 1500,
		2000, 2048, 2100, 3000, 4000, 4096, 4104, 6000, 8192, 12000,
		20000, 65536, 200000
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		point(sizes[i], 0);
	for (i = 0; i < 48; i += 3)
		point(sizes[i], 32);
	for (i = 1; i < 48; i += 6)
		point(sizes[i], 256);
	pr_info("%u points\n", points);
	return 0;
}
module_init(geometry_redzone_init);
MODULE_DESCRIPTION("geometry with red zones");
MODULE_LICENSE("Dual MIT/GPL");
