// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * cleanup_free - variables that free what they point to
 *
 * At risk: an error pointer or NULL that is freed, a value that was handed on.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/string.h>

static char *make(int keep)
{
	char *p __free(kfree) = kstrdup("kept", GFP_KERNEL);

	if (!keep)
		return NULL;
	return_ptr(p);
}

static int __init cleanup_free_init(void)
{
	char *kept = make(1);

	pr_info("%s\n", kept);
	kfree(kept);
	pr_info("%d\n", make(0) == NULL);
	{
		void *p __free(kvfree) = kvmalloc(100, GFP_KERNEL);
		void *q __free(kfree) = ERR_PTR(-ENOMEM);
		void *r __free(kfree) = NULL;

		pr_info("%d %d %d\n", !!p, IS_ERR(q), !r);
	}
	return 0;
}
module_init(cleanup_free_init);
MODULE_DESCRIPTION("variables that free what they point to");
MODULE_LICENSE("GPL");
