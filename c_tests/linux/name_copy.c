// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * name_copy - the cache keeps its own copy of the name
 *
 * A caller may overwrite the name as soon as the creation returns; slabinfo
 * and messages go on showing the name it was created with. At risk: keeping
 * the caller's pointer.
 *
 * kernels: 6.12 6.1
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

static char name[64];

static int __init name_copy_init(void)
{
	struct kmem_cache *first, *second, *third;

	snprintf(name, sizeof(name), "test_copy_%d", 1);
	first = kmem_cache_create(name, 296, 0, SLAB_NOLEAKTRACE, NULL);
	snprintf(name, sizeof(name), "test_copy_%d", 2);
	second = kmem_cache_create(name, 304, 0, SLAB_CONSISTENCY_CHECKS |
				   SLAB_NOLEAKTRACE, NULL);
	snprintf(name, sizeof(name), "test_copy_%d", 3);
	third = kmem_cache_create(name, 312, 0, SLAB_NOLEAKTRACE, NULL);
	memset(name, 'x', sizeof(name) - 1);

	pr_info("created: %d %d %d\n", !!first, !!second, !!third);
	pr_info("an object of the second: %d\n",
		!!kmem_cache_alloc(second, GFP_KERNEL));
	kmem_cache_destroy(third);
	kmem_cache_destroy(second);
	return 0;
}
module_init(name_copy_init);
MODULE_DESCRIPTION("the cache keeps its own copy of the name");
MODULE_LICENSE("Dual MIT/GPL");
