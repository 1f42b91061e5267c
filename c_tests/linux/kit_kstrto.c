// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_kstrto - numbers from text
 *
 * Each text through each function and base: the error or the value. At risk:
 * what counts first, being too large or being followed by rubbish; signs;
 * prefixes without digits; one newline and two.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/string.h>

static const char *const texts[] = {
	"", "0", "1", "-1", "+1", "--1", "-+1", "+-1", " 1", "1 ", "1\n", "1\n\n", "\n", "-", "+",
	"0x", "0x10", "0X1f", "0xg", "010", "08", "09x", "10", "1f", "7fffffff", "127", "128", "-128", "-129", "255", "256",
	"32767", "32768", "-32769", "65535", "65536", "2147483647", "2147483648", "-2147483648", "-2147483649",
	"4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
	"-9223372036854775809", "18446744073709551615", "18446744073709551616", "99999999999999999999x",
	"0x10000000000000000", "-0", "-0x8", "1e3", "1.5",
};

#define TRY(name, type, format) \
	do { \
		type value = 0; \
		int error = name(text, base, &value); \
		if (error) \
			pr_cont(" " #name " %d", error); \
		else \
			pr_cont(" " #name " " format, value); \
	} while (0)

static void numbers(const char *text, unsigned int base)
{
	pr_info("%*ph base %u:", (int)strlen(text), text, base);
	TRY(kstrtoull, unsigned long long, "%llu");
	TRY(kstrtoll, long long, "%lld");
	TRY(kstrtouint, unsigned int, "%u");
	TRY(kstrtoint, int, "%d");
	TRY(kstrtou16, u16, "%u");
	TRY(kstrtos16, s16, "%d");
	TRY(kstrtou8, u8, "%u");
	TRY(kstrtos8, s8, "%d");
	TRY(kstrtoul, unsigned long, "%lu");
	TRY(kstrtol, long, "%ld");
	pr_cont("\n");
}

static int __init kit_kstrto_init(void)
{
	static const char *const truths[] = { "y", "Yes", "t", "1", "on", "ON", "off", "oF", "o", "ox", "n", "False", "0",
		"2", "", "yes please" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		numbers(texts[i], 0);
		numbers(texts[i], 10);
		numbers(texts[i], 16);
	}
	numbers("zz", 36);
	numbers("101", 2);
	for (i = 0; i < ARRAY_SIZE(truths); i++) {
		bool truth = false;
		int error = kstrtobool(truths[i], &truth);

		pr_info("bool '%s': %d %d\n", truths[i], error, truth);
	}
	return 0;
}
module_init(kit_kstrto_init);
MODULE_DESCRIPTION("numbers from text");
MODULE_LICENSE("Dual MIT/GPL");
