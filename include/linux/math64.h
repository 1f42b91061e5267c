/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Division and multiplication of 64-bit numbers, in the spelling that 32-bit processors made necessary. */
#ifndef _LINUX_MATH64_H
#define _LINUX_MATH64_H

#include <linux/compiler.h>
#include <linux/math.h>
#include <linux/types.h>

/* Divides n in place and gives the remainder. */
#ifndef do_div
#define do_div(n, base) \
	(__extension__ ({ \
		__u32 kmem_base = (__u32)(base); \
		__u32 kmem_rem = (__u32)((__u64)(n) % kmem_base); \
		(n) = (__typeof__(n))((__u64)(n) / kmem_base); \
		kmem_rem; \
	}))
#endif

static inline u64 div_u64_rem(u64 n, u32 d, u32 *rem) { *rem = (u32)(n % d); return n / d; }
static inline s64 div_s64_rem(s64 n, s32 d, s32 *rem) { *rem = (s32)(n % d); return n / d; }
static inline u64 div64_u64_rem(u64 n, u64 d, u64 *rem) { *rem = n % d; return n / d; }
static inline u64 div_u64(u64 n, u32 d) { return n / d; }
static inline s64 div_s64(s64 n, s32 d) { return n / d; }
static inline u64 div64_u64(u64 n, u64 d) { return n / d; }
static inline s64 div64_s64(s64 n, s64 d) { return n / d; }
static inline u64 mul_u32_u32(u32 a, u32 b) { return (u64)a * b; }

#define div64_long(n, d)	div64_s64(n, d)
#define div64_ul(n, d)		div64_u64(n, d)

/* The product has up to 128 bits. */
static inline u64 mul_u64_u64_shr(u64 a, u64 b, unsigned int shift)
{
	return (u64)(((unsigned __int128)a * b) >> shift);
}

static inline u64 mul_u64_u32_shr(u64 a, u32 b, unsigned int shift)
{
	return mul_u64_u64_shr(a, b, shift);
}

static inline u64 mul_u64_u64_div_u64(u64 a, u64 b, u64 d)
{
	return (u64)((unsigned __int128)a * b / d);
}

static inline u64 mul_u64_u32_div(u64 a, u32 b, u32 d)
{
	return mul_u64_u64_div_u64(a, b, d);
}

#define DIV64_U64_ROUND_UP(n, d) \
	(__extension__ ({ u64 kmem_d = (d); div64_u64((n) + kmem_d - 1, kmem_d); }))
#define DIV_U64_ROUND_UP(n, d) \
	(__extension__ ({ u32 kmem_d = (d); div_u64((n) + kmem_d - 1, kmem_d); }))
#define DIV64_U64_ROUND_CLOSEST(n, d) \
	(__extension__ ({ u64 kmem_d = (d); div64_u64((n) + kmem_d / 2, kmem_d); }))
#define DIV_U64_ROUND_CLOSEST(n, d) \
	(__extension__ ({ u32 kmem_d = (d); div_u64((n) + kmem_d / 2, kmem_d); }))
#define DIV_S64_ROUND_CLOSEST(n, d) \
	(__extension__ ({ \
		s64 kmem_n = (n); \
		s32 kmem_d = (d); \
		(kmem_n > 0) == (kmem_d > 0) ? div_s64(kmem_n + kmem_d / 2, kmem_d) \
					     : div_s64(kmem_n - kmem_d / 2, kmem_d); \
	}))
#define roundup_u64(x, y) \
	(__extension__ ({ u32 kmem_y = (y); div_u64((x) + kmem_y - 1, kmem_y) * kmem_y; }))

#endif
