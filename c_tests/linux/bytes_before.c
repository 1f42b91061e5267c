// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * bytes_before - what is shown before an object without red zones
 *
 * The sixteen bytes before the object, unless it lies at the very start of its
 * slab. At risk: the label and the bytes.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_POISON)

static int __init bytes_before_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object[3];
	unsigned int i;

	/* Objects of a slab come in any order in Linux: the first one is passed by, or the only one. */
	cache = kmem_cache_create("test_before", 40, 64, FLAGS, NULL);
	for (i = 0; i < ARRAY_SIZE(object); i++)
		object[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (i = 0; i < ARRAY_SIZE(object); i++) {
		if ((unsigned long)object[i] % 4096 == 0)
			continue;
		object[i][49] = 0x12;
		kmem_cache_free(cache, object[i]);
		break;
	}

	cache = kmem_cache_create("test_start", 17000, 0, FLAGS, NULL);
	object[0] = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object[0]);
	object[0][16999] = 0x12;
	object[0] = kmem_cache_alloc(cache, GFP_KERNEL);
	return 0;
}
module_init(bytes_before_init);
MODULE_DESCRIPTION("what is shown before an object without red zones");
MODULE_LICENSE("Dual MIT/GPL");
