// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * mempool_create_fails - creation when the allocator gives up
 *
 * What was taken goes back. At risk: elements lost.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/mempool.h>

static int left;

static void *take(gfp_t gfp, void *data)
{
	if (!left--) {
		pr_info("  no more\n");
		return NULL;
	}
	pr_info("  one\n");
	return &left;
}

static void give(void *element, void *data)
{
	pr_info("  back\n");
}

static int __init mempool_create_fails_init(void)
{
	mempool_t pool = { 0 };
	int n;

	mempool_exit(&pool);
	for (n = 0; n < 4; n++) {
		left = n;
		pr_info("after %d: %d\n", n,
			!!mempool_create(3, take, give, NULL));
		left = n;
		pr_info("after %d: %d\n", n,
			mempool_init(&pool, 3, take, give, NULL));
		pr_info("initialised: %d\n", mempool_initialized(&pool));
		mempool_exit(&pool);
		pr_info("initialised: %d\n", mempool_initialized(&pool));
	}
	return 0;
}
module_init(mempool_create_fails_init);
MODULE_DESCRIPTION("creation when the allocator gives up");
MODULE_LICENSE("GPL");
