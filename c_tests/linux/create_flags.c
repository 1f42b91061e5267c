// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * create_flags - which creation flags are accepted
 *
 * Every public flag is accepted alone and in combination, whatever it does; a
 * bit outside the permitted set fails the creation with -EINVAL and a message.
 * At risk: the permitted set, and the wording of the failure.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAG(flag) { #flag, flag }

static const struct {
	const char *text;
	slab_flags_t flags;
} good[] __initconst = {
	FLAG(SLAB_CONSISTENCY_CHECKS),
	FLAG(SLAB_RED_ZONE),
	FLAG(SLAB_POISON),
	FLAG(SLAB_STORE_USER),
	FLAG(SLAB_TRACE),
	FLAG(SLAB_HWCACHE_ALIGN),
	FLAG(SLAB_CACHE_DMA),
	FLAG(SLAB_CACHE_DMA32),
	FLAG(SLAB_PANIC),
	FLAG(SLAB_TYPESAFE_BY_RCU),
	FLAG(SLAB_DEBUG_OBJECTS),
	FLAG(SLAB_NOLEAKTRACE),
	FLAG(SLAB_RECLAIM_ACCOUNT),
	FLAG(SLAB_TEMPORARY),
	FLAG(SLAB_ACCOUNT),
	FLAG(SLAB_NO_USER_FLAGS),
	FLAG(SLAB_KMALLOC),
	FLAG(SLAB_RECLAIM_ACCOUNT | SLAB_ACCOUNT | SLAB_HWCACHE_ALIGN),
	FLAG(SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER),
};

static int __init create_flags_init(void)
{
	struct kmem_cache *cache;
	char name[32];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		snprintf(name, sizeof(name), "test_flags_%u", i);
		cache = kmem_cache_create(name, 200, 0,
					  good[i].flags | SLAB_NO_MERGE, NULL);
		pr_info("%s: %s\n", good[i].text, cache ? "created" : "refused");
	}

	cache = kmem_cache_create("test_bit_31", 200, 0,
				  (slab_flags_t)(1u << 31), NULL);
	pr_info("bit 31: %s\n", cache ? "created" : "refused");
	cache = kmem_cache_create("test_bit_30", 200, 0,
				  (slab_flags_t)(1u << 30) | SLAB_RED_ZONE, NULL);
	pr_info("bit 30: %s\n", cache ? "created" : "refused");
	cache = kmem_cache_create("test_all_bits", 200, 0,
				  (slab_flags_t)(0xffffffffu & ~SLAB_PANIC), NULL);
	pr_info("all bits but SLAB_PANIC: %s\n", cache ? "created" : "refused");
	return 0;
}
module_init(create_flags_init);
MODULE_DESCRIPTION("which creation flags are accepted");
MODULE_LICENSE("Dual MIT/GPL");
