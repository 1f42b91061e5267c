// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * option_default - debug flags by a bare option
 *
 * No letters mean checks, red zones, poison and tracks. At risk: tracing among
 * them.
 *
 * cmdline: slab_debug
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static unsigned char *object;

static int __init option_default_init(void)
{
	static const struct {
		const char *name;
		slab_flags_t flags;
	} caches[] = {
		{ "test_plain", 0 },
		{ "test_poison", SLAB_POISON },
		{ "test_refuses", SLAB_NO_USER_FLAGS },
	};
	struct kmem_cache *cache;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(caches); i++) {
		cache = kmem_cache_create(caches[i].name, 5416 + 8 * i, 0,
					  caches[i].flags, NULL);
		pr_info("%s: %s\n", caches[i].name, cache ? "created" : "refused");
	}

	object = kmem_cache_alloc(cache, GFP_KERNEL);
	cache = kmem_cache_create("test_checked", 64, 0, 0, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	object[64] = 0x12;
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	return 0;
}
module_init(option_default_init);
MODULE_DESCRIPTION("debug flags by a bare option");
MODULE_LICENSE("Dual MIT/GPL");
