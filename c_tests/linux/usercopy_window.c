// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * usercopy_window - usercopy windows that fit and windows that do not
 *
 * One that does not lie within the object is warned about and dropped, and the
 * creation continues; the cache may then merge. At risk: refusing the cache,
 * an overflow in the sum of offset and size, and the fields left as given.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void __init window(const char *name, unsigned int offset,
			  unsigned int size)
{
	struct kmem_cache_args args = {
		.useroffset = offset,
		.usersize = size,
	};
	struct kmem_cache *cache;

	pr_info("%s: offset %u size %u\n", name, offset, size);
	cache = kmem_cache_create(name, 5400, &args, 0);
	pr_info("%s, offset %u size %u\n", cache ? "created" : "refused",
		args.useroffset, args.usersize);
}

static int __init usercopy_window_init(void)
{
	window("test_all", 0, 5400);
	window("test_last", 5399, 1);
	window("test_end", 5400, 0);
	window("test_too_long", 0, 5401);
	window("test_past", 5400, 1);
	window("test_across", 5000, 401);
	window("test_wrapping", 8, 0xfffffffcu);
	window("test_far", 0xfffffff0u, 16);
	return 0;
}
module_init(usercopy_window_init);
MODULE_DESCRIPTION("usercopy windows that fit and windows that do not");
MODULE_LICENSE("Dual MIT/GPL");
