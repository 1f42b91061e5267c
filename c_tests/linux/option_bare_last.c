// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * option_bare_last - the debug option given more than once, names first
 *
 * A bare option, or letters alone, leave the names there were. Seen by the
 * strides. At risk: the names being forgotten, and the letters of the word
 * before being kept.
 *
 * cmdline: slab_debug=P;-,test_lost slab_debug=Z,test_named slab_debug=U slab_debug
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init option_bare_last_init(void)
{
	static const struct {
		const char *name;
		unsigned int size;
	} caches[] = {
		{ "test_lost", 64 },
		{ "test_named", 72 },
		{ "test_other", 4096 },
	};
	struct kmem_cache *cache;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(caches); i++) {
		cache = kmem_cache_create(caches[i].name, caches[i].size, 0,
					  SLAB_NO_MERGE, NULL);
		pr_info("%s: %s\n", caches[i].name, cache ? "created" : "refused");
	}
	return 0;
}
module_init(option_bare_last_init);
MODULE_DESCRIPTION("the debug option given more than once, names first");
MODULE_LICENSE("Dual MIT/GPL");
