// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kvrealloc_cases - kvrealloc() from kmalloc to vmalloc
 *
 * At risk: bytes lost when memory changes its kind, a shrink that moves.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include <linux/string.h>

static int __init kvrealloc_cases_init(void)
{
	static const size_t sizes[] = {
		100, 128, 5000, 60000, 5 << 20, 4 << 20, 9 << 20, 100,
	};
	unsigned char *p = NULL, *q;
	size_t i, n, lost, had = 0;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		q = kvrealloc(p, sizes[i], GFP_KERNEL);
		for (lost = 0, n = 0; n < min(had, sizes[i]); n++)
			lost += q[n] != 0x6c;
		pr_info("%zu: %s, vmalloc %d, lost %zu\n", sizes[i],
			p == q ? "same" : "moved", is_vmalloc_addr(q), lost);
		memset(q, 0x6c, sizes[i]);
		had = sizes[i];
		p = q;
	}
	kvfree(p);
	p = kvmalloc(100, GFP_KERNEL);
	pr_info("none: %d\n", kvrealloc(p, 0, GFP_KERNEL) == ZERO_SIZE_PTR);
	return 0;
}
module_init(kvrealloc_cases_init);
MODULE_DESCRIPTION("kvrealloc() from kmalloc to vmalloc");
MODULE_LICENSE("GPL");
