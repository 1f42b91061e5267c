// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_overflow - arithmetic that notices
 *
 * Pairs of values at the edges of several types through each helper: whether
 * it says so, and what it stores. At risk: mixed types, saturation, shifts.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/overflow.h>

struct flexible {
	u32 count;
	u16 item[];
};

#define PAIR(type, format, x, y) \
	do { \
		type a = (x), b = (y), sum, difference, product; \
		bool s = check_add_overflow(a, b, &sum), d = check_sub_overflow(a, b, &difference), \
		     p = check_mul_overflow(a, b, &product); \
		pr_info(#type " " format " " format ": %d " format " %d " format " %d " format "\n", a, b, s, sum, d, \
			difference, p, product); \
	} while (0)

#define SHIFT(type, format, x, by) \
	do { \
		type result = 1; \
		bool bad = check_shl_overflow(x, by, &result); \
		pr_info(#x " << " #by " in " #type ": %d", bad); \
		if (!bad) \
			pr_cont(" " format, result); \
		pr_cont("\n"); \
	} while (0)

static void on_stack(void)
{
	DEFINE_FLEX(struct flexible, f, item, count, 5);
	DEFINE_RAW_FLEX(struct flexible, raw, item, 5);

	pr_info("on the stack: count %u, items %*ph; raw: count %u, items %*ph\n", f->count, 10, f->item, raw->count, 10,
		raw->item);
	f->item[4] = 7;
	pr_info("the last %u\n", f->item[4]);
}

static int __init kit_overflow_init(void)
{
	volatile size_t big = SIZE_MAX, half = SIZE_MAX / 2 + 1, two = 2, none = 0;
	struct flexible *f = NULL;
	u8 small;
	bool over;

	PAIR(u8, "%u", 0, 0);
	PAIR(u8, "%u", 255, 1);
	PAIR(u8, "%u", 16, 16);
	PAIR(u8, "%u", 0, 1);
	PAIR(s8, "%d", 127, 1);
	PAIR(s8, "%d", -128, -1);
	PAIR(s8, "%d", -128, 1);
	PAIR(u16, "%u", 256, 256);
	PAIR(int, "%d", INT_MAX, 1);
	PAIR(int, "%d", INT_MIN, -1);
	PAIR(u32, "%u", U32_MAX, 2);
	PAIR(u64, "%llu", U64_MAX, U64_MAX);
	PAIR(s64, "%lld", S64_MIN, -1);
	PAIR(size_t, "%zu", SIZE_MAX, 1);
	over = check_add_overflow(200, 56, &small);
	pr_info("mixed: %d %u", over, small);
	over = check_sub_overflow(1u, 2u, &small);
	pr_cont(", %d %u\n", over, small);

	SHIFT(u8, "%u", 1, 7);
	SHIFT(u8, "%u", 1, 8);
	SHIFT(u8, "%u", 3, 7);
	SHIFT(s8, "%d", 1, 6);
	SHIFT(s8, "%d", 1, 7);
	SHIFT(int, "%d", 1, 30);
	SHIFT(int, "%d", 1, 31);
	SHIFT(int, "%d", -1, 1);
	SHIFT(int, "%d", 1, -1);
	SHIFT(u64, "%llu", 1ULL, 63);
	SHIFT(u64, "%llu", 1ULL, 64);
	SHIFT(u32, "%u", 0, 31);

	pr_info("mul %zu %zu %zu, add %zu %zu, sub %zu %zu %zu\n", size_mul(half, two), size_mul(half - 1, two),
		size_mul(big, none), size_add(big, 1), size_add(half, half), size_sub(two, 1), size_sub(1, two),
		size_sub(big, two));
	pr_info("array %zu %zu, array3 %zu %zu\n", array_size(big, two), array_size(two, 21), array3_size(two, two, two),
		array3_size(half, two, none));
	pr_info("struct %zu %zu %zu, flex %zu %zu, type %zu\n", struct_size(f, item, none), struct_size(f, item, 3),
		struct_size(f, item, big), flex_array_size(f, item, two), flex_array_size(f, item, half),
		struct_size_t(struct flexible, item, 5));
	pr_info("type_max %d %u %lld, type_min %d %lld\n", type_max(s8), type_max(u16), type_max(s64), type_min(s8),
		type_min(s64));
	pr_info("overflows %d %d %d %d\n", overflows_type(255, u8), overflows_type(256, u8), overflows_type(-1, u8),
		overflows_type(-129, s8));
	pr_info("wrapping %u %d %u\n", wrapping_add(u8, 250, 10), wrapping_sub(s8, -128, 1), wrapping_mul(u8, 16, 17));
	on_stack();
	return 0;
}
module_init(kit_overflow_init);
MODULE_DESCRIPTION("arithmetic that notices");
MODULE_LICENSE("Dual MIT/GPL");
