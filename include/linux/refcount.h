/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Reference counts that do not wrap: a count that overflows or goes below zero is stuck at a value far from both
 * ends, so the object leaks instead of being freed in use. Each kind of accident is reported once per program.
 */
#ifndef _LINUX_REFCOUNT_H
#define _LINUX_REFCOUNT_H

#include <kmem/once.h>
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/types.h>

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)	{ { (n) } }
#define REFCOUNT_MAX		__INT_MAX__
#define REFCOUNT_SATURATED	((-__INT_MAX__ - 1) / 2)

enum refcount_saturation_type {
	REFCOUNT_ADD_NOT_ZERO_OVF,
	REFCOUNT_ADD_OVF,
	REFCOUNT_ADD_UAF,
	REFCOUNT_SUB_UAF,
	REFCOUNT_DEC_LEAK,
};

/* Which kinds of accident were reported. */
KMEM_SHARED char kmem_refcount_told[REFCOUNT_DEC_LEAK + 1];

static inline __cold void refcount_warn_saturate(refcount_t *r, enum refcount_saturation_type kind)
{
	static const char *const text[] = {
		"refcount_t: saturated; leaking memory.\n",
		"refcount_t: saturated; leaking memory.\n",
		"refcount_t: addition on 0; use-after-free.\n",
		"refcount_t: underflow; use-after-free.\n",
		"refcount_t: decrement hit 0; leaking memory.\n",
	};

	atomic_set(&r->refs, REFCOUNT_SATURATED);
	if (!__atomic_exchange_n(&kmem_refcount_told[kind], 1, __ATOMIC_RELAXED))
		kmem_warn(__FILE__, __LINE__, __func__, "%s", text[kind]);
}

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return (unsigned int)atomic_read(&r->refs);
}

/* Whether the count is, or becomes with i more, negative as an int. */
static inline bool kmem_refcount_over(int old, int i)
{
	return old < 0 || (int)((unsigned int)old + (unsigned int)i) < 0;
}

/* Gives what the count was: 0 if nothing was done. */
static inline __must_check bool __refcount_add_not_zero(int i, refcount_t *r, int *was)
{
	int old = atomic_read(&r->refs);

	do {
		if (!old)
			break;
	} while (!atomic_try_cmpxchg_relaxed(&r->refs, &old, (int)((unsigned int)old + (unsigned int)i)));
	if (was)
		*was = old;
	if (unlikely(kmem_refcount_over(old, i)))
		refcount_warn_saturate(r, REFCOUNT_ADD_NOT_ZERO_OVF);
	return old != 0;
}

static inline __must_check bool refcount_add_not_zero(int i, refcount_t *r)
{
	return __refcount_add_not_zero(i, r, NULL);
}

static inline __must_check bool refcount_inc_not_zero(refcount_t *r)
{
	return __refcount_add_not_zero(1, r, NULL);
}

static inline void __refcount_add(int i, refcount_t *r, int *was)
{
	int old = atomic_fetch_add_relaxed(i, &r->refs);

	if (was)
		*was = old;
	if (unlikely(!old))
		refcount_warn_saturate(r, REFCOUNT_ADD_UAF);
	else if (unlikely(kmem_refcount_over(old, i)))
		refcount_warn_saturate(r, REFCOUNT_ADD_OVF);
}

static inline void refcount_add(int i, refcount_t *r)
{
	__refcount_add(i, r, NULL);
}

static inline void refcount_inc(refcount_t *r)
{
	__refcount_add(1, r, NULL);
}

/* True for whoever gave up the last reference: all that others did with the object happened before. */
static inline __must_check bool __refcount_sub_and_test(int i, refcount_t *r, int *was)
{
	int old = atomic_fetch_sub_release(i, &r->refs);

	if (was)
		*was = old;
	if (old > 0 && old == i) {
		(void)atomic_read_acquire(&r->refs);
		return true;
	}
	if (unlikely(old <= 0 || old - i < 0))
		refcount_warn_saturate(r, REFCOUNT_SUB_UAF);
	return false;
}

static inline __must_check bool refcount_sub_and_test(int i, refcount_t *r)
{
	return __refcount_sub_and_test(i, r, NULL);
}

static inline __must_check bool refcount_dec_and_test(refcount_t *r)
{
	return __refcount_sub_and_test(1, r, NULL);
}

/* For a reference that is not the last. */
static inline void refcount_dec(refcount_t *r)
{
	if (unlikely(atomic_fetch_sub_release(1, &r->refs) <= 1))
		refcount_warn_saturate(r, REFCOUNT_DEC_LEAK);
}

static inline __must_check bool refcount_dec_if_one(refcount_t *r)
{
	int one = 1;

	return atomic_try_cmpxchg_release(&r->refs, &one, 0);
}

static inline __must_check bool refcount_dec_not_one(refcount_t *r)
{
	int old = atomic_read(&r->refs);

	do {
		if (unlikely(old == REFCOUNT_SATURATED))
			return true;
		if (old == 1)
			return false;
		if (unlikely(!old)) {
			WARN_ONCE(1, "refcount_t: underflow; use-after-free.\n");
			return true;
		}
	} while (!atomic_try_cmpxchg_release(&r->refs, &old, (int)((unsigned int)old - 1)));
	return true;
}

#endif
