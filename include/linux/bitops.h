/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Searching and counting bits. Positions of the __ functions count from 0, the others from 1 with 0 for none. */
#ifndef KMEM_LINUX_BITOPS_H
#define KMEM_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>

static __always_inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

static __always_inline int fls64(__u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

static __always_inline unsigned int fls_long(unsigned long x)
{
	return (unsigned int)fls64(x);
}

/* Undefined for 0, as in the kernel. */
static __always_inline unsigned long __ffs(unsigned long x)
{
	return (unsigned long)__builtin_ctzl(x);
}

static __always_inline unsigned long __fls(unsigned long x)
{
	return BITS_PER_LONG - 1 - (unsigned long)__builtin_clzl(x);
}

static __always_inline unsigned int hweight32(unsigned int x)
{
	return (unsigned int)__builtin_popcount(x);
}

static __always_inline unsigned long hweight64(__u64 x)
{
	return (unsigned long)__builtin_popcountll(x);
}

static __always_inline unsigned long hweight_long(unsigned long x)
{
	return (unsigned long)__builtin_popcountl(x);
}

#ifdef __cplusplus
extern "C++" {
#include <strings.h>
}
#else
int (ffs)(int x);
#endif

#endif
