// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * interior_free - freeing a pointer into the middle of an object
 *
 * With consistency checks it is reported and ignored, and the object can still
 * be freed by its real address. At risk: the text, and the object being lost.
 *
 * kernels: 6.12 6.1
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init interior_free_init(void)
{
	struct kmem_cache *cache;
	char *a;

	cache = kmem_cache_create("test_interior", 24, 0,
				  SLAB_CONSISTENCY_CHECKS | SLAB_NOLEAKTRACE,
				  NULL);
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, a + 8);
	pr_info("interior freed\n");
	kmem_cache_free(cache, a);
	pr_info("slabs left %d\n", kmem_cache_shrink(cache));
	return 0;
}
module_init(interior_free_init);
MODULE_DESCRIPTION("freeing a pointer into the middle of an object");
MODULE_LICENSE("Dual MIT/GPL");
