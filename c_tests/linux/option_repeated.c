// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * option_repeated - the debug option given more than once, names last
 *
 * A value with names replaces the names there were, and leaves the flags of
 * all other caches. The letter O stays. Seen by the strides. At risk: the last
 * word being all that counts.
 *
 * cmdline: slab_debug=OU,test_lost slab_debug=U slab_debug=Z slab_debug=P,test_named
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init option_repeated_init(void)
{
	static const struct {
		const char *name;
		unsigned int size;
	} caches[] = {
		{ "test_lost", 64 },
		{ "test_named", 72 },
		{ "test_other", 80 },
		{ "test_spared", 4096 },
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
module_init(option_repeated_init);
MODULE_DESCRIPTION("the debug option given more than once, names last");
MODULE_LICENSE("Dual MIT/GPL");
