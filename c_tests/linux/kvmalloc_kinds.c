// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kvmalloc_kinds - when kvmalloc() falls back to vmalloc()
 *
 * At risk: a request that may not sleep, sizes beyond an int.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

static int __init kvmalloc_kinds_init(void)
{
	static const size_t sizes[] = {
		1, 4096, 4097, 8192, 100000, (4 << 20) + 1, 9 << 20,
	};
	unsigned char *p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = kvzalloc(sizes[i], GFP_KERNEL);
		pr_info("%zu: %d, vmalloc %d, %d\n", sizes[i], !!p,
			is_vmalloc_addr(p), p[sizes[i] - 1]);
		kvfree(p);
		p = kvmalloc(sizes[i], GFP_NOWAIT);
		pr_info("%zu nowait: %d, vmalloc %d\n", sizes[i], !!p,
			is_vmalloc_addr(p));
		kvfree(p);
	}
	p = kvcalloc(1000, 10, GFP_KERNEL);
	pr_info("array: %zu\n", ksize(p));
	kvfree_sensitive(p, 10000);
	pr_info("%d\n", !!kvmalloc_array(SIZE_MAX, 2, GFP_KERNEL));
	pr_info("%d\n", !!kvmalloc((size_t)INT_MAX + 1, GFP_KERNEL | __GFP_NOWARN));
	pr_info("warned\n");
	pr_info("%d\n", !!kvmalloc((size_t)INT_MAX + 1, GFP_KERNEL));
	return 0;
}
module_init(kvmalloc_kinds_init);
MODULE_DESCRIPTION("when kvmalloc() falls back to vmalloc()");
MODULE_LICENSE("GPL");
