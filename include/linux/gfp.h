/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Allocation flags, the page size that the library works with, and pages.
 *
 * A struct page is the page's memory itself: page_address() is a cast, and page + 1 is the next page. There is nothing
 * else in it, no count, no flags, no private field.
 */
#ifndef KMEM_LINUX_GFP_H
#define KMEM_LINUX_GFP_H

#include <kmem.h>
#include <linux/gfp_types.h>
#include <linux/numa.h>
#include <linux/types.h>

/* The kernel's page on x86-64, which slab orders count in; the machine's own may be larger. */
#ifndef PAGE_SHIFT
#define PAGE_SHIFT		12
#endif
#ifndef PAGE_SIZE
#define PAGE_SIZE		(1UL << PAGE_SHIFT)
#endif
#ifndef PAGE_MASK
#define PAGE_MASK		(~(PAGE_SIZE-1))
#endif

#ifndef KMEM_NO_PAGES
struct page {
	unsigned char memory[1 << 12];
};

static inline void *page_address(const struct page *page)
{
	return (void *)page;
}

static inline struct page *virt_to_page(const void *address)
{
	return (struct page *)((unsigned long)address & PAGE_MASK);
}

/* 2^order pages, aligned to their size. */
static inline struct page *alloc_pages(gfp_t flags, unsigned int order)
{
	return (struct page *)kmem_alloc_pages(order, flags);
}

static inline struct page *alloc_pages_node(int node, gfp_t flags, unsigned int order)
{
	(void)node;
	return alloc_pages(flags, order);
}

static inline struct page *alloc_page(gfp_t flags)
{
	return alloc_pages(flags, 0);
}

static inline void __free_pages(struct page *page, unsigned int order)
{
	(void)order;
	kmem_free_pages(page);
}

static inline void __free_page(struct page *page)
{
	kmem_free_pages(page);
}

/* The same with addresses instead of pages; 0 is failure. */
static inline unsigned long __get_free_pages(gfp_t flags, unsigned int order)
{
	return (unsigned long)kmem_alloc_pages(order, flags);
}

static inline unsigned long __get_free_page(gfp_t flags)
{
	return __get_free_pages(flags, 0);
}

static inline unsigned long get_zeroed_page(gfp_t flags)
{
	return __get_free_pages(flags | __GFP_ZERO, 0);
}

static inline void free_pages(unsigned long address, unsigned int order)
{
	(void)order;
	kmem_free_pages((void *)address);
}

static inline void free_page(unsigned long address)
{
	kmem_free_pages((void *)address);
}

/* As many bytes as asked for, in whole pages; what rounding to a power of two adds is not given back. */
static inline void *alloc_pages_exact(size_t size, gfp_t flags)
{
	unsigned int order = 0;

	while (order < 12 && (PAGE_SIZE << order) < size)
		order++;
	return kmem_alloc_pages(order, flags);
}

static inline void free_pages_exact(void *address, size_t size)
{
	(void)size;
	kmem_free_pages(address);
}
#endif

#endif
