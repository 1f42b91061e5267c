/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Says what its parameters are. */
#define KBUILD_MODNAME "params"
#include <linux/module.h>
#include <linux/moduleparam.h>

static int number = 1;
module_param(number, int, 0444);
static unsigned char small = 2;
module_param(small, byte, 0444);
static unsigned long long large = 3;
module_param(large, ullong, 0444);
static bool quiet;
module_param(quiet, bool, 0644);
static bool awake = true;
module_param_named(asleep, awake, invbool, 0444);
static char *text = "none";
module_param(text, charp, 0444);
static char copy[6] = "short";
module_param_string(copy, copy, sizeof(copy), 0444);
static int list[3] = { 7, 8, 9 }, listed;
module_param_array(list, int, &listed, 0444);
MODULE_PARM_DESC(list, "up to three numbers");

static int set_twice(const char *value, const struct kernel_param *kp)
{
	int error = param_set_int(value, kp);

	if (!error)
		*(int *)kp->arg *= 2;
	return error;
}
static const struct kernel_param_ops twice_ops = { .set = set_twice, .get = param_get_int };
static int twice;
module_param_cb(twice, &twice_ops, &twice, 0444);

static int __init params_init(void)
{
	pr_info("%d %u %llu quiet %d awake %d '%s' '%s' %d,%d,%d of %d, %d\n", number, small, large, quiet, awake, text,
		copy, list[0], list[1], list[2], listed, twice);
	return 0;
}
module_init(params_init);

MODULE_LICENSE("Dual MIT/GPL");
