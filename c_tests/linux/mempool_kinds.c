// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * mempool_kinds - pools over caches, kmalloc and pages
 *
 * At risk: the size of an element, the cache it comes from.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/mempool.h>

static int __init mempool_kinds_init(void)
{
	struct kmem_cache *cache;
	mempool_t *pool, embedded;
	void *p;

	cache = kmem_cache_create("test_pool", 72, 0, SLAB_NOLEAKTRACE, NULL);
	pool = mempool_create_slab_pool(5, cache);
	p = mempool_alloc(pool, GFP_KERNEL);
	pr_info("slab: %zu, %d\n", ksize(p), pool->curr_nr);
	mempool_free(p, pool);
	mempool_destroy(pool);
	pr_info("slabs left: %d\n", kmem_cache_shrink(cache));
	pool = mempool_create_kmalloc_pool(2, 300);
	p = mempool_alloc(pool, GFP_KERNEL);
	pr_info("kmalloc: %zu\n", ksize(p));
	mempool_free(p, pool);
	mempool_destroy(pool);
	pool = mempool_create_page_pool(2, 1);
	p = mempool_alloc(pool, GFP_KERNEL);
	pr_info("pages: %d\n",
		!((unsigned long)page_address(p) & (2 * PAGE_SIZE - 1)));
	mempool_free(p, pool);
	mempool_destroy(pool);
	pr_info("init: %d\n", mempool_init_slab_pool(&embedded, 3, cache));
	pr_info("%d of %d\n", embedded.curr_nr, embedded.min_nr);
	mempool_exit(&embedded);
	pr_info("none: %d\n", mempool_init_kmalloc_pool(&embedded, 0, 50));
	pr_info("%d of %d\n", embedded.curr_nr, embedded.min_nr);
	p = mempool_alloc(&embedded, GFP_KERNEL);
	mempool_free(p, &embedded);
	pr_info("%d of %d\n", embedded.curr_nr, embedded.min_nr);
	mempool_exit(&embedded);
	kmem_cache_destroy(cache);
	return 0;
}
module_init(mempool_kinds_init);
MODULE_DESCRIPTION("pools over caches, kmalloc and pages");
MODULE_LICENSE("GPL");
