/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Smaller, larger, in between. Every argument is evaluated once.
 *
 * min(), max() and clamp() refuse to compare a signed with an unsigned value, because the comparison would be
 * made as unsigned; a constant that is not negative goes with either. min_t() and its like convert first.
 */
#ifndef KMEM_LINUX_MINMAX_H
#define KMEM_LINUX_MINMAX_H

#include <linux/build_bug.h>
#include <linux/compiler.h>

/* The temporaries a and b get a new name at each use, so that calls nest without one hiding the other's. */
#define KMEM_CMP_T(type, x, y, op, a, b) \
	(__extension__ ({ type a = (type)(x); type b = (type)(y); a op b ? a : b; }))

#ifdef __cplusplus
/* Macros of these names would break std::min() and every header that says it, so C++ has templates. */
extern "C++" {
#include <utility>
using std::swap;

template <typename A, typename B>
constexpr auto min(A a, B b) -> decltype(a + b)
{
	return static_cast<decltype(a + b)>(a) < static_cast<decltype(a + b)>(b) ? a : b;
}
template <typename A, typename B>
constexpr auto max(A a, B b) -> decltype(a + b)
{
	return static_cast<decltype(a + b)>(a) > static_cast<decltype(a + b)>(b) ? a : b;
}
template <typename T, typename L, typename H>
constexpr auto clamp(T value, L low, H high) -> decltype(value + low + high)
{
	return min(max(value, low), high);
}
}
#else
/* What the value becomes in arithmetic: an unsigned char compares as int, so it is signed here. */
#define KMEM_IS_SIGNED(x)	((__typeof__((x) + 0))-1 < (__typeof__((x) + 0))1)
/* A constant that both signed and unsigned types hold alike. The cast keeps "always true" warnings away. */
#define KMEM_EITHER_SIGN(x) \
	__builtin_choose_expr(__builtin_constant_p((x) + 0), (long long)((x) + 0) >= 0, 0)
#define KMEM_COMPARABLE(x, y) \
	(KMEM_IS_SIGNED(x) == KMEM_IS_SIGNED(y) || KMEM_EITHER_SIGN(x) || KMEM_EITHER_SIGN(y))
/* Compared in the type that arithmetic gives them; what is lost in it, KMEM_COMPARABLE has refused. */
#define KMEM_CMP_ONCE(x, y, op, a, b)	KMEM_CMP_T(__typeof__((x) + (y)), x, y, op, a, b)
#define KMEM_CMP(x, y, op) \
	(__extension__ ({ \
		_Static_assert(KMEM_COMPARABLE(x, y), "signed and unsigned: use min_t() or max_t()"); \
		KMEM_CMP_ONCE(x, y, op, __UNIQUE_ID(a), __UNIQUE_ID(b)); \
	}))

#ifndef min
#define min(x, y)		KMEM_CMP(x, y, <)
#endif
#ifndef max
#define max(x, y)		KMEM_CMP(x, y, >)
#endif
#ifndef clamp
#define clamp(value, low, high)	min((__typeof__(value))max(value, low), high)
#endif
#ifndef swap
#define swap(a, b) \
	do { __typeof__(a) kmem_swap = (a); (a) = (b); (b) = kmem_swap; } while (0)
#endif
#endif

#ifndef min3
#define min3(x, y, z)		min((__typeof__(x))min(x, y), z)
#endif
#ifndef max3
#define max3(x, y, z)		max((__typeof__(x))max(x, y), z)
#endif
#ifndef min_t
#define min_t(type, x, y)	KMEM_CMP_T(type, x, y, <, __UNIQUE_ID(a), __UNIQUE_ID(b))
#endif
#ifndef max_t
#define max_t(type, x, y)	KMEM_CMP_T(type, x, y, >, __UNIQUE_ID(a), __UNIQUE_ID(b))
#endif
#ifndef clamp_t
#define clamp_t(type, value, low, high)	min_t(type, max_t(type, value, low), high)
#endif
#ifndef clamp_val
#define clamp_val(value, low, high)	clamp_t(__typeof__(value), value, low, high)
#endif

/* Zero stands for "no limit". */
#ifndef min_not_zero
#define min_not_zero(x, y) \
	(__extension__ ({ \
		__typeof__(x) kmem_nz_x = (x); \
		__typeof__(y) kmem_nz_y = (y); \
		kmem_nz_x == 0 ? kmem_nz_y : kmem_nz_y == 0 ? kmem_nz_x : min(kmem_nz_x, kmem_nz_y); \
	}))
#endif

#ifndef in_range
#define in_range(value, start, length) \
	((unsigned long long)(value) - (unsigned long long)(start) < (unsigned long long)(length))
#endif

/* For array bounds and initialisers: constants only, evaluated twice. <sys/param.h> has the same two. */
#ifndef MIN
#define MIN(a, b)		(((a) < (b)) ? (a) : (b))
#endif
#ifndef MAX
#define MAX(a, b)		(((a) > (b)) ? (a) : (b))
#endif

#endif
