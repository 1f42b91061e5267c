// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * args_writeback - what a creation leaves in the caller's arguments
 *
 * The alignment comes back as computed, unless the request merged or failed
 * before; other fields stay. At risk: writing to none of it, or to too much.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void __init show(const char *name, unsigned int size,
			struct kmem_cache_args args, slab_flags_t flags)
{
	struct kmem_cache *cache = kmem_cache_create(name, size, &args, flags);

	pr_info("%s: %s, align %u, useroffset %u, usersize %u, freeptr %u\n",
		name, cache ? "created" : "refused", args.align,
		args.useroffset, args.usersize, args.freeptr_offset);
}

static int __init args_writeback_init(void)
{
	struct kmem_cache_args args = { 0 };

	show("test_none", 100, args, SLAB_NO_MERGE);
	show("test_hwcache", 100, args, SLAB_NO_MERGE | SLAB_HWCACHE_ALIGN);
	show("test_hwcache_17", 17, args, SLAB_NO_MERGE | SLAB_HWCACHE_ALIGN);
	args.align = 2;
	show("test_2", 100, args, SLAB_NO_MERGE);
	args.align = 256;
	show("test_256", 100, args, SLAB_NO_MERGE | SLAB_HWCACHE_ALIGN);
	args.align = 4;
	show("test_bad_flag", 100, args, (slab_flags_t)(1u << 31));
	show("test_too_large", 5 << 20, args, SLAB_NO_MERGE);
	show("test_base", 5376, args, 0);
	show("test_merged", 5376, args, 0);
	args.freeptr_offset = 5;
	show("test_unused_freeptr", 100, args, SLAB_NO_MERGE);
	args.useroffset = 8;
	args.usersize = 16;
	show("test_window", 100, args, SLAB_NO_MERGE);
	return 0;
}
module_init(args_writeback_init);
MODULE_DESCRIPTION("what a creation leaves in the caller's arguments");
MODULE_LICENSE("Dual MIT/GPL");
