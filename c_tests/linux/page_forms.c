// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * page_forms - pages, by page and by address
 *
 * At risk: alignment, contents, orders that do not exist.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/string.h>

static int __init page_forms_init(void)
{
	struct page *page;
	unsigned long address;
	unsigned char *p;
	unsigned int order;
	size_t i, set;

	for (order = 0; order <= 10; order++) {
		page = alloc_pages(GFP_KERNEL, order);
		p = page_address(page);
		memset(p, 0x5f, PAGE_SIZE << order);
		pr_info("%u: aligned %d, page %d\n", order,
			!((unsigned long)p & ((PAGE_SIZE << order) - 1)),
			virt_to_page(p) == page);
		__free_pages(page, order);
		address = __get_free_pages(GFP_KERNEL | __GFP_ZERO, order);
		for (set = 0, i = 0; i < PAGE_SIZE << order; i++)
			set += ((unsigned char *)address)[i] != 0;
		pr_info("%u: %zu set\n", order, set);
		free_pages(address, order);
	}
	address = get_zeroed_page(GFP_KERNEL);
	pr_info("%d\n", *(char *)address);
	free_page(address);
	free_page(0);
	p = alloc_pages_exact(9000, GFP_KERNEL);
	pr_info("%d\n", PAGE_ALIGNED(p));
	free_pages_exact(p, 9000);
	pr_info("%d\n", !!alloc_pages(GFP_KERNEL | __GFP_NOWARN, 11));
	pr_info("%d %d %d %d\n", get_order(1), get_order(4096),
		get_order(4097), get_order(1 << 20));
	return 0;
}
module_init(page_forms_init);
MODULE_DESCRIPTION("pages, by page and by address");
MODULE_LICENSE("GPL");
