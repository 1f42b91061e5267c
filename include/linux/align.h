/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Rounding to powers of two, for sizes and for pointers. */
#ifndef KMEM_LINUX_ALIGN_H
#define KMEM_LINUX_ALIGN_H

#include <linux/compiler.h>

/* The mask has the type of x: an unsigned mask of 32 bits would cut a 64-bit value. */
#define KMEM_ALIGN_MASK(x, a)	((__typeof__((x) + 0))(a) - 1)

#ifndef ALIGN
#define ALIGN(x, a)		(((x) + KMEM_ALIGN_MASK(x, a)) & ~KMEM_ALIGN_MASK(x, a))
#endif
#ifndef ALIGN_DOWN
#define ALIGN_DOWN(x, a)	((x) & ~KMEM_ALIGN_MASK(x, a))
#endif
#ifndef IS_ALIGNED
#define IS_ALIGNED(x, a)	(((x) & KMEM_ALIGN_MASK(x, a)) == 0)
#endif
#ifndef PTR_ALIGN
#define PTR_ALIGN(p, a)		((__typeof__(p))ALIGN((unsigned long)(p), (a)))
#endif
#ifndef PTR_ALIGN_DOWN
#define PTR_ALIGN_DOWN(p, a)	((__typeof__(p))ALIGN_DOWN((unsigned long)(p), (a)))
#endif
#ifndef PTR_IS_ALIGNED
#define PTR_IS_ALIGNED(p, a)	IS_ALIGNED((unsigned long)(p), (a))
#endif

#endif
