// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kasprintf_formats - formatted text in memory of its own
 *
 * At risk: one byte too few, arguments that were read while the length was
 * taken.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static void __init show(char *p)
{
	pr_info("'%s' %zu\n", p, ksize(p));
	kfree(p);
}

static int __init kasprintf_formats_init(void)
{
	char *p;

	show(kasprintf(GFP_KERNEL, "plain"));
	show(kasprintf(GFP_KERNEL, "%s", ""));
	show(kasprintf(GFP_KERNEL, "%d %u %x %#llx", -5, 7, 255, 1ULL << 40));
	show(kasprintf(GFP_KERNEL, "%-8s|%8s|%.2s", "left", "right", "cut"));
	show(kasprintf(GFP_KERNEL, "%c%%%5d|%05d|%+d", 'x', 42, 42, 42));
	show(kasprintf(GFP_KERNEL, "%*ph", 4, "\x01\x02\xfe\xff"));
	show(kasprintf(GFP_KERNEL, "%s", "exactly thirty-one characters.."));
	p = kasprintf(GFP_KERNEL, "%0200d", 7);
	pr_info("%zu %zu\n", strlen(p), ksize(p));
	kfree(p);
	return 0;
}
module_init(kasprintf_formats_init);
MODULE_DESCRIPTION("formatted text in memory of its own");
MODULE_LICENSE("GPL");
