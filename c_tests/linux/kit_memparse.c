// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_memparse - sizes and options in the kernel's notation
 *
 * The value and where reading stopped. At risk: suffixes one after another,
 * prefixes, and what happens when the value does not fit.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/string.h>

static int __init kit_memparse_init(void)
{
	static const char *const texts[] = {
		"", "0", "1", "1k", "1K", "2m", "3G", "4t", "5P", "1E", "16E", "1KB", "1kk", "k", "0x10k", "0x", "010M", "08k",
		"-1k", " 1k", "1 k", "18446744073709551615", "18446744073709551616", "0xffffffffffffffffK", "12abc", "1,2", "3-5",
		"-", "--1", "-abc", "-5,3", "-2147483648", "-2147483649", "2147483648",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		char *end = NULL, copy[32], *at = copy;
		unsigned long long size = memparse(texts[i], &end);
		int value = -7, kind;

		pr_info("'%s': %llu, rest '%s'\n", texts[i], size, end);
		size = simple_strtoul(texts[i], &end, 0);
		pr_info("  ul %llu '%s',", size, end);
		size = simple_strtol(texts[i], &end, 0);
		pr_cont(" l %lld '%s',", (s64)size, end);
		size = simple_strtoull(texts[i], &end, 16);
		pr_cont(" ull 16 %llu '%s',", size, end);
		size = simple_strtoll(texts[i], &end, 10);
		pr_cont(" ll 10 %lld '%s'\n", (s64)size, end);
		strscpy(copy, texts[i], sizeof(copy));
		kind = get_option(&at, &value);
		pr_info("  option %d, %d, rest '%s'\n", kind, value, at);
	}
	return 0;
}
module_init(kit_memparse_init);
MODULE_DESCRIPTION("sizes and options in the kernel's notation");
MODULE_LICENSE("Dual MIT/GPL");
