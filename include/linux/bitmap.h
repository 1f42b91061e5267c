/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Bitmaps: arrays of longs with a number of bits that need not fill the last one. The bits beyond are scratch:
 * nothing here relies on them, and most operations leave something there.
 */
#ifndef __LINUX_BITMAP_H
#define __LINUX_BITMAP_H

#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/find.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>

#ifndef DECLARE_BITMAP
#define DECLARE_BITMAP(name, bits)	unsigned long name[BITS_TO_LONGS(bits)]
#endif

#define bitmap_size(nbits)		(BITS_TO_LONGS((unsigned long)(nbits)) * sizeof(long))

static inline void bitmap_zero(unsigned long *dst, unsigned int nbits)
{
	memset(dst, 0, bitmap_size(nbits));
}

static inline void bitmap_fill(unsigned long *dst, unsigned int nbits)
{
	memset(dst, 0xff, bitmap_size(nbits));
}

static inline void bitmap_copy(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	memcpy(dst, src, bitmap_size(nbits));
}

/* The same, and zero in the rest of the last word. */
static inline void bitmap_copy_clear_tail(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	bitmap_copy(dst, src, nbits);
	if (nbits % BITS_PER_LONG)
		dst[nbits / BITS_PER_LONG] &= BITMAP_LAST_WORD_MASK(nbits);
}

/* Word k of an expression, with the bits beyond nbits taken off the last one. */
static __always_inline unsigned long kmem_bitmap_mask(unsigned int k, unsigned int nbits)
{
	return k == nbits / BITS_PER_LONG ? BITMAP_LAST_WORD_MASK(nbits) : ~0UL;
}

/* Whether the result has a bit set. */
static inline bool bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned long any = 0;
	unsigned int k;

	for (k = 0; k < BITS_TO_LONGS(nbits); k++)
		any |= (dst[k] = a[k] & b[k] & kmem_bitmap_mask(k, nbits));
	return any != 0;
}

static inline bool bitmap_andnot(unsigned long *dst, const unsigned long *a, const unsigned long *b,
				 unsigned int nbits)
{
	unsigned long any = 0;
	unsigned int k;

	for (k = 0; k < BITS_TO_LONGS(nbits); k++)
		any |= (dst[k] = a[k] & ~b[k] & kmem_bitmap_mask(k, nbits));
	return any != 0;
}

static inline void bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int k;

	for (k = 0; k < BITS_TO_LONGS(nbits); k++)
		dst[k] = a[k] | b[k];
}

static inline void bitmap_xor(unsigned long *dst, const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int k;

	for (k = 0; k < BITS_TO_LONGS(nbits); k++)
		dst[k] = a[k] ^ b[k];
}

static inline void bitmap_complement(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	unsigned int k;

	for (k = 0; k < BITS_TO_LONGS(nbits); k++)
		dst[k] = ~src[k];
}

/* Bits from `set` where mask has a bit, from old elsewhere. */
static inline void bitmap_replace(unsigned long *dst, const unsigned long *old, const unsigned long *set,
				  const unsigned long *mask, unsigned int nbits)
{
	unsigned int k;

	for (k = 0; k < BITS_TO_LONGS(nbits); k++)
		dst[k] = (old[k] & ~mask[k]) | (set[k] & mask[k]);
}

static inline bool bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int k;

	for (k = 0; k < BITS_TO_LONGS(nbits); k++)
		if ((a[k] ^ b[k]) & kmem_bitmap_mask(k, nbits))
			return false;
	return true;
}

/* Whether a and b together are c. */
static inline bool bitmap_or_equal(const unsigned long *a, const unsigned long *b, const unsigned long *c,
				   unsigned int nbits)
{
	unsigned int k;

	for (k = 0; k < BITS_TO_LONGS(nbits); k++)
		if (((a[k] | b[k]) ^ c[k]) & kmem_bitmap_mask(k, nbits))
			return false;
	return true;
}

static inline bool bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	return find_first_and_bit(a, b, nbits) < nbits;
}

static inline bool bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	return find_next_andnot_bit(a, b, nbits, 0) >= nbits;
}

static inline bool bitmap_empty(const unsigned long *src, unsigned int nbits)
{
	return find_first_bit(src, nbits) == nbits;
}

static inline bool bitmap_full(const unsigned long *src, unsigned int nbits)
{
	return find_first_zero_bit(src, nbits) == nbits;
}

static inline unsigned int bitmap_weight(const unsigned long *src, unsigned int nbits)
{
	unsigned int k, weight = 0;

	for (k = 0; k < BITS_TO_LONGS(nbits); k++)
		weight += (unsigned int)hweight_long(src[k] & kmem_bitmap_mask(k, nbits));
	return weight;
}

static inline unsigned long bitmap_weight_and(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned long weight = 0;
	unsigned int k;

	for (k = 0; k < BITS_TO_LONGS(nbits); k++)
		weight += hweight_long(a[k] & b[k] & kmem_bitmap_mask(k, nbits));
	return weight;
}

/* The bits of word k that lie in [start, end). */
static __always_inline unsigned long kmem_bitmap_span(unsigned int k, unsigned int start, unsigned int end)
{
	unsigned long bits = ~0UL;

	if (k == start / BITS_PER_LONG)
		bits &= BITMAP_FIRST_WORD_MASK(start);
	if (k == end / BITS_PER_LONG)
		bits &= BITMAP_LAST_WORD_MASK(end);
	return bits;
}

static inline void bitmap_set(unsigned long *map, unsigned int start, unsigned int nbits)
{
	unsigned int k, end = start + nbits;

	if (nbits)
		for (k = start / BITS_PER_LONG; k < BITS_TO_LONGS(end); k++)
			map[k] |= kmem_bitmap_span(k, start, end);
}

static inline void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nbits)
{
	unsigned int k, end = start + nbits;

	if (nbits)
		for (k = start / BITS_PER_LONG; k < BITS_TO_LONGS(end); k++)
			map[k] &= ~kmem_bitmap_span(k, start, end);
}

/*
 * Start of the first run of nr clear bits from start on, such that start of the run + offset is a multiple of
 * align_mask + 1. A value above size if there is none.
 */
static inline unsigned long bitmap_find_next_zero_area_off(unsigned long *map, unsigned long size,
							   unsigned long start, unsigned int nr,
							   unsigned long align_mask, unsigned long offset)
{
	unsigned long at, end, set;

	for (;;) {
		at = find_next_zero_bit(map, size, start);
		at = ((at + offset + align_mask) & ~align_mask) - offset;
		end = at + nr;
		if (end > size)
			return end;
		set = find_next_bit(map, end, at);
		if (set >= end)
			return at;
		start = set + 1;
	}
}

static inline unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size, unsigned long start,
						       unsigned int nr, unsigned long align_mask)
{
	return bitmap_find_next_zero_area_off(map, size, start, nr, align_mask, 0);
}

/* Towards bit 0; zeroes come in at the top. */
static inline void bitmap_shift_right(unsigned long *dst, const unsigned long *src, unsigned int shift,
				      unsigned int nbits)
{
	unsigned int k, words = (unsigned int)BITS_TO_LONGS(nbits), off = shift / BITS_PER_LONG, rem = shift % BITS_PER_LONG;

	for (k = 0; k < words; k++) {
		unsigned int from = k + off;
		unsigned long low = 0, high = 0;

		if (from < words)
			low = src[from] & kmem_bitmap_mask(from, nbits);
		if (rem && from + 1 < words)
			high = src[from + 1] & kmem_bitmap_mask(from + 1, nbits);
		dst[k] = rem ? (low >> rem) | (high << (BITS_PER_LONG - rem)) : low;
	}
}

/* Away from bit 0. */
static inline void bitmap_shift_left(unsigned long *dst, const unsigned long *src, unsigned int shift,
				     unsigned int nbits)
{
	unsigned int k, words = (unsigned int)BITS_TO_LONGS(nbits), off = shift / BITS_PER_LONG, rem = shift % BITS_PER_LONG;

	for (k = words; k-- > 0;) {
		unsigned long low = 0, high = 0;

		if (k >= off)
			high = src[k - off];
		if (rem && k > off)
			low = src[k - off - 1];
		dst[k] = rem ? (high << rem) | (low >> (BITS_PER_LONG - rem)) : high;
	}
}

/* Regions: 2^order bits on a boundary of their size. */
static inline int bitmap_find_free_region(unsigned long *map, unsigned int bits, int order)
{
	unsigned int at, n = 1U << order;

	for (at = 0; at + n <= bits; at += n) {
		if (find_next_bit(map, at + n, at) < at + n)
			continue;
		bitmap_set(map, at, n);
		return (int)at;
	}
	return -ENOMEM;
}

static inline void bitmap_release_region(unsigned long *map, unsigned int pos, int order)
{
	bitmap_clear(map, pos, 1U << order);
}

static inline int bitmap_allocate_region(unsigned long *map, unsigned int pos, int order)
{
	unsigned int n = 1U << order;

	if (find_next_bit(map, pos + n, pos) < pos + n)
		return -EBUSY;
	bitmap_set(map, pos, n);
	return 0;
}

static inline void bitmap_from_arr32(unsigned long *map, const u32 *buf, unsigned int nbits)
{
	unsigned int k;

	bitmap_zero(map, nbits);
	for (k = 0; k < BITS_TO_U32(nbits); k++)
		map[k * 32 / BITS_PER_LONG] |= (unsigned long)buf[k] << (k * 32 % BITS_PER_LONG);
	if (nbits % BITS_PER_LONG)
		map[nbits / BITS_PER_LONG] &= BITMAP_LAST_WORD_MASK(nbits);
}

static inline void bitmap_to_arr32(u32 *buf, const unsigned long *map, unsigned int nbits)
{
	unsigned int k;

	for (k = 0; k < BITS_TO_U32(nbits); k++)
		buf[k] = (u32)((map[k * 32 / BITS_PER_LONG] & kmem_bitmap_mask(k * 32 / BITS_PER_LONG, nbits)) >>
			       (k * 32 % BITS_PER_LONG));
}

static inline void bitmap_from_u64(unsigned long *dst, u64 mask)
{
	const u32 half[2] = { (u32)mask, (u32)(mask >> 32) };

	bitmap_from_arr32(dst, half, 64);
}

/* Eight bits at a place that is a multiple of 8. */
static inline unsigned long bitmap_get_value8(const unsigned long *map, unsigned long start)
{
	return (map[BIT_WORD(start)] >> (start % BITS_PER_LONG)) & 0xff;
}

static inline void bitmap_set_value8(unsigned long *map, unsigned long value, unsigned long start)
{
	unsigned long shift = start % BITS_PER_LONG, *word = &map[BIT_WORD(start)];

	*word = (*word & ~(0xffUL << shift)) | ((value & 0xff) << shift);
}

#endif
