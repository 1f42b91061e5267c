// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_atomic - what atomic operations leave and what they return
 *
 * At risk: the old value where the new one is promised, wrapping, the tests
 * at zero and at the sign.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/atomic.h>
#include <linux/bitops.h>

static const int starts[] = { 0, 1, -1, 5, INT_MAX, INT_MIN };

#define SHOW(op) \
	do { \
		long result; \
		atomic_set(&v, starts[i]); \
		result = (long)(op); \
		pr_cont(" %ld>%d", result, atomic_read(&v)); \
	} while (0)
#define SHOW64(op) \
	do { \
		s64 result; \
		atomic64_set(&w, (s64)starts[i] << 32); \
		result = (s64)(op); \
		pr_cont(" %lld>%lld", result, (s64)atomic64_read(&w)); \
	} while (0)

static int asked;

/* The word changes meanwhile. */
static unsigned long other_mask(unsigned long *word)
{
	if (!asked++)
		*word = 15;
	return 12;
}

static int __init kit_atomic_init(void)
{
	atomic64_t w = ATOMIC64_INIT(0);
	atomic_long_t l = ATOMIC_LONG_INIT(3);
	atomic_t v = ATOMIC_INIT(0);
	unsigned int i;
	unsigned long word = 10, was;
	int old;
	s64 old64;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		pr_info("%d return:", starts[i]);
		SHOW(atomic_add_return(3, &v));
		SHOW(atomic_sub_return(3, &v));
		SHOW(atomic_inc_return(&v));
		SHOW(atomic_dec_return(&v));
		pr_cont(" fetch:");
		SHOW(atomic_fetch_add(3, &v));
		SHOW(atomic_fetch_sub(3, &v));
		SHOW(atomic_fetch_inc(&v));
		SHOW(atomic_fetch_dec(&v));
		SHOW(atomic_fetch_and(6, &v));
		SHOW(atomic_fetch_andnot(6, &v));
		SHOW(atomic_fetch_or(6, &v));
		SHOW(atomic_fetch_xor(6, &v));
		pr_cont("\n");
		pr_info("%d test:", starts[i]);
		SHOW(atomic_sub_and_test(1, &v));
		SHOW(atomic_dec_and_test(&v));
		SHOW(atomic_inc_and_test(&v));
		SHOW(atomic_add_negative(-1, &v));
		SHOW(atomic_add_unless(&v, 2, 5));
		SHOW(atomic_fetch_add_unless(&v, 2, 5));
		SHOW(atomic_inc_not_zero(&v));
		SHOW(atomic_inc_unless_negative(&v));
		SHOW(atomic_dec_unless_positive(&v));
		SHOW(atomic_dec_if_positive(&v));
		SHOW(atomic_xchg(&v, 9));
		SHOW(atomic_cmpxchg(&v, 5, 9));
		old = 5;
		SHOW(atomic_try_cmpxchg(&v, &old, 9));
		pr_cont(" old %d\n", old);
		pr_info("%d 64:", starts[i]);
		SHOW64(atomic64_add_return(3, &w));
		SHOW64(atomic64_fetch_sub(3, &w));
		SHOW64(atomic64_dec_if_positive(&w));
		SHOW64(atomic64_add_unless(&w, 1, 0));
		SHOW64(atomic64_inc_not_zero(&w));
		SHOW64(atomic64_cmpxchg(&w, 0, 1));
		old64 = 0;
		SHOW64(atomic64_try_cmpxchg(&w, &old64, 1));
		pr_cont(" old %lld\n", old64);
	}
	atomic_long_inc(&l);
	pr_info("long %ld %d\n", atomic_long_add_return(4, &l), atomic_long_dec_and_test(&l));
	was = xchg(&word, 11);
	pr_info("xchg %lu, word %lu\n", was, word);
	was = cmpxchg(&word, 11, 12);
	pr_info("cmpxchg %lu, word %lu\n", was, word);
	was = cmpxchg(&word, 11, 13);
	pr_info("cmpxchg %lu, word %lu\n", was, word);
	was = set_mask_bits(&word, other_mask(&word), 16);
	pr_info("set_mask_bits %lu, word %lu, asked %d times\n", was, word, asked);
	pr_info("load %lu\n", smp_load_acquire(&word));
	smp_store_release(&word, 14);
	WRITE_ONCE(word, READ_ONCE(word) + 1);
	pr_info("word %lu\n", word);
	return 0;
}
module_init(kit_atomic_init);
MODULE_DESCRIPTION("what atomic operations leave and what they return");
MODULE_LICENSE("Dual MIT/GPL");
