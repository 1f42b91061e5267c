/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Cannot be unloaded: it has no exit. */
#include <linux/module.h>

static int __init noexit_init(void)
{
	pr_info("noexit: init\n");
	return 0;
}
module_init(noexit_init);

MODULE_LICENSE("Dual MIT/GPL");
