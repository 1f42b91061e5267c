// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * option_spares_order - debug flags that would make slabs larger
 *
 * With the letter O, flags that store something are dropped where they would
 * raise the least order of a slab; checks stay. At risk: where the limit lies.
 *
 * cmdline: slab_debug=FZPU;O,nobody
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init option_spares_order_init(void)
{
	static const struct {
		const char *name;
		slab_flags_t flags;
	} caches[] = {
		{ "test_64", 0 },
		{ "test_3900", 0 },
		{ "test_4000", 0 },
		{ "test_4096", 0 },
		{ "test_asks", SLAB_POISON },
	};
	struct kmem_cache *cache;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(caches); i++) {
		cache = kmem_cache_create(caches[i].name, i == 0 ? 64 : i == 1 ? 3900 : i == 2 ? 4000 : 4096, 0,
					  caches[i].flags, NULL);
		pr_info("%s: %s\n", caches[i].name, cache ? "created" : "refused");
	}
	return 0;
}
module_init(option_spares_order_init);
MODULE_DESCRIPTION("debug flags that would make slabs larger");
MODULE_LICENSE("Dual MIT/GPL");
