/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* linux/printk.h: what is silent, what comes once, and what is held back. */
#define pr_fmt(fmt) "port: " fmt
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include "tap.h"

static int evaluated;

static void __printf(1, 2) wrapper(const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	printk(KERN_ERR "wrapped: %pV", &vaf);
	va_end(args);
}

int main(void)
{
	const char *text;
	int i, passed = 0;

	capture();
	pr_info("one %d\n", 1);
	printk(KERN_WARNING "two\n");
	printk("three\n");
	pr_info("four ");
	pr_cont("five\n");
	text = captured();
	ok(!strcmp(text, "port: one 1\ntwo\nthree\nport: four five\n"), "pr_fmt, levels and continuation");

	capture();
	pr_debug("silent %d\n", ++evaluated);
	pr_devel("silent %d\n", ++evaluated);
	text = captured();
	ok(!*text && evaluated == 0, "pr_debug is silent and evaluates nothing without DEBUG");

	capture();
	for (i = 0; i < 3; i++) {
		pr_warn_once("once\n");
		printk_once("also once\n");
	}
	text = captured();
	ok(!strcmp(text, "port: once\nalso once\n"), "once is once");

	capture();
	for (i = 0; i < 25; i++)
		pr_err_ratelimited("many\n");
	text = captured();
	ok(occurrences(text, "port: many\n") == 10, "ten of many pass");

	{
		DEFINE_RATELIMIT_STATE(rs, 1, 2);

		for (i = 0; i < 5; i++)
			passed += __ratelimit(&rs);
		ok(passed >= 2 && rs.burst == 2, "a burst of its own");
		usleep(20000);
		capture();
		passed = __ratelimit(&rs);
		text = captured();
		ok(passed == 1, "and an interval of its own");
	}

	capture();
	wrapper("%s %d\n", "with", 2);
	text = captured();
	ok(!strcmp(text, "wrapped: with 2\n"), "%pV prints the caller's format");

	capture();
	print_hex_dump(KERN_INFO, "hex: ", DUMP_PREFIX_OFFSET, 16, 1, "0123456789abcdefXYZ", 19, true);
	text = captured();
	ok(!strcmp(text, "hex: 00000000: 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef\n"
			 "hex: 00000010: 58 59 5a                                         XYZ\n"), "print_hex_dump");

	capture();
	dump_stack();
	text = captured();
	ok(*text, "dump_stack says something");
	return tap_done();
}
