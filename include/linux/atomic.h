/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Atomic integers. They wrap, as two's complement does.
 *
 * As in the kernel, what returns a value orders all memory accesses around it, unless its name ends in _relaxed,
 * _acquire or _release; what returns nothing orders nothing.
 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <asm/barrier.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <stdbool.h>

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	s64 __aligned(8) counter;
} atomic64_t;

#define ATOMIC_INIT(i)		{ (i) }
#define ATOMIC64_INIT(i)	{ (i) }
#define ATOMIC_LONG_INIT(i)	{ (i) }

/* What an operation of the strongest order is not by itself, but for x86: a barrier to what comes after it. */
static __always_inline void kmem_atomic_ordered(int order)
{
	if (order == __ATOMIC_SEQ_CST)
		smp_mb__after_atomic();
}

/* An operation in its four orders: T the integer, A the atomic type, p the prefix of the names. */
#define KMEM_ATOMIC_ORDERED(T, A, p, name, op, suffix, order) \
	static __always_inline T p##_##name##_return##suffix(T i, A *v) \
	{ \
		T now = (T)__atomic_##op##_fetch(&v->counter, i, order); \
		kmem_atomic_ordered(order); \
		return now; \
	} \
	static __always_inline T p##_fetch_##name##suffix(T i, A *v) \
	{ \
		T was = (T)__atomic_fetch_##op(&v->counter, i, order); \
		kmem_atomic_ordered(order); \
		return was; \
	}
#define KMEM_ATOMIC_FETCH(T, A, p, name, op, argument, suffix, order) \
	static __always_inline T p##_fetch_##name##suffix(T i, A *v) \
	{ \
		T was = (T)__atomic_fetch_##op(&v->counter, argument, order); \
		kmem_atomic_ordered(order); \
		return was; \
	}
#define KMEM_ATOMIC_STEP(T, A, p, name, op, suffix, order) \
	static __always_inline T p##_##name##_return##suffix(A *v) \
	{ \
		T now = (T)__atomic_##op##_fetch(&v->counter, 1, order); \
		kmem_atomic_ordered(order); \
		return now; \
	} \
	static __always_inline T p##_fetch_##name##suffix(A *v) \
	{ \
		T was = (T)__atomic_fetch_##op(&v->counter, 1, order); \
		kmem_atomic_ordered(order); \
		return was; \
	}
#define KMEM_ATOMIC_EXCHANGE(T, A, p, suffix, order, failure) \
	static __always_inline T p##_xchg##suffix(A *v, T i) \
	{ \
		T was = (T)__atomic_exchange_n(&v->counter, i, order); \
		kmem_atomic_ordered(order); \
		return was; \
	} \
	/* Returns what was there: old if the exchange took place. */ \
	static __always_inline T p##_cmpxchg##suffix(A *v, T old, T i) \
	{ \
		__typeof__(v->counter) found = old; \
		__atomic_compare_exchange_n(&v->counter, &found, i, false, order, failure); \
		kmem_atomic_ordered(order); \
		return (T)found; \
	} \
	/* On failure *old becomes what is there. */ \
	static __always_inline bool p##_try_cmpxchg##suffix(A *v, T *old, T i) \
	{ \
		__typeof__(v->counter) found = *old; \
		bool done = __atomic_compare_exchange_n(&v->counter, &found, i, false, order, failure); \
		kmem_atomic_ordered(order); \
		if (!done) \
			*old = (T)found; \
		return done; \
	} \
	static __always_inline bool p##_add_negative##suffix(T i, A *v) \
	{ \
		return p##_add_return##suffix(i, v) < 0; \
	}
#define KMEM_ATOMIC_ORDER(T, A, p, suffix, order, failure) \
	KMEM_ATOMIC_ORDERED(T, A, p, add, add, suffix, order) \
	KMEM_ATOMIC_ORDERED(T, A, p, sub, sub, suffix, order) \
	KMEM_ATOMIC_STEP(T, A, p, inc, add, suffix, order) \
	KMEM_ATOMIC_STEP(T, A, p, dec, sub, suffix, order) \
	KMEM_ATOMIC_FETCH(T, A, p, and, and, i, suffix, order) \
	KMEM_ATOMIC_FETCH(T, A, p, andnot, and, ~i, suffix, order) \
	KMEM_ATOMIC_FETCH(T, A, p, or, or, i, suffix, order) \
	KMEM_ATOMIC_FETCH(T, A, p, xor, xor, i, suffix, order) \
	KMEM_ATOMIC_EXCHANGE(T, A, p, suffix, order, failure)
#define KMEM_ATOMIC_PLAIN(T, A, p, name, op, argument) \
	static __always_inline void p##_##name(T i, A *v) \
	{ \
		__atomic_fetch_##op(&v->counter, argument, __ATOMIC_RELAXED); \
	}

#define KMEM_ATOMIC(T, A, p) \
	static __always_inline T p##_read(const A *v) \
	{ \
		return __atomic_load_n(&v->counter, __ATOMIC_RELAXED); \
	} \
	static __always_inline T p##_read_acquire(const A *v) \
	{ \
		return __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE); \
	} \
	static __always_inline void p##_set(A *v, T i) \
	{ \
		__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED); \
	} \
	static __always_inline void p##_set_release(A *v, T i) \
	{ \
		__atomic_store_n(&v->counter, i, __ATOMIC_RELEASE); \
	} \
	KMEM_ATOMIC_PLAIN(T, A, p, add, add, i) \
	KMEM_ATOMIC_PLAIN(T, A, p, sub, sub, i) \
	KMEM_ATOMIC_PLAIN(T, A, p, and, and, i) \
	KMEM_ATOMIC_PLAIN(T, A, p, andnot, and, ~i) \
	KMEM_ATOMIC_PLAIN(T, A, p, or, or, i) \
	KMEM_ATOMIC_PLAIN(T, A, p, xor, xor, i) \
	static __always_inline void p##_inc(A *v) { p##_add(1, v); } \
	static __always_inline void p##_dec(A *v) { p##_sub(1, v); } \
	KMEM_ATOMIC_ORDER(T, A, p, , __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) \
	KMEM_ATOMIC_ORDER(T, A, p, _relaxed, __ATOMIC_RELAXED, __ATOMIC_RELAXED) \
	KMEM_ATOMIC_ORDER(T, A, p, _acquire, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE) \
	KMEM_ATOMIC_ORDER(T, A, p, _release, __ATOMIC_RELEASE, __ATOMIC_RELAXED) \
	static __always_inline bool p##_sub_and_test(T i, A *v) { return p##_sub_return(i, v) == 0; } \
	static __always_inline bool p##_dec_and_test(A *v) { return p##_dec_return(v) == 0; } \
	static __always_inline bool p##_inc_and_test(A *v) { return p##_inc_return(v) == 0; } \
	/* Adds unless the value is u; returns what it was. */ \
	static __always_inline T p##_fetch_add_unless(A *v, T i, T u) \
	{ \
		T old = p##_read(v); \
		while (old != u && !p##_try_cmpxchg(v, &old, (T)((unsigned long long)old + (unsigned long long)i))) \
			; \
		return old; \
	} \
	static __always_inline bool p##_add_unless(A *v, T i, T u) { return p##_fetch_add_unless(v, i, u) != u; } \
	static __always_inline bool p##_inc_not_zero(A *v) { return p##_add_unless(v, 1, 0); } \
	static __always_inline bool p##_inc_unless_negative(A *v) \
	{ \
		T old = p##_read(v); \
		while (old >= 0) \
			if (p##_try_cmpxchg(v, &old, (T)((unsigned long long)old + 1))) \
				return true; \
		return false; \
	} \
	static __always_inline bool p##_dec_unless_positive(A *v) \
	{ \
		T old = p##_read(v); \
		while (old <= 0) \
			if (p##_try_cmpxchg(v, &old, (T)((unsigned long long)old - 1))) \
				return true; \
		return false; \
	} \
	/* Returns the value less one; if that is negative, the value stayed as it was. */ \
	static __always_inline T p##_dec_if_positive(A *v) \
	{ \
		T old = p##_read(v), less; \
		do { \
			less = (T)((unsigned long long)old - 1); \
		} while (less >= 0 && !p##_try_cmpxchg(v, &old, less)); \
		return less; \
	}

KMEM_ATOMIC(int, atomic_t, atomic)
KMEM_ATOMIC(s64, atomic64_t, atomic64)

/* The kernel's atomic_long_t is atomic64_t where a long has 64 bits; code may say either for the same variable. */
#ifdef __LP64__
typedef atomic64_t atomic_long_t;
#else
typedef atomic_t atomic_long_t;
#endif
KMEM_ATOMIC(long, atomic_long_t, atomic_long)

#ifndef xchg
#define xchg(ptr, value) \
	(__extension__ ({ \
		__typeof__(*(ptr)) kmem_was = __atomic_exchange_n(ptr, value, __ATOMIC_SEQ_CST); \
		smp_mb__after_atomic(); \
		kmem_was; \
	}))
#define xchg_relaxed(ptr, value)	__atomic_exchange_n(ptr, value, __ATOMIC_RELAXED)
#define xchg_acquire(ptr, value)	__atomic_exchange_n(ptr, value, __ATOMIC_ACQUIRE)
#define xchg_release(ptr, value)	__atomic_exchange_n(ptr, value, __ATOMIC_RELEASE)
#endif

#ifndef cmpxchg
#define KMEM_CMPXCHG(ptr, old, value, order, failure) \
	(__extension__ ({ \
		__typeof__(*(ptr)) kmem_old = (old); \
		__atomic_compare_exchange_n(ptr, &kmem_old, value, 0, order, failure); \
		kmem_atomic_ordered(order); \
		kmem_old; \
	}))
#define KMEM_TRY_CMPXCHG(ptr, old, value, order, failure) \
	(__extension__ ({ \
		bool kmem_done = __atomic_compare_exchange_n(ptr, old, value, 0, order, failure); \
		kmem_atomic_ordered(order); \
		kmem_done; \
	}))
#define cmpxchg(ptr, old, value)	KMEM_CMPXCHG(ptr, old, value, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
#define cmpxchg_relaxed(ptr, old, value)	KMEM_CMPXCHG(ptr, old, value, __ATOMIC_RELAXED, __ATOMIC_RELAXED)
#define cmpxchg_acquire(ptr, old, value)	KMEM_CMPXCHG(ptr, old, value, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)
#define cmpxchg_release(ptr, old, value)	KMEM_CMPXCHG(ptr, old, value, __ATOMIC_RELEASE, __ATOMIC_RELAXED)
#define cmpxchg_local(ptr, old, value)	cmpxchg_relaxed(ptr, old, value)
#define cmpxchg64(ptr, old, value)	cmpxchg(ptr, old, value)
#define try_cmpxchg(ptr, old, value)	KMEM_TRY_CMPXCHG(ptr, old, value, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
#define try_cmpxchg_relaxed(ptr, old, value)	KMEM_TRY_CMPXCHG(ptr, old, value, __ATOMIC_RELAXED, __ATOMIC_RELAXED)
#define try_cmpxchg_acquire(ptr, old, value)	KMEM_TRY_CMPXCHG(ptr, old, value, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)
#define try_cmpxchg_release(ptr, old, value)	KMEM_TRY_CMPXCHG(ptr, old, value, __ATOMIC_RELEASE, __ATOMIC_RELAXED)
#define try_cmpxchg64(ptr, old, value)	try_cmpxchg(ptr, old, value)
#endif

#endif
