// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * option_switches - a switch that is not a digit
 *
 * The first letter tells on from off, the second in words with an o. The last
 * word counts. At risk: a spelling that is not understood, which leaves the
 * word before in force.
 *
 * cmdline: init_on_alloc=0 init_on_alloc=One init_on_free=1 init_on_free=False
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define SIZE 120

static int __init option_switches_init(void)
{
	struct kmem_cache *cache = kmem_cache_create("test", SIZE, 0,
						     SLAB_NO_MERGE | SLAB_CONSISTENCY_CHECKS, NULL);
	unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	pr_info("new: %s\n", memchr_inv(object, 0, SIZE) ? "as it was" : "zero");
	memset(object, 0xee, SIZE);
	kmem_cache_free(cache, object);
	/* The free pointer lies in the middle. */
	pr_info("free: %s\n", memchr_inv(object, 0xee, 32) ? "cleared" : "as it was");
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("again: %s\n", memchr_inv(object, 0, SIZE) ? "as it was" : "zero");
	kmem_cache_free(cache, object);
	kmem_cache_shrink(cache);
	return 0;
}
module_init(option_switches_init);
MODULE_DESCRIPTION("a switch that is not a digit");
MODULE_LICENSE("Dual MIT/GPL");
