// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_bitmap - operations on bitmaps whose last word is not full
 *
 * At risk: the bits beyond the last, which some operations clear and some
 * leave; runs that begin or end on a word boundary; shifts by whole words.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>

#define BITS 150	/* not a constant for the compiler below: the general code runs */
static unsigned int bits = BITS;
module_param(bits, uint, 0);

static DECLARE_BITMAP(a, BITS);
static DECLARE_BITMAP(b, BITS);
static DECLARE_BITMAP(c, BITS);

static void show(const char *what)
{
	/* The last word without what lies beyond: that is nobody's business. */
	pr_info("%s: %08x:%08x %08x:%08x %06lx weight %u\n", what, upper_32_bits(c[0]), lower_32_bits(c[0]),
		upper_32_bits(c[1]), lower_32_bits(c[1]), c[2] & BITMAP_LAST_WORD_MASK(BITS),
		(unsigned int)bitmap_weight(c, bits));
}

static void pattern(void)
{
	unsigned int i;

	bitmap_zero(a, bits);
	bitmap_zero(b, bits);
	for (i = 0; i < bits; i += 3)
		__set_bit(i, a);
	for (i = 0; i < bits; i += 5)
		__set_bit(i, b);
}

static void combine(void)
{
	bool some;

	pattern();
	some = bitmap_and(c, a, b, bits);
	show(some ? "and, some" : "and, none");
	some = bitmap_andnot(c, a, b, bits);
	show(some ? "andnot, some" : "andnot, none");
	bitmap_or(c, a, b, bits);
	show("or");
	bitmap_xor(c, a, b, bits);
	show("xor");
	bitmap_complement(c, a, bits);
	show("complement");
	some = bitmap_andnot(c, a, a, bits);
	show(some ? "a less a, some" : "a less a, none");
	bitmap_replace(c, a, b, a, bits);
	show("replace");
	bitmap_fill(c, bits);
	show("fill");
	pr_info("full %d, empty %d, equal %d, intersects %d, subset %d %d\n", bitmap_full(c, bits), bitmap_empty(c, bits),
		bitmap_equal(a, b, bits), bitmap_intersects(a, b, bits), bitmap_subset(a, c, bits),
		bitmap_subset(c, a, bits));
}

static void shifts(void)
{
	static const unsigned int by[] = { 0, 1, 31, 63, 64, 65, 127, 128, 149 };
	unsigned int i;
	char text[32];

	for (i = 0; i < ARRAY_SIZE(by); i++) {
		pattern();
		/* What lies beyond the last bit must not come in. */
		a[2] |= ~BITMAP_LAST_WORD_MASK(BITS);
		bitmap_shift_left(c, a, by[i], bits);
		snprintf(text, sizeof(text), "left %u", by[i]);
		show(text);
		bitmap_shift_right(c, a, by[i], bits);
		snprintf(text, sizeof(text), "right %u", by[i]);
		show(text);
	}
}

static void runs(void)
{
	static const unsigned int run[][2] = { { 0, 0 }, { 0, 1 }, { 0, 64 }, { 63, 2 }, { 64, 64 }, { 1, 149 }, { 128, 22 } };
	unsigned int i;
	char text[32];

	for (i = 0; i < ARRAY_SIZE(run); i++) {
		bitmap_zero(c, bits);
		bitmap_set(c, run[i][0], run[i][1]);
		snprintf(text, sizeof(text), "set %u+%u", run[i][0], run[i][1]);
		show(text);
		bitmap_fill(c, bits);
		bitmap_clear(c, run[i][0], run[i][1]);
		snprintf(text, sizeof(text), "clear %u+%u", run[i][0], run[i][1]);
		show(text);
	}
}

static void areas(void)
{
	unsigned int i;

	bitmap_zero(c, bits);
	bitmap_set(c, 0, 10);
	bitmap_set(c, 20, 50);
	bitmap_set(c, 100, 3);
	for (i = 1; i < 60; i += 7)
		pr_info("area of %u: %lu, on 16: %lu, from 80: %lu\n", i, bitmap_find_next_zero_area(c, bits, 0, i, 0),
			bitmap_find_next_zero_area(c, bits, 0, i, 15), bitmap_find_next_zero_area(c, bits, 80, i, 0));
	for (i = 0; i < 7; i++) {
		int at = bitmap_find_free_region(c, 128, i);

		pr_info("region of order %u: %d, again %d\n", i, at, at < 0 ? 0 : bitmap_allocate_region(c, at, i));
	}
	bitmap_release_region(c, 0, 3);
	show("released");
}

static void words(void)
{
	u32 half[5] = { 0x11111111, 0x22222222, 0x33333333, 0x44444444, 0xffffffff };

	bitmap_from_arr32(c, half, bits);
	show("from 32");
	memset(half, 0, sizeof(half));
	bitmap_to_arr32(half, c, bits);
	pr_info("to 32: %x %x %x %x %x\n", half[0], half[1], half[2], half[3], half[4]);
	pr_info("value8 %lx\n", bitmap_get_value8(c, 64));
	bitmap_set_value8(c, 0xa5, 72);
	show("set value8");
	bitmap_set_value8(c, 0xffff5a, 8);
	show("set value8 of more than 8 bits");
	pr_info("longs %zu %zu %zu, u64 %zu, u32 %zu, bytes %zu\n", (size_t)BITS_TO_LONGS(bits),
		(size_t)BITS_TO_LONGS(bits - 151), (size_t)BITS_TO_LONGS(bits - 150), (size_t)BITS_TO_U64(bits - 151),
		(size_t)BITS_TO_U32(bits - 151), (size_t)BITS_TO_BYTES(bits - 151));
}

static int __init kit_bitmap_init(void)
{
	combine();
	shifts();
	runs();
	areas();
	words();
	return 0;
}
module_init(kit_bitmap_init);
MODULE_DESCRIPTION("operations on bitmaps whose last word is not full");
MODULE_LICENSE("Dual MIT/GPL");
