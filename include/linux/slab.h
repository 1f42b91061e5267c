/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Object caches and the kmalloc family: the whole of libkmem under the name that kernel code includes. */
#ifndef KMEM_LINUX_SLAB_H
#define KMEM_LINUX_SLAB_H

#include <kmem.h>
#include <linux/cache.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/types.h>

/* What the kmalloc family promises on x86-64. */
#ifndef ARCH_SLAB_MINALIGN
#define ARCH_SLAB_MINALIGN	__alignof__(unsigned long long)
#endif
#ifndef ARCH_KMALLOC_MINALIGN
#define ARCH_KMALLOC_MINALIGN	__alignof__(unsigned long long)
#endif
#ifndef KMALLOC_SHIFT_HIGH
#define KMALLOC_SHIFT_HIGH	13
#define KMALLOC_SHIFT_MAX	22
#define KMALLOC_SHIFT_LOW	3
#endif

#ifndef KMEM_NO_KMALLOC
/* void *p __free(kfree) = kmalloc(...); */
DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))
DEFINE_FREE(kfree_sensitive, void *, if (_T) kfree_sensitive(_T))
DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kvfree(_T))
#endif

/* Always: there is nothing to wait for. */
static inline bool slab_is_available(void)
{
	return true;
}

#endif
