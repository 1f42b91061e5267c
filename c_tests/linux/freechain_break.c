// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * freechain_break - a break in the free list, found at a free
 *
 * The list is cut there and the slab's counter adjusted to what is left of it;
 * the free itself succeeds. At risk: the counts, and the allocator following
 * the broken link.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

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

static int __init freechain_break_init(void)
{
	unsigned int i;

	chain("test_break", 24, FLAGS);
	*(unsigned long *)(b + 32) ^= 0xff;
	kmem_cache_free(cache, d);
	/* All that is left: d, a, b. */
	for (i = 0; i < 3; i++)
		pr_info("%d\n", !!kmem_cache_alloc(cache, GFP_KERNEL));
	pr_info("looked at: %ld\n", validate_slab_cache(cache));
	return 0;
}
module_init(freechain_break_init);
MODULE_DESCRIPTION("a break in the free list, found at a free");
MODULE_LICENSE("Dual MIT/GPL");
