/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Arithmetic that notices. The check_ functions store the wrapped result and return whether it is wrong; the size_
 * functions saturate at SIZE_MAX, which every allocator refuses.
 */
#ifndef __LINUX_OVERFLOW_H
#define __LINUX_OVERFLOW_H

#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef is_signed_type
#define is_signed_type(type)	((type)(-1) < (type)1)
#endif
#ifndef is_unsigned_type
#define is_unsigned_type(type)	(!is_signed_type(type))
#endif
/* Half the maximum comes first, so that no step of the calculation overflows. */
#define KMEM_TYPE_HALF_MAX(type)	((type)1 << (8 * sizeof(type) - 1 - is_signed_type(type)))
#ifndef type_max
#define type_max(t)		((__typeof__(t))((KMEM_TYPE_HALF_MAX(__typeof__(t)) - 1) + KMEM_TYPE_HALF_MAX(__typeof__(t))))
#endif
#ifndef type_min
#define type_min(t)		((__typeof__(t))(is_signed_type(__typeof__(t)) ? -type_max(t) - (__typeof__(t))1 : (__typeof__(t))0))
#endif

static inline bool __must_check __must_check_overflow(bool overflow)
{
	return unlikely(overflow);
}

#define check_add_overflow(a, b, d)	__must_check_overflow(__builtin_add_overflow(a, b, d))
#define check_sub_overflow(a, b, d)	__must_check_overflow(__builtin_sub_overflow(a, b, d))
#define check_mul_overflow(a, b, d)	__must_check_overflow(__builtin_mul_overflow(a, b, d))

/* Compilers warn of an unsigned value in a comparison that is always true. */
#define KMEM_NOT_NEGATIVE(a)	((a) > 0 || (a) == 0)

/* Also wrong: a negative value or shift, a shift by the width or more, a sign bit that was none. */
#define check_shl_overflow(a, s, d) \
	__must_check_overflow(__extension__ ({ \
		__typeof__(a) kmem_a = (a); \
		__typeof__(s) kmem_s = (s); \
		__typeof__(d) kmem_d = (d); \
		unsigned long long kmem_full = (unsigned long long)kmem_a; \
		unsigned int kmem_by = KMEM_NOT_NEGATIVE(kmem_s) && (unsigned long long)kmem_s < 8 * sizeof(*kmem_d) ? \
			(unsigned int)kmem_s : 0; \
		*kmem_d = (__typeof__(*kmem_d))(kmem_full << kmem_by); \
		(unsigned long long)kmem_by != (unsigned long long)kmem_s || !KMEM_NOT_NEGATIVE(kmem_a) || \
			!KMEM_NOT_NEGATIVE(*kmem_d) || ((unsigned long long)*kmem_d >> kmem_by) != kmem_full; \
	}))

#define wrapping_add(type, a, b) \
	(__extension__ ({ type kmem_r; (void)__builtin_add_overflow(a, b, &kmem_r); kmem_r; }))
#define wrapping_sub(type, a, b) \
	(__extension__ ({ type kmem_r; (void)__builtin_sub_overflow(a, b, &kmem_r); kmem_r; }))
#define wrapping_mul(type, a, b) \
	(__extension__ ({ type kmem_r; (void)__builtin_mul_overflow(a, b, &kmem_r); kmem_r; }))
#define wrapping_assign_add(var, offset) \
	(__extension__ ({ __typeof__(var) *kmem_v = &(var); *kmem_v = wrapping_add(__typeof__(var), *kmem_v, offset); }))
#define wrapping_assign_sub(var, offset) \
	(__extension__ ({ __typeof__(var) *kmem_v = &(var); *kmem_v = wrapping_sub(__typeof__(var), *kmem_v, offset); }))

/* Whether a value does not fit into a type, or into a variable's. */
#define overflows_type(n, T) \
	(__extension__ ({ __typeof__(T) kmem_t; (bool)__builtin_add_overflow(n, 0, &kmem_t); }))
#ifndef __cplusplus
#define castable_to_type(n, T) \
	__builtin_choose_expr(__builtin_constant_p(n), !overflows_type(n, T), \
			      __builtin_types_compatible_p(__typeof__(n), __typeof__(T)))
#endif

static inline size_t __must_check size_mul(size_t a, size_t b)
{
	size_t bytes;

	return __builtin_mul_overflow(a, b, &bytes) ? SIZE_MAX : bytes;
}

static inline size_t __must_check size_add(size_t a, size_t b)
{
	size_t bytes;

	return __builtin_add_overflow(a, b, &bytes) ? SIZE_MAX : bytes;
}

/* Too large stays too large, whatever is taken off. */
static inline size_t __must_check size_sub(size_t a, size_t b)
{
	size_t bytes;

	return a == SIZE_MAX || b == SIZE_MAX || __builtin_sub_overflow(a, b, &bytes) ? SIZE_MAX : bytes;
}

static inline size_t __must_check array3_size(size_t a, size_t b, size_t c)
{
	return size_mul(size_mul(a, b), c);
}

#define array_size(a, b)	size_mul(a, b)

/* Bytes of count elements of a flexible array member, and of the struct with them. */
#define KMEM_FLEX_ELEMENT(p, member)	sizeof(*(p)->member)
#define flex_array_size(p, member, count)	size_mul(count, KMEM_FLEX_ELEMENT(p, member))
#define struct_size(p, member, count) \
	size_add(sizeof(*(p)), flex_array_size(p, member, count))
#define struct_size_t(type, member, count)	struct_size((type *)NULL, member, count)

/*
 * A struct on the stack with room for count elements, zero as a whole. The counter is set afterwards: an initialiser
 * that names it would leave what lies behind the struct as it is.
 */
#ifndef __cplusplus
#define KMEM_STACK_FLEX(type, name, member, count, init) \
	_Static_assert(__builtin_constant_p(count), "the count must be a constant"); \
	union { \
		unsigned char bytes[sizeof(type) + (count) * sizeof(*((type *)0)->member)]; \
		type obj; \
	} name##_u = { { 0 } }; \
	type *name = (init, (type *)&name##_u)
#define DEFINE_RAW_FLEX(type, name, member, count) \
	KMEM_STACK_FLEX(type, name, member, count, (void)0)
#define DEFINE_FLEX(type, name, member, counter, count) \
	KMEM_STACK_FLEX(type, name, member, count, name##_u.obj.counter = (count))
#endif

#endif
