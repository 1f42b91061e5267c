// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * gfp_kinds - the allocation flags every caller uses
 *
 * Each gives an ordinary object when memory is plenty, without a word. At
 * risk: a combination being taken for an illegal one.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS(flags) { #flags, flags }

static const struct {
	const char *text;
	gfp_t flags;
} kinds[] __initconst = {
	FLAGS(GFP_KERNEL),
	FLAGS(GFP_ATOMIC),
	FLAGS(GFP_NOWAIT),
	FLAGS(GFP_NOIO),
	FLAGS(GFP_NOFS),
	FLAGS(GFP_USER),
	FLAGS(GFP_KERNEL_ACCOUNT),
	FLAGS(GFP_KERNEL | __GFP_NOWARN),
	FLAGS(GFP_KERNEL | __GFP_NORETRY),
	FLAGS(GFP_KERNEL | __GFP_RETRY_MAYFAIL),
	FLAGS(GFP_KERNEL | __GFP_NOFAIL),
	FLAGS(GFP_KERNEL | __GFP_NOMEMALLOC),
	FLAGS(GFP_ATOMIC | __GFP_ZERO),
	FLAGS(GFP_KERNEL | __GFP_COMP),
	FLAGS(GFP_KERNEL | __GFP_WRITE),
};

static int __init gfp_kinds_init(void)
{
	struct kmem_cache *cache;
	unsigned int i;
	void *object;

	/* One object per slab: each allocation makes a slab. */
	cache = kmem_cache_create("test_gfp", 20000, 0, SLAB_NOLEAKTRACE, NULL);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		object = kmem_cache_alloc(cache, kinds[i].flags);
		pr_info("%s: %s\n", kinds[i].text, object ? "object" : "none");
	}
	kmem_cache_shrink(cache);
	return 0;
}
module_init(gfp_kinds_init);
MODULE_DESCRIPTION("the allocation flags every caller uses");
MODULE_LICENSE("Dual MIT/GPL");
