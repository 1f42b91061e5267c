// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * merge_flags - which flags keep two caches apart
 *
 * Caches merge only if reclaim accounting, zone and memory accounting agree;
 * debug flags, RCU placement and the explicit never-merge flags rule a merge
 * out on either side. Alignment to a cache line, panic on failure and the
 * consistency checks do not. At risk: each member of the two sets.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAG(flag) { #flag, flag }

/* A multiple of the cache line with no cache of its own in a kernel. */
#define SIZE 5184

static const struct {
	const char *text;
	slab_flags_t flags;
} kinds[] __initconst = {
	FLAG(SLAB_HWCACHE_ALIGN),
	FLAG(SLAB_PANIC),
	FLAG(SLAB_CONSISTENCY_CHECKS),
	FLAG(SLAB_NO_USER_FLAGS),
	FLAG(SLAB_KMALLOC),
	FLAG(SLAB_RED_ZONE),
	FLAG(SLAB_POISON),
	FLAG(SLAB_STORE_USER),
	FLAG(SLAB_TRACE),
	FLAG(SLAB_TYPESAFE_BY_RCU),
	FLAG(SLAB_NOLEAKTRACE),
	FLAG(SLAB_NO_MERGE),
	FLAG(SLAB_RECLAIM_ACCOUNT),
	FLAG(SLAB_ACCOUNT),
	FLAG(SLAB_CACHE_DMA),
	FLAG(SLAB_CACHE_DMA32),
	FLAG(SLAB_RECLAIM_ACCOUNT | SLAB_ACCOUNT),
};

static int __init merge_flags_init(void)
{
	struct kmem_cache *plain, *first, *second;
	char name[32];
	unsigned int i;

	plain = kmem_cache_create("test_plain", SIZE, 0, 0, NULL);
	first = kmem_cache_create("test_plain_too", SIZE, 0, 0, NULL);
	pr_info("none: merges with plain %d\n", first == plain);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		snprintf(name, sizeof(name), "test_%u", i);
		first = kmem_cache_create(name, SIZE, 0, kinds[i].flags, NULL);
		snprintf(name, sizeof(name), "test_%u_too", i);
		second = kmem_cache_create(name, SIZE, 0, kinds[i].flags, NULL);
		pr_info("%s: merges with plain %d, with its like %d\n",
			kinds[i].text, first == plain, first == second);
	}
	return 0;
}
module_init(merge_flags_init);
MODULE_DESCRIPTION("which flags keep two caches apart");
MODULE_LICENSE("Dual MIT/GPL");
