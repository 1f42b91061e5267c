/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Single bits in arrays of longs; searching and counting bits in one word.
 *
 * Positions of the __ functions count from 0, those of ffs() and fls() from 1 with 0 for none. set_bit() and its
 * like are atomic and order nothing; those that return the old bit order everything; __set_bit() is for one thread.
 */
#ifndef KMEM_LINUX_BITOPS_H
#define KMEM_LINUX_BITOPS_H

#include <asm/barrier.h>
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <stdbool.h>

/* In size_t, so that the largest number of 32 bits does not wrap when it is rounded up. */
#define KMEM_BITS_TO(nr, bits)	(((nr) + (bits) - 1) / (bits))
#define BITS_TO_LONGS(nr)	KMEM_BITS_TO(nr, BITS_PER_TYPE(long))
#define BITS_TO_U64(nr)		KMEM_BITS_TO(nr, BITS_PER_TYPE(__u64))
#define BITS_TO_U32(nr)		KMEM_BITS_TO(nr, BITS_PER_TYPE(__u32))
#define BITS_TO_BYTES(nr)	KMEM_BITS_TO(nr, BITS_PER_TYPE(char))

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

static __always_inline unsigned int __ffs64(__u64 x)
{
	return (unsigned int)__builtin_ctzll(x);
}

/* The first zero; undefined if there is none. */
static __always_inline unsigned long ffz(unsigned long x)
{
	return __ffs(~x);
}

static __always_inline unsigned int hweight8(unsigned int x)
{
	return hweight32(x & 0xff);
}

static __always_inline unsigned int hweight16(unsigned int x)
{
	return hweight32(x & 0xffff);
}

/* Logarithm rounded up; -1 for 0. */
static __always_inline int get_count_order(unsigned int count)
{
	return count ? fls(count - 1) : -1;
}

static __always_inline int get_count_order_long(unsigned long count)
{
	return count ? (int)fls_long(count - 1) : -1;
}

static __always_inline __u64 rol64(__u64 x, unsigned int n) { return (x << (n & 63)) | (x >> (-n & 63)); }
static __always_inline __u64 ror64(__u64 x, unsigned int n) { return (x >> (n & 63)) | (x << (-n & 63)); }
static __always_inline __u32 rol32(__u32 x, unsigned int n) { return (x << (n & 31)) | (x >> (-n & 31)); }
static __always_inline __u32 ror32(__u32 x, unsigned int n) { return (x >> (n & 31)) | (x << (-n & 31)); }

static __always_inline __u16 rol16(__u16 x, unsigned int n)
{
	return (__u16)((x << (n & 15)) | (x >> (-n & 15)));
}

static __always_inline __u16 ror16(__u16 x, unsigned int n)
{
	return (__u16)((x >> (n & 15)) | (x << (-n & 15)));
}

static __always_inline __u8 rol8(__u8 x, unsigned int n)
{
	return (__u8)((x << (n & 7)) | (x >> (-n & 7)));
}

static __always_inline __u8 ror8(__u8 x, unsigned int n)
{
	return (__u8)((x >> (n & 7)) | (x << (-n & 7)));
}

/* index is the place of the sign bit, which is copied to all above it. */
static __always_inline __s32 sign_extend32(__u32 value, int index)
{
	return (__s32)(value << (31 - index)) >> (31 - index);
}

static __always_inline __s64 sign_extend64(__u64 value, int index)
{
	return (__s64)(value << (63 - index)) >> (63 - index);
}

static __always_inline void set_bit(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

static __always_inline void clear_bit(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_RELAXED);
}

static __always_inline void change_bit(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_xor(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

static __always_inline bool test_bit(unsigned long nr, const volatile unsigned long *addr)
{
	return (__atomic_load_n(&addr[BIT_WORD(nr)], __ATOMIC_RELAXED) & BIT_MASK(nr)) != 0;
}

static __always_inline bool test_bit_acquire(unsigned long nr, const volatile unsigned long *addr)
{
	return (__atomic_load_n(&addr[BIT_WORD(nr)], __ATOMIC_ACQUIRE) & BIT_MASK(nr)) != 0;
}

static __always_inline bool test_and_set_bit(long nr, volatile unsigned long *addr)
{
	unsigned long was = __atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_SEQ_CST);

	smp_mb__after_atomic();
	return (was & BIT_MASK(nr)) != 0;
}

static __always_inline bool test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	unsigned long was = __atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_SEQ_CST);

	smp_mb__after_atomic();
	return (was & BIT_MASK(nr)) != 0;
}

static __always_inline bool test_and_change_bit(long nr, volatile unsigned long *addr)
{
	unsigned long was = __atomic_fetch_xor(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_SEQ_CST);

	smp_mb__after_atomic();
	return (was & BIT_MASK(nr)) != 0;
}

/* A bit as a lock: what happens between the two stays between them. */
static __always_inline bool test_and_set_bit_lock(long nr, volatile unsigned long *addr)
{
	return (__atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_ACQUIRE) & BIT_MASK(nr)) != 0;
}

static __always_inline void clear_bit_unlock(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr), __ATOMIC_RELEASE);
}

static __always_inline void __set_bit(unsigned long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] = addr[BIT_WORD(nr)] | BIT_MASK(nr);
}

static __always_inline void __clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] = addr[BIT_WORD(nr)] & ~BIT_MASK(nr);
}

static __always_inline void __change_bit(unsigned long nr, volatile unsigned long *addr)
{
	addr[BIT_WORD(nr)] = addr[BIT_WORD(nr)] ^ BIT_MASK(nr);
}

static __always_inline bool __test_and_set_bit(unsigned long nr, volatile unsigned long *addr)
{
	bool was = test_bit(nr, addr);

	__set_bit(nr, addr);
	return was;
}

static __always_inline bool __test_and_clear_bit(unsigned long nr, volatile unsigned long *addr)
{
	bool was = test_bit(nr, addr);

	__clear_bit(nr, addr);
	return was;
}

static __always_inline bool __test_and_change_bit(unsigned long nr, volatile unsigned long *addr)
{
	bool was = test_bit(nr, addr);

	__change_bit(nr, addr);
	return was;
}

static __always_inline void __clear_bit_unlock(long nr, volatile unsigned long *addr)
{
	clear_bit_unlock(nr, addr);
}

static __always_inline void assign_bit(long nr, volatile unsigned long *addr, bool value)
{
	if (value)
		set_bit(nr, addr);
	else
		clear_bit(nr, addr);
}

static __always_inline void __assign_bit(long nr, volatile unsigned long *addr, bool value)
{
	if (value)
		__set_bit((unsigned long)nr, addr);
	else
		__clear_bit((unsigned long)nr, addr);
}

/* Changes the bits of mask to those of bits, and returns what the word was. */
#define set_mask_bits(ptr, mask, bits) \
	(__extension__ ({ \
		const __typeof__(*(ptr)) kmem_mask = (mask), kmem_bits = (bits); \
		__typeof__(*(ptr)) kmem_was = __atomic_load_n(ptr, __ATOMIC_RELAXED); \
		while (!__atomic_compare_exchange_n(ptr, &kmem_was, (kmem_was & ~kmem_mask) | kmem_bits, 0, \
						    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) \
			; \
		smp_mb__after_atomic(); \
		kmem_was; \
	}))

#ifdef __cplusplus
extern "C++" {
#include <strings.h>
}
#else
int (ffs)(int x);
#endif

#include <linux/find.h>

#endif
