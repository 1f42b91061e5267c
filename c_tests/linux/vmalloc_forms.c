// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * vmalloc_forms - vmalloc and its relatives
 *
 * At risk: alignment, contents, and sizes that cannot be.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include <linux/string.h>

static int __init vmalloc_forms_init(void)
{
	static const size_t sizes[] = { 1, 4096, 5000, 1 << 20, 9 << 20 };
	unsigned char *p, *z;
	size_t i, j, set;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = vmalloc(sizes[i]);
		memset(p, 0x5d, sizes[i]);
		z = vzalloc(sizes[i]);
		for (set = 0, j = 0; j < sizes[i]; j++)
			set += z[j] != 0;
		pr_info("%zu: aligned %d, vmalloc %d %d %d, set %zu\n",
			sizes[i], PAGE_ALIGNED(p), is_vmalloc_addr(p),
			is_vmalloc_addr(p + sizes[i] - 1), is_vmalloc_addr(z),
			set);
		vfree(p);
		vfree(z);
	}
	p = vcalloc(100, 100);
	pr_info("%d\n", p[9999]);
	vfree(p);
	p = vmalloc_array(100, 100);
	pr_info("%d\n", is_vmalloc_addr(p));
	vfree(p);
	p = vmalloc_user(5000);
	pr_info("%d\n", p[4999]);
	vfree(p);
	vfree(NULL);
	p = kmalloc(100, GFP_KERNEL);
	pr_info("%d %d %d\n", is_vmalloc_addr(p), is_vmalloc_addr(NULL),
		is_vmalloc_addr(ZERO_SIZE_PTR));
	kfree(p);
	pr_info("%d\n", !!vmalloc_array(SIZE_MAX, 2));
	pr_info("warned\n");
	pr_info("%d\n", !!vmalloc(0));
	return 0;
}
module_init(vmalloc_forms_init);
MODULE_DESCRIPTION("vmalloc and its relatives");
MODULE_LICENSE("GPL");
