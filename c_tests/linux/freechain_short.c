// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * freechain_short - a link that passes an object by
 *
 * Every word leads to a free object, also after the one with the wrong word has
 * been allocated, but there are fewer on the list than the slab's counter says.
 * At risk: an object that is lost without a word.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

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

static void __init shorten(const char *name, slab_flags_t flags, unsigned int word)
{
	chain(name, 24, flags);
	/* From a to b becomes from a to c, however the kernel encodes the address. */
	*(unsigned long *)(a + word) ^= (unsigned long)b ^ (unsigned long)c;
	pr_info("the first: %d\n", kmem_cache_alloc(cache, GFP_KERNEL) == a);
	kmem_cache_free(cache, d);
	pr_info("then: %d\n", kmem_cache_alloc(cache, GFP_KERNEL) == d);
	pr_info("then: %d\n", kmem_cache_alloc(cache, GFP_KERNEL) == c);
	kmem_cache_free(cache, a);
}

static int __init freechain_short_init(void)
{
	shorten("test_short", SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON, 32);
	pr_info("validate\n");
	validate_slab_cache(cache);
	/* With the word inside the object. (A dump would show it as the kernel encodes it.) */
	shorten("test_inside", SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE, 8);
	return 0;
}
module_init(freechain_short_init);
MODULE_DESCRIPTION("a link that passes an object by");
MODULE_LICENSE("Dual MIT/GPL");
