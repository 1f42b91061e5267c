/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* linux/err.h and linux/errno.h: the border between errors and pointers, and numbers that libc does not have. */
#include <linux/err.h>
#include <linux/errno.h>
#include "tap.h"

int main(void)
{
	int object;
	void *none = NULL;

	ok(PTR_ERR(ERR_PTR(-ENOMEM)) == -ENOMEM, "an error survives being a pointer");
	ok(IS_ERR(ERR_PTR(-1)) && IS_ERR(ERR_PTR(-MAX_ERRNO)), "-1 and -4095 are errors");
	ok(!IS_ERR((void *)(-4096L)), "-4096 is not");
	ok(!IS_ERR(&object) && !IS_ERR(none), "neither is an object nor NULL");
	ok(IS_ERR_OR_NULL(none) && IS_ERR_OR_NULL(ERR_PTR(-EIO)) && !IS_ERR_OR_NULL(&object), "IS_ERR_OR_NULL");
	ok(PTR_ERR_OR_ZERO(&object) == 0 && PTR_ERR_OR_ZERO(ERR_PTR(-EBUSY)) == -EBUSY, "PTR_ERR_OR_ZERO");
	ok(PTR_ERR(ERR_CAST(ERR_PTR(-EPERM))) == -EPERM, "ERR_CAST keeps the error");
	ok(IS_ERR_VALUE((unsigned long)-EINVAL) && !IS_ERR_VALUE(4096UL), "IS_ERR_VALUE takes integers");
	ok(EINVAL == 22 && ERESTARTSYS == 512 && EPROBE_DEFER == 517 && ENOTSUPP == 524 && ENOGRACE == 531,
	   "the kernel's own numbers");
	return tap_done();
}
