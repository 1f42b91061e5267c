// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * freechain_restored - a break in the free list, and its end
 *
 * As in the kernel's own unit test: a spoilt link is three errors, putting it
 * back two, and then there is none. At risk: objects being lost for good.
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

static int __init freechain_restored_init(void)
{
	unsigned long *link, saved;

	pr_info("hidden: Bytes b4\n");
	chain("test_restored", 64, SLAB_POISON);
	link = (unsigned long *)(a + 64);
	saved = *link;
	*link = ~saved;
	pr_info("spoilt\n");
	validate_slab_cache(cache);
	*link = saved;
	pr_info("put back\n");
	validate_slab_cache(cache);
	pr_info("again\n");
	validate_slab_cache(cache);
	kmem_cache_free(cache, d);
	kmem_cache_destroy(cache);
	return 0;
}
module_init(freechain_restored_init);
MODULE_DESCRIPTION("a break in the free list, and its end");
MODULE_LICENSE("Dual MIT/GPL");
