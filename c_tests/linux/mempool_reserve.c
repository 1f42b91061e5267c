// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * mempool_reserve - a pool whose allocator fails
 *
 * The allocator is asked first, without sleeping; then the reserve gives, last
 * in first out. At risk: the flags it gets, the order of things.
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

static int __init mempool_reserve_init(void)
{
	mempool_t *pool;
	void *p[5];
	int i;

	pr_info("create\n");
	pool = mempool_create(3, take, give, "data");
	pr_info("%d of %d\n", pool->curr_nr, pool->min_nr);
	pr_info("kernel\n");
	p[0] = mempool_alloc(pool, GFP_KERNEL);
	fail = 1;
	for (i = 1; i < 4; i++) {
		pr_info("kernel, failing\n");
		p[i] = mempool_alloc(pool, i == 1 ? GFP_KERNEL :
				     i == 2 ? GFP_NOIO : GFP_ATOMIC);
		pr_info("element %d, %d left\n",
			(int)(((char *)p[i] - elements[0]) / 8), pool->curr_nr);
	}
	pr_info("atomic, nothing left\n");
	pr_info("%d\n", !!mempool_alloc(pool, GFP_ATOMIC));
	pr_info("%d\n", !!mempool_alloc_preallocated(pool));
	for (i = 0; i < 4; i++) {
		mempool_free(p[i], pool);
		pr_info("%d in reserve\n", pool->curr_nr);
	}
	mempool_free(NULL, pool);
	p[0] = mempool_alloc_preallocated(pool);
	pr_info("preallocated: element %d\n",
		(int)(((char *)p[0] - elements[0]) / 8));
	mempool_free(p[0], pool);
	mempool_destroy(pool);
	mempool_destroy(NULL);
	return 0;
}
module_init(mempool_reserve_init);
MODULE_DESCRIPTION("a pool whose allocator fails");
MODULE_LICENSE("GPL");
