// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * distinct - live objects never overlap
 *
 * Thousands of objects of odd sizes, freed and reallocated in a scattered
 * order; each is filled with its own number and must keep it. At risk: an
 * object handed out twice, or two of them closer than their size.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define COUNT 2000

static unsigned char *objects[COUNT];

static void __init churn(const char *name, unsigned int size,
			 slab_flags_t flags)
{
	unsigned int round, i, damaged = 0, live = 0;
	struct kmem_cache *cache;

	cache = kmem_cache_create(name, size, 0, flags | SLAB_NOLEAKTRACE, NULL);
	for (round = 0; round < 12; round++) {
		for (i = 0; i < COUNT; i++) {
			if ((i * 7 + round * 5) % 11 < 5)
				continue;
			if (!objects[i]) {
				objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
				memset(objects[i], i % 251, size);
				continue;
			}
			if (memchr_inv(objects[i], i % 251, size))
				damaged++;
			kmem_cache_free(cache, objects[i]);
			objects[i] = NULL;
		}
	}
	for (i = 0; i < COUNT; i++) {
		if (!objects[i])
			continue;
		live++;
		if (memchr_inv(objects[i], i % 251, size))
			damaged++;
		kmem_cache_free(cache, objects[i]);
		objects[i] = NULL;
	}
	pr_info("%s: %u live at the end, %u damaged, shrink %d\n", name, live,
		damaged, kmem_cache_shrink(cache));
}

static int __init distinct_init(void)
{
	churn("test_1", 1, 0);
	churn("test_9", 9, 0);
	churn("test_121", 121, 0);
	churn("test_1003", 1003, 0);
	churn("test_121_redzone", 121, SLAB_RED_ZONE);
	churn("test_121_rcu", 121, SLAB_TYPESAFE_BY_RCU);
	churn("test_121_all", 121, SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE |
	      SLAB_POISON | SLAB_STORE_USER);
	return 0;
}
module_init(distinct_init);
MODULE_DESCRIPTION("live objects never overlap");
MODULE_LICENSE("Dual MIT/GPL");
