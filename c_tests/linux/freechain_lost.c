// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * freechain_lost - objects that a broken free list has lost
 *
 * They count as live from then on: validation finds them to look free, one at
 * a time, and destroying the cache lists them. At risk: the place of each of
 * them in the report.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE)

static struct kmem_cache *cache;
static unsigned char *a, *b, *c, *d;

/* Has the free list begin with a, b, c; d is live. */
static void __init chain(const char *name, unsigned int size, slab_flags_t flags)
{
	cache = kmem_cache_create(name, size, 0, flags, NULL);
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	b = kmem_cache_alloc(cache, GFP_KERNEL);
	c = kmem_cache_alloc(cache, GFP_KERNEL);
	d = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, c);
	kmem_cache_free(cache, b);
	kmem_cache_free(cache, a);
}

static int __init freechain_lost_init(void)
{
	chain("test_lost", 1000, FLAGS);
	*(unsigned long *)(b + 1008) ^= 0xff;
	pr_info("break\n");
	validate_slab_cache(cache);
	pr_info("again\n");
	validate_slab_cache(cache);
	kmem_cache_free(cache, d);
	pr_info("destroy\n");
	kmem_cache_destroy(cache);
	return 0;
}
module_init(freechain_lost_init);
MODULE_DESCRIPTION("objects that a broken free list has lost");
MODULE_LICENSE("Dual MIT/GPL");
