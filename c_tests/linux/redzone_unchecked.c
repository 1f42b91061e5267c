// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * redzone_unchecked - red zones that nobody looks at
 *
 * Without consistency checks the zones are written, and damage to them goes
 * unseen; the next allocation finds them whole. At risk: reports that Linux
 * would not make.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER)

static int __init redzone_unchecked_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_unchecked", 64, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	object[64] = 0x12;
	object[-1] = 0x12;
	kmem_cache_free(cache, object);
	pr_info("free: %*ph %*ph\n", 2, object - 1, 2, object + 63);
	object[0] = 0x12;
	object[63] = 0x12;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("allocated: %*ph %*ph\n", 2, object - 1, 2, object + 63);
	kmem_cache_free(cache, object);
	pr_info("left with slabs: %d\n", kmem_cache_shrink(cache));
	return 0;
}
module_init(redzone_unchecked_init);
MODULE_DESCRIPTION("red zones that nobody looks at");
MODULE_LICENSE("Dual MIT/GPL");
