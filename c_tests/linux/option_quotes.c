// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * option_quotes - quotes around values and words
 *
 * Quotes around a value or a whole word are taken off, and spaces between them
 * are part of it; others are text like any other. At risk: quotes that become
 * part of a letter, a name or a number.
 *
 * cmdline: slab_debug="Z,test_a,test b,"test_c",test_d" "slab_max_order=1" slab_min_objects="4"
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init option_quotes_init(void)
{
	static const struct {
		const char *name;
		unsigned int size;
	} caches[] = {
		{ "test_a", 64 },
		{ "test b", 72 },
		{ "test_c", 80 },
		{ "test_d", 88 },
		{ "test_512", 512 },
		{ "test_1400", 1400 },
		{ "test_2048", 2048 },
		{ "test_5000", 5000 },
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
module_init(option_quotes_init);
MODULE_DESCRIPTION("quotes around values and words");
MODULE_LICENSE("Dual MIT/GPL");
