// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * option_odd - odd spellings of the debug option
 *
 * Capitals and small letters are the same, empty blocks are skipped, what
 * follows a star does not count. A name before an empty block is not found,
 * which is Linux's doing. At risk: any of these making a block disappear, or
 * not.
 *
 * cmdline: slab_debug=;;pz,test_a,;;Z-u,test_b;;P,test_c,test_star*nothing;,test_all;Z,test_twice;P,test_twice;-;
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init option_odd_init(void)
{
	static const struct {
		const char *name;
		slab_flags_t flags;
	} caches[] = {
		{ "test_a", 0 },
		{ "test_b", 0 },
		{ "test_c", 0 },
		{ "test_star", 0 },
		{ "test_all", 0 },
		{ "test_twice", 0 },
		{ "test_", 0 },
		{ "test_x", 0 },
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
module_init(option_odd_init);
MODULE_DESCRIPTION("odd spellings of the debug option");
MODULE_LICENSE("Dual MIT/GPL");
