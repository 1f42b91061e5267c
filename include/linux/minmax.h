/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Smaller, larger, in between. Every argument is evaluated once.
 *
 * min(), max(), clamp() and those of three refuse to compare a signed with an unsigned value, because the comparison
 * would be made as unsigned. A signed constant that is not negative goes with either, and so does an unsigned type that
 * becomes int in arithmetic. min_t() and its like convert first.
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
/* Of a value's type, as it is and as it becomes in arithmetic. A pointer's counts as unsigned. */
#define KMEM_CMP_NUMBER(v)	__builtin_choose_expr(__builtin_classify_type(v) == 5, 0UL, v)
#define KMEM_HAS_NEGATIVE(type)	((type)-1 < (type)1)
#define KMEM_IS_SIGNED(v)	KMEM_HAS_NEGATIVE(__typeof__(KMEM_CMP_NUMBER(v)))
#define KMEM_SUM_IS_SIGNED(v)	KMEM_HAS_NEGATIVE(__typeof__(KMEM_CMP_NUMBER(v) + 0))
/* Whether v, which has the value of x, is one that signed and unsigned types hold alike. */
#define KMEM_EITHER_SIGN(v, x) \
	(KMEM_SUM_IS_SIGNED(v) && \
	 (!KMEM_IS_SIGNED(v) || __builtin_choose_expr(__builtin_constant_p(x), !((unsigned long long)(x) >> 63), 0)))
#define KMEM_COMPARABLE(v, x, w, y) \
	_Static_assert(KMEM_SUM_IS_SIGNED(v) == KMEM_SUM_IS_SIGNED(w) || KMEM_EITHER_SIGN(v, x) || KMEM_EITHER_SIGN(w, y), \
		       "signed and unsigned: use min_t() or max_t()")
/* Compared in the type that they have in common. Behind a comma a bit-field is a value like others. */
#define KMEM_OF_TWO(of, x, y, a, b) \
	(__extension__ ({ \
		__auto_type a = ((void)0, (x)); \
		__auto_type b = ((void)0, (y)); \
		KMEM_COMPARABLE(a, x, b, y); \
		of(__typeof__(1 ? a : b), a, b); \
	}))
#define KMEM_OF_THREE(of, x, y, z, a, b, c) \
	(__extension__ ({ \
		__auto_type a = ((void)0, (x)); \
		__auto_type b = ((void)0, (y)); \
		__auto_type c = ((void)0, (z)); \
		KMEM_COMPARABLE(a, x, b, y); \
		KMEM_COMPARABLE(a, x, c, z); \
		KMEM_COMPARABLE(b, y, c, z); \
		of(__typeof__(1 ? a : 1 ? b : c), a, b, c); \
	}))
#define KMEM_MIN3_T(type, x, y, z)	min_t(type, min_t(type, x, y), z)
#define KMEM_MAX3_T(type, x, y, z)	max_t(type, max_t(type, x, y), z)

#ifndef min
#define min(x, y)		KMEM_OF_TWO(min_t, x, y, __UNIQUE_ID(a), __UNIQUE_ID(b))
#endif
#ifndef max
#define max(x, y)		KMEM_OF_TWO(max_t, x, y, __UNIQUE_ID(a), __UNIQUE_ID(b))
#endif
#ifndef min3
#define min3(x, y, z)		KMEM_OF_THREE(KMEM_MIN3_T, x, y, z, __UNIQUE_ID(a), __UNIQUE_ID(b), __UNIQUE_ID(c))
#endif
#ifndef max3
#define max3(x, y, z)		KMEM_OF_THREE(KMEM_MAX3_T, x, y, z, __UNIQUE_ID(a), __UNIQUE_ID(b), __UNIQUE_ID(c))
#endif
#ifndef clamp
#define clamp(value, low, high) \
	KMEM_OF_THREE(clamp_t, value, low, high, __UNIQUE_ID(a), __UNIQUE_ID(b), __UNIQUE_ID(c))
#endif
#ifndef swap
#define swap(a, b) \
	do { __typeof__(a) kmem_swap = (a); (a) = (b); (b) = kmem_swap; } while (0)
#endif
#endif

#ifndef min3
#define min3(x, y, z)		min(min(x, y), z)
#endif
#ifndef max3
#define max3(x, y, z)		max(max(x, y), z)
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

/* In 32 bits where all three have no more: a range may lie across the end of those. */
#ifndef in_range
#define KMEM_IN_RANGE(type, value, start, length)	((type)((type)(value) - (type)(start)) < (type)(length))
#define in_range(value, start, length) \
	((sizeof(value) | sizeof(start) | sizeof(length)) <= 4 ? \
		KMEM_IN_RANGE(unsigned int, value, start, length) : \
		KMEM_IN_RANGE(unsigned long long, value, start, length))
#endif

/* For array bounds and initialisers: constants only, evaluated twice. <sys/param.h> has the same two. */
#ifndef MIN
#define MIN(a, b)		(((a) < (b)) ? (a) : (b))
#endif
#ifndef MAX
#define MAX(a, b)		(((a) > (b)) ? (a) : (b))
#endif

#endif
