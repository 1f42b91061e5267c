/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Searching bits in arrays of longs; part of linux/bitops.h. What is not found is reported as size, the number of
 * bits, and bits beyond it are never looked at.
 */
#ifndef __LINUX_FIND_H_
#define __LINUX_FIND_H_

#include <linux/bitops.h>

#ifndef BITMAP_FIRST_WORD_MASK
#define BITMAP_FIRST_WORD_MASK(start)	(~0UL << ((start) & (BITS_PER_LONG - 1)))
#endif
#ifndef BITMAP_LAST_WORD_MASK
#define BITMAP_LAST_WORD_MASK(nbits)	(~0UL >> (-(nbits) & (BITS_PER_LONG - 1)))
#endif

/* The first set bit of the words that `word` gives for index i, from start on. */
#define KMEM_FIND_NEXT(size, start, word) \
	(__extension__ ({ \
		unsigned long kmem_size = (size), kmem_at = (start), kmem_bits, i; \
		if (kmem_at < kmem_size) { \
			i = kmem_at / BITS_PER_LONG; \
			kmem_bits = (word) & BITMAP_FIRST_WORD_MASK(kmem_at); \
			while (!kmem_bits && (i + 1) * BITS_PER_LONG < kmem_size) { \
				i++; \
				kmem_bits = (word); \
			} \
			if (kmem_bits) { \
				kmem_at = i * BITS_PER_LONG + __ffs(kmem_bits); \
				if (kmem_at < kmem_size) \
					kmem_size = kmem_at; \
			} \
		} \
		kmem_size; \
	}))

static inline unsigned long find_next_bit(const unsigned long *addr, unsigned long size, unsigned long start)
{
	return KMEM_FIND_NEXT(size, start, addr[i]);
}

static inline unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size, unsigned long start)
{
	return KMEM_FIND_NEXT(size, start, ~addr[i]);
}

static inline unsigned long find_next_and_bit(const unsigned long *addr1, const unsigned long *addr2,
					      unsigned long size, unsigned long start)
{
	return KMEM_FIND_NEXT(size, start, addr1[i] & addr2[i]);
}

static inline unsigned long find_next_andnot_bit(const unsigned long *addr1, const unsigned long *addr2,
						 unsigned long size, unsigned long start)
{
	return KMEM_FIND_NEXT(size, start, addr1[i] & ~addr2[i]);
}

static inline unsigned long find_next_or_bit(const unsigned long *addr1, const unsigned long *addr2,
					     unsigned long size, unsigned long start)
{
	return KMEM_FIND_NEXT(size, start, addr1[i] | addr2[i]);
}

static inline unsigned long find_first_bit(const unsigned long *addr, unsigned long size)
{
	return find_next_bit(addr, size, 0);
}

static inline unsigned long find_first_zero_bit(const unsigned long *addr, unsigned long size)
{
	return find_next_zero_bit(addr, size, 0);
}

static inline unsigned long find_first_and_bit(const unsigned long *addr1, const unsigned long *addr2,
					       unsigned long size)
{
	return find_next_and_bit(addr1, addr2, size, 0);
}

static inline unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long i, bits;

	for (i = BITS_TO_LONGS(size); i-- > 0;) {
		bits = addr[i];
		if (i == size / BITS_PER_LONG)
			bits &= BITMAP_LAST_WORD_MASK(size);
		if (bits)
			return i * BITS_PER_LONG + __fls(bits);
	}
	return size;
}

/* The n-th set bit, counting from 0. */
static inline unsigned long find_nth_bit(const unsigned long *addr, unsigned long size, unsigned long n)
{
	unsigned long bit = find_first_bit(addr, size);

	while (bit < size && n--)
		bit = find_next_bit(addr, size, bit + 1);
	return bit;
}

/* From start on, and then from the beginning. */
static inline unsigned long find_next_bit_wrap(const unsigned long *addr, unsigned long size, unsigned long start)
{
	unsigned long bit = find_next_bit(addr, size, start);

	if (bit >= size) {
		bit = find_first_bit(addr, start);
		if (bit >= start)
			bit = size;
	}
	return bit;
}

#define for_each_set_bit(bit, addr, size) \
	for ((bit) = 0; (bit) = find_next_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_set_bit_from(bit, addr, size) \
	for (; (bit) = find_next_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_clear_bit(bit, addr, size) \
	for ((bit) = 0; (bit) = find_next_zero_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_clear_bit_from(bit, addr, size) \
	for (; (bit) = find_next_zero_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_and_bit(bit, addr1, addr2, size) \
	for ((bit) = 0; (bit) = find_next_and_bit((addr1), (addr2), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_andnot_bit(bit, addr1, addr2, size) \
	for ((bit) = 0; (bit) = find_next_andnot_bit((addr1), (addr2), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_or_bit(bit, addr1, addr2, size) \
	for ((bit) = 0; (bit) = find_next_or_bit((addr1), (addr2), (size), (bit)), (bit) < (size); (bit)++)
/* Runs of set or clear bits: [first, end). */
#define for_each_set_bitrange(first, end, addr, size) \
	for ((first) = 0; \
	     (first) = find_next_bit((addr), (size), (first)), \
	     (end) = find_next_zero_bit((addr), (size), (first) + 1), (first) < (size); (first) = (end) + 1)
#define for_each_clear_bitrange(first, end, addr, size) \
	for ((first) = 0; \
	     (first) = find_next_zero_bit((addr), (size), (first)), \
	     (end) = find_next_bit((addr), (size), (first) + 1), (first) < (size); (first) = (end) + 1)

#endif
