// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmalloc_roundup - kmalloc_size_roundup() over all sizes
 *
 * At risk: the ends: no bytes, the largest size, and what is beyond it.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init kmalloc_roundup_init(void)
{
	static const size_t sizes[] = {
		0, 1, 8, 9, 64, 65, 96, 97, 128, 129, 192, 193, 8192, 8193,
		16384, 16385, 65537, (4 << 20) - 1, 4 << 20, (4 << 20) + 1,
		SIZE_MAX / 2, SIZE_MAX - 1, SIZE_MAX,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		pr_info("%#zx: %#zx\n", sizes[i],
			kmalloc_size_roundup(sizes[i]));
	return 0;
}
module_init(kmalloc_roundup_init);
MODULE_DESCRIPTION("kmalloc_size_roundup() over all sizes");
MODULE_LICENSE("GPL");
