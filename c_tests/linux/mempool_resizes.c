// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * mempool_resizes - a pool that grows and shrinks
 *
 * At risk: elements lost, a reserve that is called full and is not.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/mempool.h>

static int fail, calls, out;
static char elements[16][8];

static void *take(gfp_t gfp, void *data)
{
	calls++;
	pr_info("  alloc %pGg%s\n", &gfp, fail ? ", fails" : "");
	if (fail)
		return NULL;
	return elements[out++];
}

static void give(void *element, void *data)
{
	pr_info("  free %d %s\n", (int)(((char *)element - elements[0]) / 8),
		(char *)data);
}

static int __init mempool_resizes_init(void)
{
	mempool_t *pool = mempool_create(2, take, give, "data");
	void *p, *q;

	pr_info("grow\n");
	pr_info("%d: %d of %d\n", mempool_resize(pool, 4), pool->curr_nr,
		pool->min_nr);
	pr_info("shrink\n");
	pr_info("%d: %d of %d\n", mempool_resize(pool, 1), pool->curr_nr,
		pool->min_nr);
	fail = 1;
	pr_info("grow, failing\n");
	pr_info("%d: %d of %d, saturated %d\n", mempool_resize(pool, 3),
		pool->curr_nr, pool->min_nr, mempool_is_saturated(pool));
	p = mempool_alloc(pool, GFP_KERNEL);
	fail = 0;
	q = mempool_alloc(pool, GFP_KERNEL);
	mempool_free(p, pool);
	mempool_free(q, pool);
	pr_info("%d of %d\n", pool->curr_nr, pool->min_nr);
	pr_info("same\n");
	pr_info("%d: %d of %d\n", mempool_resize(pool, 3), pool->curr_nr,
		pool->min_nr);
	mempool_destroy(pool);
	return 0;
}
module_init(mempool_resizes_init);
MODULE_DESCRIPTION("a pool that grows and shrinks");
MODULE_LICENSE("GPL");
