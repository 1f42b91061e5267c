// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * freechain_head - a free list without a first object
 *
 * Without checks the link of the object that is allocated becomes the head of
 * the list as it is. Validation then empties the list. At risk: the allocator
 * following it.
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

static int __init freechain_head_init(void)
{
	chain("test_head", 24, SLAB_POISON);
	*(unsigned long *)(a + 24) ^= 0xff;
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("hidden: Bytes b4\n");
	validate_slab_cache(cache);
	return 0;
}
module_init(freechain_head_init);
MODULE_DESCRIPTION("a free list without a first object");
MODULE_LICENSE("Dual MIT/GPL");
