/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Starts before ordinary modules, wherever it stands on the link line. */
#include <linux/init.h>
#include <linux/module.h>

int early_ready;
EXPORT_SYMBOL_GPL(early_ready);

static int __init early_init(void)
{
	pr_info("early: init\n");
	early_ready = 1;
	return 0;
}

static void __exit early_exit(void)
{
	pr_info("early: exit\n");
}

subsys_initcall(early_init);
module_exit(early_exit);

MODULE_LICENSE("Dual MIT/GPL");
