/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Pages, and what else slab-using code includes this header for. */
#ifndef KMEM_LINUX_MM_H
#define KMEM_LINUX_MM_H

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/types.h>
#include <linux/vmalloc.h>

#ifndef PAGE_ALIGN
#define PAGE_ALIGN(address)	(((address) + PAGE_SIZE - 1) & PAGE_MASK)
#endif
#ifndef PAGE_ALIGNED
#define PAGE_ALIGNED(address)	(!((unsigned long)(address) & (PAGE_SIZE - 1)))
#endif
#ifndef offset_in_page
#define offset_in_page(p)	((unsigned long)(p) & (PAGE_SIZE - 1))
#endif

/* The order of the run of pages that holds so many bytes. */
static inline int get_order(unsigned long size)
{
	int order = 0;

	while (order < 52 && (PAGE_SIZE << order) < size)
		order++;
	return order;
}

/* Says in continuation of a line where a pointer comes from. What belongs to the program otherwise is one kind here. */
static inline void mem_dump_obj(void *object)
{
	if (kmem_dump_obj(object))
		return;
	pr_cont(" %s\n", !object ? "NULL pointer" :
			 (unsigned long)object == 16 ? "zero-size pointer" :
			 (unsigned long)object < 4096 ? "non-paged memory" : "non-slab/vmalloc memory");
}

#endif
