// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_rounding - rounding, powers of two, division
 *
 * Values that the compiler knows and values that it does not: several macros
 * take different ways for the two. At risk: 0, 1, the top of the range,
 * negative numbers.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/gcd.h>
#include <linux/lcm.h>

static const unsigned long values[] = { 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000, 4095, 4096, 4097,
	0x7fffffff, 0x80000000, 0x80000001, 0xffffffff, 0x100000000, 0x7fffffffffffffff };

/* Four bytes are enough for some calculations, and are no more for others. */
static void narrow(void)
{
	static const int values[] = { -1, 0, 1, 2, 0x7fffffff, -0x7fffffff - 1 };
	static const u32 at[][3] = { { 5, 0xfffffff0u, 0x20 }, { 15, 0xfffffff0u, 0x1f }, { 0xffffffffu, 0xfffffff0u, 0x10 } };
	unsigned int i;
	int k = 3, order;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		int n = values[i];

		pr_info("%d: log %d, of a long %d, of 16 bits %d, order %d", n, ilog2(n), ilog2((long)n), ilog2((u16)n),
			order_base_2(n));
		if (n)
			pr_cont(", down to 1 << %d", fls64(rounddown_pow_of_two(n)) - 1);
		pr_cont("\n");
	}
	pr_info("known: %d %d %d\n", ilog2(0), ilog2(-1), ilog2(0xffffffffu));
	order = order_base_2(k++);
	pr_info("order of 3: %d, then %d\n", order, k);
	for (i = 0; i < ARRAY_SIZE(at); i++)
		pr_info("in_range %d, of 64 bits %d\n", in_range(at[i][0], at[i][1], at[i][2]),
			in_range((u64)at[i][0], at[i][1], at[i][2]));
}

static int __init kit_rounding_init(void)
{
	unsigned int i;
	u8 one = 1;
	int s;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		unsigned long n = values[i];

		pr_info("%lu: log %d order %d up %lu down %lu power %d sqrt %lu\n", n, ilog2(n), order_base_2(n),
			n <= 1UL << 62 ? roundup_pow_of_two(n) : 0, rounddown_pow_of_two(n), is_power_of_2(n), int_sqrt(n));
		pr_info("  %lu %lu %lu %lu %lu %lu %lu\n", round_up(n, 16UL), round_down(n, 16UL), roundup(n, 10UL),
			rounddown(n, 10UL), DIV_ROUND_UP(n, 10UL), DIV_ROUND_CLOSEST(n, 10UL), ALIGN(n, 64));
		pr_info("  %d %lu %lu %lu %lu\n", IS_ALIGNED(n, 8), ALIGN_DOWN(n, 8), gcd(n, 48), lcm(n, 6),
			mult_frac(n, 3UL, 7UL));
	}
	pr_info("known: %d %d %d %lu %lu %d %d %d\n", ilog2(1), ilog2(1000), ilog2(0x100000000ULL),
		roundup_pow_of_two(1000), rounddown_pow_of_two(1000), order_base_2(1), order_base_2(1000),
		is_power_of_2(0));
	pr_info("0: %d %lu %lu %lu %lu\n", order_base_2(0), gcd(0, 5), gcd(5, 0), lcm(0, 5), lcm_not_zero(0, 5));
	for (s = -11; s <= 11; s += 2)
		pr_info("%d: closest %d %d, roundup %d, div_s64 %lld %lld, abs %d, clamp %d\n", s, DIV_ROUND_CLOSEST(s, 4),
			DIV_ROUND_CLOSEST(s, -4), (int)roundup(s + 20, 4), div_s64(s, 4),
			(s64)DIV_S64_ROUND_CLOSEST((s64)s, 4), abs(s), clamp(s, -5, 5));
	for (i = 0; i <= 5; i += 5)
		pr_info("%u: closest %u %lu %llu %d %d %d %d\n", i, DIV_ROUND_CLOSEST(i, 10u), DIV_ROUND_CLOSEST((unsigned long)i, 10UL),
			DIV_ROUND_CLOSEST((u64)i, 10), DIV_ROUND_CLOSEST((u8)i, 10), DIV_ROUND_CLOSEST((u8)i, -10),
			DIV_ROUND_CLOSEST((int)i, 10), DIV_ROUND_CLOSEST((int)i, -10));
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		u64 n = values[i], copy = n;
		u32 rem;
		u64 rem64;
		s32 srem;
		unsigned int left = do_div(copy, 1000);
		u64 by7 = div_u64_rem(n, 7, &rem), by64 = div64_u64_rem(n, 0x100000001ULL, &rem64);
		s64 negative = div_s64_rem(-(s64)n, 7, &srem);

		pr_info("%llu: do_div %llu %u, %llu %u, %llu %llu, %lld %d", n, copy, left, by7, rem, by64, rem64,
			negative, srem);
		pr_cont(", %llu %llu %llu\n", mul_u64_u32_shr(n, 3, 1), mul_u64_u64_shr(n, n, 64),
			mul_u64_u64_div_u64(n, 10, 20));
	}
	pr_info("min %d %u %lu, max %d, min3 %d, max3 %d, not zero %d %d %d\n", min(-1, 1), min(3u, 2u), min_t(ulong, -1, 5),
		max(-1, 1), min3(3, 1, 2), max3(3, 1, 2), min_not_zero(0, 3), min_not_zero(3, 0), min_not_zero(2, 3));
	pr_info("clamp_t %u, clamp_val %d, in_range %d %d\n", clamp_t(u8, 300, 10, 100), clamp_val(7, 1, 5), in_range(5, 5, 1),
		in_range(6, 5, 1));
	pr_info("narrow: min3 %d, max3 %d, clamp %d %d, wide %lu %lu\n", min3(300, one, 2), max3(one, 300, 2),
		clamp(one, 300, 400), clamp(300, one, 400), max3(one, 2, values[20]), min(one, sizeof(values)));
	pr_info("div_round ull %llu, upper %x lower %x\n", (u64)DIV_ROUND_UP_ULL(1000000000001ULL, 10),
		upper_32_bits(0x123456789abcdef0ULL), lower_32_bits(0x123456789abcdef0ULL));
	narrow();
	return 0;
}
module_init(kit_rounding_init);
MODULE_DESCRIPTION("rounding, powers of two, division");
MODULE_LICENSE("Dual MIT/GPL");
