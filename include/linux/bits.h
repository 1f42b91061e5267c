/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Single bits and runs of bits. */
#ifndef KMEM_LINUX_BITS_H
#define KMEM_LINUX_BITS_H

#ifndef BITS_PER_BYTE
#define BITS_PER_BYTE		8
#endif
#ifndef BITS_PER_LONG
#define BITS_PER_LONG		(8 * __SIZEOF_LONG__)
#endif
#ifndef BITS_PER_LONG_LONG
#define BITS_PER_LONG_LONG	64
#endif
#ifndef BITS_PER_TYPE
#define BITS_PER_TYPE(type)	(sizeof(type) * BITS_PER_BYTE)
#endif
#ifndef BIT
#define BIT(nr)			(1UL << (nr))
#endif
#ifndef BIT_ULL
#define BIT_ULL(nr)		(1ULL << (nr))
#endif
#ifndef BIT_MASK
#define BIT_MASK(nr)		(1UL << ((nr) % BITS_PER_LONG))
#endif
#ifndef BIT_WORD
#define BIT_WORD(nr)		((nr) / BITS_PER_LONG)
#endif
#ifndef BIT_ULL_MASK
#define BIT_ULL_MASK(nr)	(1ULL << ((nr) % BITS_PER_LONG_LONG))
#define BIT_ULL_WORD(nr)	((nr) / BITS_PER_LONG_LONG)
#endif
/* From bit low to bit high, both included. */
#ifndef GENMASK
#define GENMASK(high, low)	((~0UL >> (BITS_PER_LONG - 1 - (high))) & (~0UL << (low)))
#endif
#ifndef GENMASK_ULL
#define GENMASK_ULL(high, low)	((~0ULL >> (63 - (high))) & (~0ULL << (low)))
#endif

#endif
