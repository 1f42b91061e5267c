// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * rcu_reader - objects that a reader under RCU still looks at
 *
 * Within a read section all objects of a SLAB_TYPESAFE_BY_RCU cache are freed,
 * which empties their slabs, and memory is taken for something else: the reader
 * finds the bytes as they were. An object that is allocated meanwhile is one
 * of those. Then the cache is shrunk and destroyed, and what a reader began to
 * wait for is over after a grace period. At risk: pages that change hands under
 * a reader, and grace periods that end too early.
 *
 * cmdline: init_on_free=1
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#define COUNT 1500
#define OTHERS 600
#define SIZE 200

static u8 *objects[COUNT];
static void *others[OTHERS];

static u8 __init mark(unsigned int i)
{
	return i % 251 + 1;
}

static unsigned int __init changed(void)
{
	unsigned int i, count = 0;

	for (i = 0; i < COUNT; i++)
		if (memchr_inv(objects[i], mark(i), SIZE))
			count++;
	return count;
}

static unsigned int __init take_memory(void)
{
	unsigned int i, got = 0;

	for (i = 0; i < OTHERS; i++) {
		others[i] = kmalloc(i % 2 ? SIZE : 4000, GFP_ATOMIC);
		if (others[i]) {
			memset(others[i], 0xee, i % 2 ? SIZE : 4000);
			got++;
		}
	}
	return got;
}

static void __init give_back(void)
{
	unsigned int i;

	for (i = 0; i < OTHERS; i++)
		kfree(others[i]);
}

static void __init reader(const char *name, slab_flags_t flags)
{
	unsigned long before, within, started;
	struct kmem_cache *cache;
	unsigned int i, found = 0;
	void *again;

	cache = kmem_cache_create(name, SIZE, 0, flags | SLAB_TYPESAFE_BY_RCU,
				  NULL);
	for (i = 0; i < COUNT; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		memset(objects[i], mark(i), SIZE);
	}
	before = get_state_synchronize_rcu();
	synchronize_rcu();

	rcu_read_lock();
	within = get_state_synchronize_rcu();
	started = start_poll_synchronize_rcu();
	for (i = 0; i < COUNT; i++)
		kmem_cache_free(cache, objects[i]);
	pr_info("%s: %u of %u changed when they are free\n", name, changed(),
		COUNT);
	i = take_memory();
	pr_info("%s: %u changed when %u others are there\n", name, changed(),
		i);
	again = kmem_cache_alloc(cache, GFP_ATOMIC);
	for (i = 0; i < COUNT; i++)
		found += objects[i] == again;
	pr_info("%s: one is allocated: %u of them, %u changed\n", name, found,
		changed());
	pr_info("%s: over: before %d, within %d, started %d\n", name,
		poll_state_synchronize_rcu(before),
		poll_state_synchronize_rcu(within),
		poll_state_synchronize_rcu(started));
	kmem_cache_free(cache, again);
	rcu_read_unlock();

	kmem_cache_shrink(cache);
	cond_synchronize_rcu(within);
	cond_synchronize_rcu(started);
	pr_info("%s: over: within %d, started %d\n", name,
		poll_state_synchronize_rcu(within),
		poll_state_synchronize_rcu(started));
	give_back();
	kmem_cache_destroy(cache);
	rcu_barrier();
}

static int __init rcu_reader_init(void)
{
	reader("test_reader", 0);
	reader("test_checked", SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE);
	reader("test_poison", SLAB_POISON | SLAB_STORE_USER);
	return 0;
}
module_init(rcu_reader_init);
MODULE_DESCRIPTION("objects that a reader under RCU still looks at");
MODULE_LICENSE("Dual MIT/GPL");
