/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* linux/string.h and sprintf.h: the kernel's own helpers, at the edges of their buffers. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "tap.h"

static void test_copies(void)
{
	char b[8];

	memset(b, 'x', sizeof(b));
	ok(strscpy(b, "abc", sizeof(b)) == 3 && !strcmp(b, "abc") && b[4] == 'x', "strscpy of what fits");
	ok(strscpy(b, "1234567", sizeof(b)) == 7 && !strcmp(b, "1234567"), "strscpy of what just fits");
	ok(strscpy(b, "12345678", sizeof(b)) == -E2BIG && !strcmp(b, "1234567"), "strscpy cuts and says so");
	ok(strscpy(b, "x", 0) == -E2BIG && b[0] == '1', "strscpy to nothing");
	ok(strscpy(b, "x", (size_t)-1) == -E2BIG && b[0] == '1', "strscpy refuses a negative size");
	ok(strscpy(b, "two arguments") == -E2BIG && !strcmp(b, "two arg"), "strscpy knows the size of an array");
	ok(strscpy_pad(b, "a") == 1 && mem_is_zero(b + 1, 7), "strscpy_pad clears the rest");
	ok(strlcpy(b, "123456789", sizeof(b)) == 9 && !strcmp(b, "1234567"), "strlcpy returns the source's length");
	b[4] = '\0';
	ok(strlcat(b, "abcdef", sizeof(b)) == 10 && !strcmp(b, "1234abc"), "strlcat the whole length");
	memzero_explicit(b, sizeof(b));
	ok(mem_is_zero(b, sizeof(b)), "memzero_explicit");
	ok(scnprintf(b, sizeof(b), "%d-%s", 12, "abc") == 6 && !strcmp(b, "12-abc"), "scnprintf");
	ok(scnprintf(b, sizeof(b), "%s", "123456789") == 7 && !strcmp(b, "1234567"), "scnprintf returns what it stored");
	ok(snprintf(NULL, 0, "%s%d", "123456", 789) == 9, "snprintf what it would have");
}

static void test_words(void)
{
	char b[32];
	const char *const words[] = { "one", "two", NULL, "four" };

	strscpy(b, " \t a b \n");
	ok(!strcmp(skip_spaces(b), "a b \n"), "skip_spaces");
	ok(!strcmp(strim(b), "a b"), "strim cuts both ends");
	strscpy(b, "   ");
	ok(*strim(b) == '\0', "strim of spaces only");
	strscpy(b, "a/b/c");
	ok(!strcmp(strreplace(b, '/', '!'), "a!b!c"), "strreplace");
	ok(!strcmp(kbasename("/usr/lib/x"), "x") && !strcmp(kbasename("x"), "x") && !*kbasename("x/"), "kbasename");
	ok(sysfs_streq("on\n", "on") && sysfs_streq("on", "on\n") && sysfs_streq("on", "on") && sysfs_streq("", "\n"),
	   "sysfs_streq ignores one newline at the end");
	ok(!sysfs_streq("on", "on\n\n") && !sysfs_streq("on", "off") && !sysfs_streq("on\nx", "on"), "and nothing else");
	ok(match_string(words, 4, "two") == 1 && match_string(words, 4, "four") == -EINVAL, "match_string ends at NULL");
	ok(strstarts("prefix", "pre") && !strstarts("pre", "prefix") && str_has_prefix("prefix", "pre") == 3,
	   "prefixes");
	ok(strnchr("abc", 2, 'b') && !strnchr("abc", 2, 'c') && !strnchr("a", 9, 'c'), "strnchr stays in its limit");
	ok(strnstr("hello world", "world", 11) && !strnstr("hello world", "world", 10), "strnstr too");
	ok(*strchrnul("abc", 'b') == 'b' && !*strchrnul("abc", 'x'), "strchrnul finds the end");
}

static void test_memory(void)
{
	unsigned char bytes[16];
	u16 two[3];
	u32 four[3];
	u64 eight[3];

	memset(bytes, 0x6b, sizeof(bytes));
	ok(!memchr_inv(bytes, 0x6b, sizeof(bytes)), "memchr_inv finds nothing");
	bytes[11] = 0;
	ok(memchr_inv(bytes, 0x6b, sizeof(bytes)) == &bytes[11], "memchr_inv finds the first other byte");
	ok(!memchr_inv(bytes, 0x6b, 11) && !memchr_inv(bytes, 1, 0), "within its length");
	memset16(two, 0x1234, 3);
	memset32(four, 0x12345678, 3);
	memset64(eight, 1ULL << 40, 3);
	ok(two[2] == 0x1234 && four[2] == 0x12345678 && eight[2] == 1ULL << 40, "memset16, 32 and 64");
}

static void test_hexdump(void)
{
	char line[128];

	ok(hex_dump_to_buffer("AB\x01", 3, 16, 1, line, sizeof(line), false) == 8 && !strcmp(line, "41 42 01"),
	   "hex digits of bytes");
	ok(hex_dump_to_buffer("AB\x01", 3, 16, 1, line, sizeof(line), true) == 52 && !strcmp(line + 49, "AB."),
	   "and their text, in its column");
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	hex_dump_to_buffer("\x01\x02\x03\x04\x05\x06\x07\x08", 8, 16, 4, line, sizeof(line), false);
	ok(!strcmp(line, "04030201 08070605"), "groups are numbers of this machine");
#endif
	ok(hex_dump_to_buffer("ABCD", 4, 16, 1, line, 6, false) == 11 && !strcmp(line, "41 42"), "a short buffer cuts");
}

int main(void)
{
	test_copies();
	test_words();
	test_memory();
	test_hexdump();
	return tap_done();
}
