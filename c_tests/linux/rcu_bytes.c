// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * rcu_bytes - freed objects of an RCU cache keep their bytes
 *
 * A reader may still look at a freed object, so nothing of it changes, neither
 * when it is freed nor when it is handed out again; with a free pointer at a
 * place of the caller's choosing that word alone may. At risk: any byte.
 *
 * cmdline: init_on_alloc=0
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define SIZE 96
#define COUNT 50

static unsigned char *objects[COUNT];

static void __init keep(const char *name, slab_flags_t flags, bool choose)
{
	struct kmem_cache_args args = {
		.use_freeptr_offset = choose,
		.freeptr_offset = choose ? 40 : 0,
	};
	unsigned int i, head, tail, changed = 0, reused = 0;
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create(name, SIZE, &args,
				  flags | SLAB_TYPESAFE_BY_RCU);
	for (i = 0; i < COUNT; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		memset(objects[i], 0x77, SIZE);
	}
	head = choose ? 40 : SIZE;
	tail = choose ? 48 : SIZE;
	/* The last one is kept so that its slab, at least, stays. */
	for (i = 0; i < COUNT - 1; i++) {
		kmem_cache_free(cache, objects[i]);
		if (memchr_inv(objects[i], 0x77, head) ||
		    memchr_inv(objects[i] + tail, 0x77, SIZE - tail))
			changed++;
	}
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	if (!memchr_inv(object, 0x77, head) &&
	    !memchr_inv(object + tail, 0x77, SIZE - tail))
		reused = 1;
	pr_info("%s: changed by freeing %u, same when handed out again %u\n",
		name, changed, reused);
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, objects[COUNT - 1]);
	kmem_cache_shrink(cache);
}

static int __init rcu_bytes_init(void)
{
	keep("test_plain", 0, false);
	keep("test_poison", SLAB_POISON, false);
	keep("test_debug", SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE |
	     SLAB_POISON | SLAB_STORE_USER, false);
	keep("test_freeptr", 0, true);
	return 0;
}
module_init(rcu_bytes_init);
MODULE_DESCRIPTION("freed objects of an RCU cache keep their bytes");
MODULE_LICENSE("Dual MIT/GPL");
