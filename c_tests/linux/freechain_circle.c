// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * freechain_circle - a free list that runs in a circle
 *
 * It is walked for as many steps as the slab has objects; the counter that
 * comes out of it is below zero, and the slab refused from then on. At risk:
 * an endless loop.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_POISON)

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

static int __init freechain_circle_init(void)
{
	chain("test_circle", 24, FLAGS);
	/* From b to c becomes from b to a, however the kernel encodes the address. */
	*(unsigned long *)(b + 24) ^= (unsigned long)c ^ (unsigned long)a;
	kmem_cache_free(cache, d);
	pr_info("validate\n");
	validate_slab_cache(cache);
	return 0;
}
module_init(freechain_circle_init);
MODULE_DESCRIPTION("a free list that runs in a circle");
MODULE_LICENSE("Dual MIT/GPL");
