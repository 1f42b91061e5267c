// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * option_max_order - a largest order beyond the largest there is
 *
 * The largest there is counts. At risk: the option being ignored, and orders
 * beyond it.
 *
 * cmdline: slab_max_order=20
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

static int __init option_max_order_init(void)
{
	static const unsigned int sizes[] __initconst = {
		8, 24, 64, 100, 192, 256, 320, 500, 512, 700, 1000, 1024, 1400,
		2000, 2048, 3000, 4096, 5000, 8192, 9000, 16384, 20000, 32768,
		40000, 65536, 100000, 500000, 1000000, 2000000
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		point(sizes[i]);
	pr_info("%u points\n", points);
	return 0;
}
module_init(option_max_order_init);
MODULE_DESCRIPTION("a largest order beyond the largest there is");
MODULE_LICENSE("Dual MIT/GPL");
