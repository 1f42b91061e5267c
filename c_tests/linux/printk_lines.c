// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * printk_lines - lines, levels and continuations of the kernel's log
 *
 * A message without a newline is ended by the next one unless that continues
 * it; embedded newlines make lines; an empty message is a line; the level in
 * front is not shown. At risk: text run together, and a level shown as text.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/printk.h>

static int __init printk_lines_init(void)
{
	printk(KERN_INFO "one level\n");
	printk("no level\n");
	pr_err("error\n");
	pr_warn("warning\n");
	pr_notice("notice\n");
	pr_info("information\n");
	pr_info("begin");
	pr_cont(", continued");
	pr_cont(", ended\n");
	pr_info("not ended");
	pr_info("next message\n");
	printk(KERN_INFO "not ended");
	printk(KERN_CONT ", continued by level\n");
	pr_info("two\nlines\n");
	pr_info("\n");
	pr_info("%s", "no newline in the format\n");
	pr_cont("a continuation of nothing\n");
	pr_info("%s%s\n", "\001" "3", "a level inside");
	pr_info("ends with two newlines\n\n");
	pr_info("after them\n");
	pr_info("  leading spaces\ttab\n");
	print_hex_dump(KERN_INFO, "dump: ", DUMP_PREFIX_OFFSET, 16, 1, "sixteen letters, and more", 25, true);
	print_hex_dump_debug("silent: ", DUMP_PREFIX_NONE, 16, 1, "four", 4, true);
	print_hex_dump_bytes("silent too: ", DUMP_PREFIX_NONE, "four", 4);
	return 0;
}
module_init(printk_lines_init);
MODULE_DESCRIPTION("lines, levels and continuations of the kernel's log");
MODULE_LICENSE("Dual MIT/GPL");
