/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Allocation flags, and the page size that the library works with. */
#ifndef KMEM_LINUX_GFP_H
#define KMEM_LINUX_GFP_H

#include <kmem.h>
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

#endif
