/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Says so when it comes and when it goes. */
#include <linux/module.h>
#include <linux/slab.h>

static int answer = 42;
module_param(answer, int, 0444);
MODULE_PARM_DESC(answer, "what to print");

static int __init ok_init(void)
{
	pr_info("ok: init, answer %d\n", answer);
	return 0;
}

static void __exit ok_exit(void)
{
	pr_info("ok: exit\n");
}

module_init(ok_init);
module_exit(ok_exit);

MODULE_LICENSE("Dual MIT/GPL");
MODULE_AUTHOR("The libkmem authors");
MODULE_DESCRIPTION("An init that succeeds");
MODULE_VERSION("1");
MODULE_ALIAS("fine");
