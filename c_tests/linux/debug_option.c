// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * debug_option - debug flags by boot option
 *
 * Blocks are tried in order and the first whose list has the name wins over
 * the rest; a star matches a prefix; a cache may opt out. Seen by the strides.
 * At risk: blocks being combined, and the flags of the caller being replaced.
 *
 * cmdline: slab_debug=Z,test_z;P,test_p*,test_q;U,test_u;ZPU,test_p_long,test_x;-,test_none
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static const struct {
	const char *name;
	slab_flags_t flags;
} caches[] __initconst = {
	{ "test_z", 0 },
	{ "test_zz", 0 },
	{ "test_p", 0 },
	{ "test_p_long", 0 },
	{ "test_q", 0 },
	{ "test_q_long", 0 },
	{ "test_u", 0 },
	{ "test_x", 0 },
	{ "test_none", SLAB_RED_ZONE },
	{ "test_z", SLAB_POISON },
	{ "test_x", SLAB_NO_USER_FLAGS },
	{ "test_q", SLAB_HWCACHE_ALIGN },
	{ "test_other", 0 },
};

static int __init debug_option_init(void)
{
	struct kmem_cache *cache;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(caches); i++) {
		cache = kmem_cache_create(caches[i].name, 5416 + 8 * i, 0,
					  caches[i].flags, NULL);
		pr_info("%s %u: %s\n", caches[i].name, 5416 + 8 * i,
			cache ? "created" : "refused");
	}
	return 0;
}
module_init(debug_option_init);
MODULE_DESCRIPTION("debug flags by boot option");
MODULE_LICENSE("Dual MIT/GPL");
