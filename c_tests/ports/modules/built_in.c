/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A module that is ready before main(), which is here too. */
#define KMEM_INIT_BEFORE_MAIN
#include <linux/module.h>

static int ready;

static int __init built_in_init(void)
{
	pr_info("built_in: init\n");
	ready = 1;
	return 0;
}
module_init(built_in_init);

static void __exit built_in_exit(void)
{
	pr_info("built_in: exit\n");
}
module_exit(built_in_exit);

int main(void)
{
	pr_info("main: ready %d\n", ready);
	return 0;
}
