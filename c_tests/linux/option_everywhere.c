// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * option_everywhere - debug flags for every cache
 *
 * A block without names holds for all caches; what a creator asks for is
 * added; tracks are spared where leaks are not looked for; a cache may refuse.
 * Seen by the strides. At risk: each of these.
 *
 * cmdline: slab_debug=ZU;zu-U,test_named
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init option_everywhere_init(void)
{
	static const struct {
		const char *name;
		slab_flags_t flags;
	} caches[] = {
		{ "test_plain", 0 },
		{ "test_poison", SLAB_POISON },
		{ "test_noleak", SLAB_NOLEAKTRACE },
		{ "test_refuses", SLAB_NO_USER_FLAGS },
		{ "test_refuses_zone", SLAB_NO_USER_FLAGS | SLAB_RED_ZONE },
		{ "test_named", SLAB_NOLEAKTRACE },
	};
	struct kmem_cache *cache;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(caches); i++) {
		cache = kmem_cache_create(caches[i].name, 5416 + 8 * i, 0,
					  caches[i].flags, NULL);
		pr_info("%s: %s\n", caches[i].name, cache ? "created" : "refused");
	}
	return 0;
}
module_init(option_everywhere_init);
MODULE_DESCRIPTION("debug flags for every cache");
MODULE_LICENSE("Dual MIT/GPL");
