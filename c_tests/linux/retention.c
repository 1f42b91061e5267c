// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * retention - empty slabs kept for later
 *
 * A cache keeps a few empty slabs, more for large objects, and gives the rest
 * back as they become empty. Seen on debug caches, which hold nothing back per
 * CPU. At risk: the number, and keeping all or none.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define MOST 1500

static void *objects[MOST];

static void __init retain(unsigned int size, unsigned int count)
{
	struct kmem_cache *cache;
	char name[32];
	unsigned int i;

	snprintf(name, sizeof(name), "test_%u", size);
	cache = kmem_cache_create(name, size, 0, SLAB_NOLEAKTRACE |
				  SLAB_CONSISTENCY_CHECKS, NULL);
	for (i = 0; i < count; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (i = 0; i < count; i++)
		kmem_cache_free(cache, objects[i]);
}

static int __init retention_init(void)
{
	retain(64, MOST);
	retain(256, 400);
	retain(1000, 400);
	retain(2048, 400);
	retain(4096, 200);
	retain(16384, 60);
	retain(70000, 30);
	retain(300000, 20);
	retain(1100000, 16);
	return 0;
}
module_init(retention_init);
MODULE_DESCRIPTION("empty slabs kept for later");
MODULE_LICENSE("Dual MIT/GPL");
