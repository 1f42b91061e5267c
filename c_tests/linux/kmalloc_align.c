// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmalloc_align - how every class is aligned
 *
 * Sizes of a power of two are aligned to it, 96 to 32 and 192 to 64, by
 * promise. At risk: a promise kept by chance in the first object only.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init kmalloc_align_init(void)
{
	static const size_t sizes[] = {
		8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192,
		16384, 65536,
	};
	void *p[40];
	unsigned long bits, want;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		want = sizes[i] & -sizes[i];
		if (want > 4096)
			want = 4096;
		for (bits = 0, j = 0; j < ARRAY_SIZE(p); j++) {
			p[j] = kmalloc(sizes[i], GFP_KERNEL);
			bits |= (unsigned long)p[j];
		}
		pr_info("%zu aligned to %lu: %d\n", sizes[i], want,
			!(bits & (want - 1)));
		for (j = 0; j < ARRAY_SIZE(p); j++)
			kfree(p[j]);
	}
	return 0;
}
module_init(kmalloc_align_init);
MODULE_DESCRIPTION("how every class is aligned");
MODULE_LICENSE("GPL");
