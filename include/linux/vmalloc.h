/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Memory by the page. The allocations themselves are in kmem/kmalloc.h. */
#ifndef KMEM_LINUX_VMALLOC_H
#define KMEM_LINUX_VMALLOC_H

#include <kmem.h>
#include <linux/gfp.h>
#include <linux/types.h>

#ifndef KMEM_NO_KMALLOC

/* An array that saturates: a product that does not fit is more than anybody can have. */
static inline void *__vmalloc_array(size_t n, size_t size, gfp_t flags)
{
	if (size && n > (size_t)-1 / size)
		return NULL;
	return __vmalloc(n * size, flags);
}

static inline void *vmalloc_array(size_t n, size_t size)
{
	return __vmalloc_array(n, size, GFP_KERNEL);
}

static inline void *__vcalloc(size_t n, size_t size, gfp_t flags)
{
	return __vmalloc_array(n, size, flags | __GFP_ZERO);
}

static inline void *vcalloc(size_t n, size_t size)
{
	return __vcalloc(n, size, GFP_KERNEL);
}

/* Memory that may be mapped into user space is zero. */
static inline void *vmalloc_user(unsigned long size)
{
	return vzalloc(size);
}

static inline void *vmalloc_node(unsigned long size, int node)
{
	(void)node;
	return vmalloc(size);
}

static inline void *vzalloc_node(unsigned long size, int node)
{
	(void)node;
	return vzalloc(size);
}

static inline void *vmalloc_32(unsigned long size)
{
	return vmalloc(size);
}

static inline void *vmalloc_32_user(unsigned long size)
{
	return vzalloc(size);
}

static inline void *vmalloc_huge(unsigned long size, gfp_t flags)
{
	return __vmalloc(size, flags);
}

/* For callers that must not sleep, where the kernel defers: nothing here sleeps for long. */
static inline void vfree_atomic(const void *object)
{
	vfree(object);
}

#endif

#endif
