// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * destroy_partial - destroying a cache that still has objects
 *
 * Every object left is reported with its slab, then the destruction itself;
 * the row of slabinfo goes, the objects stay usable memory. At risk: the order
 * of the lines, and unmapping memory that is still in use.
 *
 * kernels: 6.12 6.1
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static int __init destroy_partial_init(void)
{
	struct kmem_cache *cache;
	unsigned char *a, *b;

	cache = kmem_cache_create("test_left", 120, 0, SLAB_NOLEAKTRACE, NULL);
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	b = kmem_cache_alloc(cache, GFP_KERNEL);
	memset(a, 0x11, 120);
	memset(b, 0x22, 120);
	kmem_cache_destroy(cache);
	pr_info("destroyed\n");
	pr_info("objects keep their bytes: %d %d\n", !memchr_inv(a, 0x11, 120),
		!memchr_inv(b, 0x22, 120));
	memset(a, 0x33, 120);

	cache = kmem_cache_create("test_left", 120, 0, SLAB_NOLEAKTRACE, NULL);
	pr_info("created again: %d\n", !!cache);
	return 0;
}
module_init(destroy_partial_init);
MODULE_DESCRIPTION("destroying a cache that still has objects");
MODULE_LICENSE("Dual MIT/GPL");
