// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * merge_candidates - a request that could merge with one of several caches
 *
 * Strides are multiples of a word and the waste is below a word, so a request
 * fits one stride only; of the caches around it the right one must be found,
 * past unmergeable ones. At risk: stopping at the first cache looked at.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void __init report(const char *what, struct kmem_cache *c,
			  struct kmem_cache *older, struct kmem_cache *newer)
{
	pr_info("%s: %s\n", what, c == older ? "older" :
		c == newer ? "newer" : "neither");
}

static int __init merge_candidates_init(void)
{
	struct kmem_cache *older, *newer, *c;

	older = kmem_cache_create("test_older", 5304, 8, 0, NULL);
	newer = kmem_cache_create("test_newer", 5304, 16, 0, NULL);
	pr_info("apart: %d\n", older != newer);
	c = kmem_cache_create("test_plain", 5304, 0, 0, NULL);
	report("plain", c, older, newer);
	c = kmem_cache_create("test_16", 5304, 16, 0, NULL);
	report("aligned to 16", c, older, newer);

	older = kmem_cache_create("test_alone", 5432, 0, SLAB_NOLEAKTRACE, NULL);
	newer = kmem_cache_create("test_open", 5432, 0, 0, NULL);
	c = kmem_cache_create("test_request", 5432, 0, 0, NULL);
	report("one mergeable", c, older, newer);

	older = kmem_cache_create("test_checked", 5560, 0,
				  SLAB_CONSISTENCY_CHECKS, NULL);
	c = kmem_cache_create("test_unchecked", 5560, 0, 0, NULL);
	report("unchecked after checked", c, older, NULL);
	return 0;
}
module_init(merge_candidates_init);
MODULE_DESCRIPTION("a request that could merge with one of several caches");
MODULE_LICENSE("Dual MIT/GPL");
