// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * create_oversize - the largest objects, and the first that do not fit
 *
 * A slab is at most 4 MiB, so an object of exactly that size is created when
 * nothing is added to it; one byte more, or any metadata, fails with -EINVAL.
 * At risk: the bound being applied to the object instead of to the stride.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sizes.h>

static void __init try_create(const char *name, unsigned int size,
			      unsigned int align, slab_flags_t flags)
{
	struct kmem_cache *cache;

	cache = kmem_cache_create(name, size, align, flags | SLAB_NOLEAKTRACE,
				  NULL);
	pr_info("%s: %s\n", name, cache ? "created" : "refused");
}

static int __init create_oversize_init(void)
{
	try_create("test_4m", SZ_4M, 0, 0);
	try_create("test_4m_less_8", SZ_4M - 8, 0, 0);
	try_create("test_4m_less_7", SZ_4M - 7, 0, 0);
	try_create("test_4m_hwcache", SZ_4M, 0, SLAB_HWCACHE_ALIGN);
	try_create("test_4m_checks", SZ_4M, 0, SLAB_CONSISTENCY_CHECKS);
	try_create("test_4m_more_1", SZ_4M + 1, 0, 0);
	try_create("test_4m_poison", SZ_4M, 0, SLAB_POISON);
	try_create("test_4m_less_8_poison", SZ_4M - 8, 0, SLAB_POISON);
	try_create("test_4m_redzone", SZ_4M, 0, SLAB_RED_ZONE);
	try_create("test_4m_less_24_redzone", SZ_4M - 24, 0, SLAB_RED_ZONE);
	try_create("test_4m_rcu", SZ_4M, 0, SLAB_TYPESAFE_BY_RCU);
	try_create("test_8m", SZ_8M, 0, 0);
	try_create("test_1g", SZ_1G, 0, 0);
	return 0;
}
module_init(create_oversize_init);
MODULE_DESCRIPTION("the largest objects, and the first that do not fit");
MODULE_LICENSE("Dual MIT/GPL");
