// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_find - searching bits
 *
 * What is not found is the size (or more, for find_nth_bit); bits beyond the
 * size are there and must not be found. At risk: a start at or behind the end, sizes of 0 and of whole
 * words.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>

static const unsigned int sizes[] = { 0, 1, 5, 63, 64, 65, 127, 128, 129, 192 };

static void search(const char *what, const unsigned long *a, const unsigned long *b)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned int n = sizes[i];

		pr_info("%s, %u bits: first %lu zero %lu last %lu, from 64 %lu %lu, from 200 %lu\n", what, n,
			find_first_bit(a, n), find_first_zero_bit(a, n), find_last_bit(a, n), find_next_bit(a, n, 64),
			find_next_zero_bit(a, n, 64), find_next_bit(a, n, 200));
		pr_info("  and %lu %lu, andnot %lu, second %lu, wrapped %lu\n", find_first_and_bit(a, b, n),
			find_next_and_bit(a, b, n, 3), find_next_andnot_bit(a, b, n, 3), min(find_nth_bit(a, n, 1), (ulong)n),
			n ? find_next_bit_wrap(a, n, n / 2) : 0);
	}
}

static int __init kit_find_init(void)
{
	static const unsigned int places[] = { 2, 62, 63, 64, 100, 128, 191 };
	unsigned long a[4], b[4], bit, end;
	unsigned int i;

	memset(a, 0, sizeof(a));
	memset(b, 0xff, sizeof(b));
	search("none", a, b);
	search("all", b, a);
	for (i = 0; i < ARRAY_SIZE(places); i++)
		set_bit(places[i], a);
	for (i = 0; i < 192; i += 4)
		clear_bit(i, b);
	search("some", a, b);

	for_each_set_bit(bit, a, 129)
		pr_info("set %lu\n", bit);
	bit = 63;
	for_each_set_bit_from(bit, a, 129)
		pr_info("set from 63: %lu\n", bit);
	for_each_clear_bit(bit, b, 17)
		pr_info("clear %lu\n", bit);
	for_each_set_bitrange(bit, end, a, 192)
		pr_info("set range %lu-%lu\n", bit, end);
	for_each_clear_bitrange(bit, end, a, 192)
		pr_info("clear range %lu-%lu\n", bit, end);

	for (i = 0; i < 2; i++)
		pr_info("test_and_set %d\n", test_and_set_bit(7, a));
	for (i = 0; i < 2; i++)
		pr_info("test_and_clear %d\n", test_and_clear_bit(7, a));
	for (i = 0; i < 2; i++)
		pr_info("test_and_change %d\n", test_and_change_bit(7, a));
	for (i = 0; i < 64; i += 9) {
		unsigned long x = 0x8421UL << i;

		if (!x)
			continue;
		pr_info("%016lx: ffs %d fls %d fls64 %d __ffs %lu __fls %lu ffz %lu weight %lu %u order %d\n", x,
			ffs((int)x), fls((unsigned int)x), fls64(x), __ffs(x), __fls(x), ffz(x), hweight_long(x),
			hweight8((unsigned int)x & 0xff), get_count_order((unsigned int)x));
		pr_info("  rol %llx %x %x %x, ror %llx %x %x %x\n", (u64)rol64(x, i), rol32((u32)x, 5), rol16((u16)x, 3),
			rol8((u8)x, 1), (u64)ror64(x, i), ror32((u32)x, 5), ror16((u16)x, 3), ror8((u8)x, 1));
	}
	pr_info("sign %d %d %lld %lld\n", sign_extend32(0x80, 7), sign_extend32(0x7f, 7), sign_extend64(0x8000, 15),
		sign_extend64(0x4000, 15));
	return 0;
}
module_init(kit_find_init);
MODULE_DESCRIPTION("searching bits");
MODULE_LICENSE("Dual MIT/GPL");
