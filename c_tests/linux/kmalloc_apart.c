// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmalloc_apart - caches as the ones behind kmalloc() are
 *
 * They do not merge with those, whose objects may be copied to user space. At
 * risk: a cache that disappears in one of the kernel's.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init kmalloc_apart_init(void)
{
	kmem_cache_create("test_8k", 8192, 8192, 0, NULL);
	kmem_cache_create("test_dma", 512, 512, SLAB_CACHE_DMA, NULL);
	kfree(kmalloc(8192, GFP_KERNEL));
	kfree(kmalloc(512, GFP_KERNEL | __GFP_DMA));
	return 0;
}
module_init(kmalloc_apart_init);
MODULE_DESCRIPTION("caches as the ones behind kmalloc() are");
MODULE_LICENSE("GPL");
