// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kfree_any - kfree() and kfree_bulk() of objects of any cache
 *
 * At risk: an object that does not come home.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init kfree_any_init(void)
{
	struct kmem_cache *c, *d;
	void *p[12];
	int i;

	c = kmem_cache_create("test_any", 104, 0, SLAB_NOLEAKTRACE, NULL);
	d = kmem_cache_create("test_other", 200, 0, SLAB_NOLEAKTRACE, NULL);
	for (i = 0; i < 12; i++)
		p[i] = i % 4 == 0 ? kmem_cache_alloc(c, GFP_KERNEL) :
		       i % 4 == 1 ? kmem_cache_alloc(d, GFP_KERNEL) :
		       i % 4 == 2 ? kmalloc(i * 10, GFP_KERNEL) :
		       kmalloc(i * 4000, GFP_KERNEL);
	kfree(p[0]);
	kfree(p[1]);
	kfree(p[2]);
	kfree(p[3]);
	kfree_bulk(4, p + 4);
	kmem_cache_free_bulk(NULL, 4, p + 8);
	pr_info("slabs left: %d %d\n", kmem_cache_shrink(c),
		kmem_cache_shrink(d));
	kmem_cache_destroy(c);
	kmem_cache_destroy(d);
	return 0;
}
module_init(kfree_any_init);
MODULE_DESCRIPTION("kfree() and kfree_bulk() of objects of any cache");
MODULE_LICENSE("GPL");
