// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * printk_formats - the conversions of the kernel's printk
 *
 * Error pointers, hex dumps, allocation flags by name, and the plain ones at
 * their edges. At risk: widths and precisions of the kernel's own conversions,
 * and how unknown flag bits are shown.
 *
 * kernels: 6.12 6.1
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/err.h>

static void __init flags(gfp_t gfp)
{
	pr_info("gfp %#x (%pGg)\n", (unsigned int)gfp, &gfp);
}

static int __init printk_formats_init(void)
{
	static const unsigned char bytes[] = { 0, 1, 0x7f, 0x80, 0xab, 0xff };
	static const char raw[] = { 'r', 'a', 'w' };

	pr_info("%pe %pe %pe\n", ERR_PTR(-EINVAL), ERR_PTR(-ENOMEM),
		ERR_PTR(-EEXIST));
	pr_info("[%*ph] [%*phC] [%*phD] [%*phN]\n", 6, bytes, 6, bytes, 6,
		bytes, 6, bytes);
	pr_info("[%3ph] [%.2s] [%.*s]\n", bytes, "abc", 3, raw);
	pr_info("[%5d] [%-5d] [%05d] [%+d] [% d]\n", 42, 42, 42, 42, 42);
	pr_info("[%x] [%#x] [%08x] [%#010x] [%X]\n", 0xbeef, 0xbeef, 0xbeef,
		0xbeef, 0xbeef);
	pr_info("[%o] [%#o] [%u] [%hhd] [%hu]\n", 8, 8, 0xffffffffu, 300, 70000);
	pr_info("[%ld] [%lu] [%lld] [%llx]\n", -1L, ~0UL,
		-9223372036854775807LL - 1, 0x123456789LL);
	pr_info("[%zu] [%zd] [%td]\n", sizeof(int), (ssize_t)-5,
		(ptrdiff_t)-7);
	pr_info("[%s] [%8s] [%-8s] [%.0s] [%c] [%3c] [%%]\n", "s", "s", "s",
		"s", 'c', 'c');
	pr_info("[%s]\n", (char *)NULL);
	pr_info("[%px] [%px]\n", (void *)0x10, (void *)0xdeadbeef);
	pr_info("[%d] [%d]\n", -2147483647 - 1, 2147483647);

	flags(GFP_KERNEL);
	flags(GFP_KERNEL | __GFP_ZERO);
	flags(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);
	flags(GFP_ATOMIC);
	flags(GFP_ATOMIC | __GFP_ZERO | __GFP_COMP);
	flags(GFP_NOWAIT);
	flags(GFP_NOIO);
	flags(GFP_NOFS);
	flags(GFP_USER);
	flags(GFP_HIGHUSER);
	flags(GFP_HIGHUSER_MOVABLE);
	flags(GFP_KERNEL_ACCOUNT);
	flags(GFP_DMA);
	flags(GFP_DMA32);
	flags(GFP_KERNEL | __GFP_RECLAIMABLE | __GFP_THISNODE);
	flags(__GFP_DIRECT_RECLAIM);
	flags(__GFP_HIGHMEM);
	flags(__GFP_ZERO);
	flags((gfp_t)0);
	flags((gfp_t)0x80000000u);
	flags(GFP_KERNEL | (gfp_t)0x80000000u);
	return 0;
}
module_init(printk_formats_init);
MODULE_DESCRIPTION("the conversions of the kernel's printk");
MODULE_LICENSE("Dual MIT/GPL");
