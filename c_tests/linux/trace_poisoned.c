// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * trace_poisoned - tracing a cache with poison and red zones
 *
 * The dump of a free shows the object as the program left it. At risk: the
 * moment of the dump.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON | \
	       SLAB_TRACE)

static int __init trace_poisoned_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object, *again;

	cache = kmem_cache_create("test_trace", 20, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	memset(object, 'a', 10);
	kmem_cache_free(cache, object);
	again = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("same: %d\n", again == object);
	again[20] = 0x12;
	kmem_cache_free(cache, again);
	kmem_cache_free(cache, again);
	return 0;
}
module_init(trace_poisoned_init);
MODULE_DESCRIPTION("tracing a cache with poison and red zones");
MODULE_LICENSE("Dual MIT/GPL");
