/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Integer division and rounding. */
#ifndef KMEM_LINUX_MATH_H
#define KMEM_LINUX_MATH_H

#include <linux/align.h>
#include <linux/types.h>

/* To a power of two; the last step of y is or-ed in rather than added, so 0 stays 0 and nothing wraps early. */
#ifndef round_up
#define round_up(x, y)		((((x) - 1) | KMEM_ALIGN_MASK(x, y)) + 1)
#endif
#ifndef round_down
#define round_down(x, y)	((x) & ~KMEM_ALIGN_MASK(x, y))
#endif

/* To any multiple. <sys/param.h> has a roundup() of its own, equal in value. */
#ifndef roundup
#define roundup(x, y) \
	(__extension__ ({ __typeof__(y) kmem_y = (y); (((x) + (kmem_y - 1)) / kmem_y) * kmem_y; }))
#endif
#ifndef rounddown
#define rounddown(x, y) \
	(__extension__ ({ __typeof__(x) kmem_x = (x); kmem_x - kmem_x % (y); }))
#endif

#ifndef DIV_ROUND_UP
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#endif
#ifndef DIV_ROUND_UP_ULL
#define DIV_ROUND_UP_ULL(n, d)	DIV_ROUND_UP((unsigned long long)(n), (d))
#endif
/* To the nearest, halves away from zero. What is unsigned has no sign to differ in. */
#ifndef DIV_ROUND_CLOSEST
#define DIV_ROUND_CLOSEST(n, d) \
	(__extension__ ({ \
		__typeof__(n) kmem_n = (n); \
		__typeof__(d) kmem_d = (d); \
		(__typeof__(n))-1 > 0 || (__typeof__(d))-1 > 0 || (kmem_n > 0) == (kmem_d > 0) ? \
			(kmem_n + kmem_d / 2) / kmem_d : (kmem_n - kmem_d / 2) / kmem_d; \
	}))
#endif

#ifndef DIV_ROUND_DOWN_ULL
#define DIV_ROUND_DOWN_ULL(n, d)	((unsigned long long)(n) / (d))
#endif

/* x * n / d, where the product might not fit. */
#ifndef mult_frac
#define mult_frac(x, n, d) \
	(__extension__ ({ \
		__typeof__(x) kmem_x = (x); \
		__typeof__(n) kmem_n = (n); \
		__typeof__(d) kmem_d = (d); \
		(kmem_x / kmem_d) * kmem_n + (kmem_x % kmem_d) * kmem_n / kmem_d; \
	}))
#endif

/* The largest number whose square is not larger than x: bit by bit, from the top. */
static inline unsigned long int_sqrt(unsigned long x)
{
	unsigned long root = 0, bit;

	for (bit = 1UL << (8 * sizeof(x) / 2 - 1); bit; bit >>= 1)
		if ((root | bit) <= x / (root | bit))
			root |= bit;
	return root;
}

static inline u32 int_sqrt64(u64 x)
{
	return (u32)int_sqrt(x);
}

/* 0 to range - 1 from 32 random bits. */
static inline u32 reciprocal_scale(u32 value, u32 range)
{
	return (u32)(((u64)value * range) >> 32);
}

#ifndef abs_diff
#define abs_diff(a, b) \
	(__extension__ ({ __typeof__(a) kmem_a = (a); __typeof__(b) kmem_b = (b); \
		kmem_a > kmem_b ? kmem_a - kmem_b : kmem_b - kmem_a; }))
#endif

/*
 * The C library's function, for int. The kernel's macro takes every type, but a macro of this name would break
 * <stdlib.h> where that is included later.
 */
#ifdef __cplusplus
extern "C++" {
#include <cstdlib>
}
#else
int (abs)(int value);
#endif

#endif
