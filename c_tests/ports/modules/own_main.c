/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A program with a main() of its own, which runs its modules itself. */
#include <linux/init.h>
#include <linux/printk.h>

int main(void)
{
	int result;

	pr_info("main: begins\n");
	result = kmem_modules_init();
	pr_info("main: modules gave %d\n", result);
	if (!result)
		kmem_modules_exit();
	return result ? 3 : 0;
}
