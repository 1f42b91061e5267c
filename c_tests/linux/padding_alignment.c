// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * padding_alignment - writing to the alignment padding of an object
 *
 * Without red zones the bytes up to the next multiple of eight are padding,
 * and checked as such. At risk: its name.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_POISON)

static int __init padding_alignment_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	pr_info("hidden: Bytes b4\n");
	cache = kmem_cache_create("test_align", 61, 64, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	object[62] = 0x12;
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	object[61] = 0x13;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("allocated: %d\n", !!object);
	return 0;
}
module_init(padding_alignment_init);
MODULE_DESCRIPTION("writing to the alignment padding of an object");
MODULE_LICENSE("Dual MIT/GPL");
