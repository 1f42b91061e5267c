/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Refuses to start. */
#include <linux/init.h>
#include <linux/module.h>

static int __init fails_init(void)
{
	pr_info("fails: init\n");
	return -EINVAL;
}

static void __exit fails_exit(void)
{
	pr_info("fails: exit\n");
}

module_init(fails_init);
module_exit(fails_exit);

MODULE_LICENSE("Dual MIT/GPL");
