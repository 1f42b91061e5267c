// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * trace - a cache that traces its allocations
 *
 * Each allocation and each free of a tracing cache is a line in the log, a
 * free with the object's bytes. At risk: the counts in the lines.
 *
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static int __init trace_init(void)
{
	struct kmem_cache *cache;
	void *a, *b;

	cache = kmem_cache_create("test_trace", 24, 0, SLAB_TRACE |
				  SLAB_CONSISTENCY_CHECKS, NULL);
	a = kmem_cache_zalloc(cache, GFP_KERNEL);
	b = kmem_cache_zalloc(cache, GFP_KERNEL);
	memset(a, 'a', 24);
	memset(b, 'b', 24);
	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	return 0;
}
module_init(trace_init);
MODULE_DESCRIPTION("a cache that traces its allocations");
MODULE_LICENSE("Dual MIT/GPL");
