/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* linux/minmax.h, math.h, align.h, log2.h, bits.h: types, constants, single evaluation. */
#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/types.h>
#include "tap.h"

static int calls;

static int next(void)
{
	return ++calls;
}

static void test_minmax(void)
{
	u8 byte = 200;
	int minus = -5, three = 3;
	size_t size = 10;
	unsigned int u = 7;
	u64 big = 1ULL << 40;
	int a = 1, b = 2;
	char text[4] = "abc";
	struct { unsigned int three : 3; } bits = { 5 };

	ok(min(three, minus) == -5 && max(three, minus) == 3, "of two ints");
	ok(min(size, 4) == 4 && max(4, size) == 10, "a constant goes with an unsigned value");
	ok(min(byte, three) == 3 && max(minus, byte) == 200, "a small unsigned type compares as int");
	ok(min(byte, u) == 7 && max(byte, 201u) == 201 && min(byte, sizeof(text)) == 4, "and goes with an unsigned one");
	ok(min(bits.three, 7) == 5 && max(bits.three, 7u) == 7, "so does a bit-field");
	ok(max(&text[1], text) == text + 1 && clamp(text, text + 1, text + 3) == text + 1, "pointers");
	ok(min(u, big) == 7 && max(u, big) == big, "unsigned types of different width");
	ok(max(next(), 0) == 1 && calls == 1, "arguments are evaluated once");
	ok(min(min(three, 9), max(minus, 1)) == 1, "calls nest");
	ok(min3(three, minus, 1) == -5 && max3(three, minus, 9) == 9, "of three");
	ok(min3(300, byte, 301) == 200 && max3(byte, 300, 2) == 300 && max3(byte, 3, 300u) == 300u, "in a type for all three");
	ok(min_t(unsigned int, minus, 3) == 3 && max_t(int, minus, u) == 7, "min_t and max_t convert first");
	ok(min_t(u8, 257, 2) == 1, "min_t even when it cuts");
	ok(clamp(15, 1, 10) == 10 && clamp(-3, 1, 10) == 1 && clamp(three, 1, 10) == 3, "clamp");
	ok(clamp(byte, 300, 400) == 300 && clamp(byte, 1u, 10u) == 10 && clamp(300, u, 250) == 250, "clamp of different types");
	ok(clamp_t(int, u, 1, 5) == 5 && clamp_val(byte, 10, 100) == 100, "clamp_t and clamp_val");
	ok(min_not_zero(0u, u) == 7 && min_not_zero(u, 0u) == 7 && min_not_zero(3u, u) == 3, "min_not_zero");
	swap(a, b);
	ok(a == 2 && b == 1, "swap");
	ok(in_range(5, 5, 1) && !in_range(6, 5, 1) && !in_range(4, 5, 10), "in_range excludes its end");
	ok(abs_diff(3u, 5u) == 2 && abs_diff(big, (u64)1) == big - 1, "abs_diff of unsigned values");
}

static void test_rounding(void)
{
	static const char constant[round_up(13, 8)] = "";
	static const int logs[] = { ilog2(1), ilog2(4096), ilog2(5000) };
	unsigned long x = 13;
	u64 big = (1ULL << 40) + 1;
	char *p = (char *)4097;

	ok(sizeof(constant) == 16 && logs[0] == 0 && logs[1] == 12 && logs[2] == 12, "constants stay constants");
	ok(round_up(x, 8) == 16 && round_up(16, 8) == 16 && round_up(0, 8) == 0, "round_up");
	ok(round_down(x, 8) == 8 && round_down(big, 4096) == 1ULL << 40, "round_down keeps 64 bits");
	ok(round_up(big, 4096u) == (1ULL << 40) + 4096, "round_up with a narrower power keeps 64 bits");
	ok(roundup(x, 10) == 20 && roundup(20, 10) == 20 && rounddown(x, 10) == 10, "roundup and rounddown");
	ok(DIV_ROUND_UP(10, 3) == 4 && DIV_ROUND_UP(9, 3) == 3 && DIV_ROUND_UP_ULL(big, 2) == (1ULL << 39) + 1,
	   "DIV_ROUND_UP");
	ok(DIV_ROUND_CLOSEST(7, 2) == 4 && DIV_ROUND_CLOSEST(-7, 2) == -4 && DIV_ROUND_CLOSEST(7u, 3u) == 2 &&
	   DIV_ROUND_CLOSEST(0u, 10u) == 0,
	   "DIV_ROUND_CLOSEST");
	ok(ALIGN(x, 16) == 16 && ALIGN_DOWN(x, 8) == 8 && IS_ALIGNED(64, 32) && !IS_ALIGNED(x, 2), "ALIGN");
	ok(ALIGN(big, 4096u) == (1ULL << 40) + 4096, "ALIGN keeps 64 bits");
	ok(PTR_ALIGN(p, 4096) == (char *)8192 && PTR_ALIGN_DOWN(p, 4096) == (char *)4096, "PTR_ALIGN");

	ok(ilog2(x) == 3 && ilog2(big) == 40 && ilog2(0UL) == 0, "ilog2");
	ok(is_power_of_2(64) && !is_power_of_2(0) && !is_power_of_2(65), "is_power_of_2");
	ok(roundup_pow_of_two(x) == 16 && roundup_pow_of_two(16) == 16 && roundup_pow_of_two(1) == 1,
	   "roundup_pow_of_two");
	ok(rounddown_pow_of_two(x) == 8 && order_base_2(x) == 4 && order_base_2(1) == 0, "rounddown, order_base_2");
	ok(fls(0) == 0 && fls(1) == 1 && fls(0x80000000u) == 32 && fls64(big) == 41, "fls counts from 1");
	ok(__ffs(8) == 3 && __fls(9) == 3 && ffs(8) == 4 && hweight32(0xff0f) == 12 && hweight64(~0ULL) == 64,
	   "__ffs and __fls from 0");
	ok(BIT(3) == 8 && BIT_ULL(40) == 1ULL << 40 && GENMASK(7, 4) == 0xf0 && GENMASK_ULL(63, 0) == ~0ULL, "bits");
	ok(SZ_4K == 4096 && SZ_2G == 2147483648u && SZ_4G == 1ULL << 32, "sizes");
	ok(upper_32_bits(big) == 256 && lower_32_bits(big) == 1, "halves");
	ok(U8_MAX == 255 && S16_MIN == -32768 && U64_MAX == ~0ULL && S64_MIN < 0 && INT_MAX == S32_MAX, "limits");
}

static void test_compile_time(void)
{
	int array[7] = { 0 };

	BUILD_BUG_ON(sizeof(u64) != 8);
	BUILD_BUG_ON_MSG(sizeof(u8) != 1, "a byte is a byte");
	static_assert(sizeof(s16) == 2, "with a message");
	ok(ARRAY_SIZE(array) == 7 && array[6] == 0, "ARRAY_SIZE");
	ok(BUILD_BUG_ON_ZERO(0) == 0, "BUILD_BUG_ON_ZERO is 0");
#define CONFIG_SET 1
#define CONFIG_LOADED_MODULE 1
	ok(IS_ENABLED(CONFIG_SET) && IS_BUILTIN(CONFIG_SET) && !IS_MODULE(CONFIG_SET), "IS_ENABLED when built in");
	ok(IS_ENABLED(CONFIG_LOADED) && IS_MODULE(CONFIG_LOADED) && !IS_BUILTIN(CONFIG_LOADED), "as a module");
	ok(!IS_ENABLED(CONFIG_ABSENT), "and not when absent");
#if IS_ENABLED(CONFIG_SET) && !IS_ENABLED(CONFIG_ABSENT)
	ok(true, "and in #if");
#else
	ok(false, "and in #if");
#endif
	ok(likely(42) == 1 && unlikely(42) == 1 && likely(0) == 0, "likely and unlikely give 0 or 1");
	ok(strcmp(__stringify(CONFIG_SET), "1") == 0, "__stringify expands first");
}

int main(void)
{
	test_minmax();
	test_rounding();
	test_compile_time();
	return tap_done();
}
