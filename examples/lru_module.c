/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * lru_module.c - a kernel module: computed values that are kept until better ones need their place
 *
 * The same source is a module for Linux (obj-m := lru_module.o) and a program here (cc lru_module.c -lkmem), with
 * the same messages. A value is looked up by key in a hash table. All values are also on one list, the most
 * recently used first: when the table is full, the last of them makes room.
 */
#define pr_fmt(fmt) "lru: " fmt

#include <linux/errno.h>
#include <linux/hashtable.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/types.h>

static unsigned int capacity = 16;
module_param(capacity, uint, 0444);
MODULE_PARM_DESC(capacity, "values kept at the same time");

#define LRU_MAGIC	0x6c727521

struct lru_value {
	struct hlist_node hash;
	struct list_head recent;
	u32 magic;		/* set by the constructor, and never again */
	u32 key;
	u64 result;
	unsigned int uses;	/* since the key took this object */
};

static struct kmem_cache *lru_cache;
static DEFINE_HASHTABLE(lru_table, 6);
static LIST_HEAD(lru_recent);
static unsigned int lru_count, lru_hits, lru_misses, lru_evictions;

/* Once per object. Freed values are back in this state, so a new one needs nothing but its key and result. */
static void lru_construct(void *object)
{
	struct lru_value *value = object;

	INIT_HLIST_NODE(&value->hash);
	INIT_LIST_HEAD(&value->recent);
	value->magic = LRU_MAGIC;
	value->uses = 0;
}

static void lru_drop(struct lru_value *value)
{
	hash_del(&value->hash);
	list_del_init(&value->recent);
	value->uses = 0;
	kmem_cache_free(lru_cache, value);
	lru_count--;
}

/* What is expensive to know: the number of steps from key to 1 by halving, or tripling and adding one. */
static u64 lru_compute(u32 key)
{
	u64 n = key, steps = 0;

	while (n > 1) {
		n = (n & 1) ? 3 * n + 1 : n / 2;
		steps++;
	}
	return steps;
}

static struct lru_value *lru_find(u32 key)
{
	struct lru_value *value;

	hash_for_each_possible(lru_table, value, hash, key) {
		if (value->key == key)
			return value;
	}
	return NULL;
}

/* Returns 0 and the result, or a negative error number. */
static int lru_get(u32 key, u64 *result)
{
	struct lru_value *value = lru_find(key);

	if (value) {
		lru_hits++;
		list_move(&value->recent, &lru_recent);
	} else {
		lru_misses++;
		if (lru_count >= capacity) {
			lru_drop(list_last_entry(&lru_recent, struct lru_value, recent));
			lru_evictions++;
		}
		value = kmem_cache_alloc(lru_cache, GFP_KERNEL);
		if (!value)
			return -ENOMEM;
		if (WARN_ON(value->magic != LRU_MAGIC || value->uses || !list_empty(&value->recent))) {
			kmem_cache_free(lru_cache, value);
			return -EFAULT;
		}
		value->key = key;
		value->result = lru_compute(key);
		hash_add(lru_table, &value->hash, key);
		list_add(&value->recent, &lru_recent);
		lru_count++;
	}
	value->uses++;
	*result = value->result;
	return 0;
}

static void lru_empty(void)
{
	struct lru_value *value, *next;

	list_for_each_entry_safe(value, next, &lru_recent, recent)
		lru_drop(value);
}

static int __init lru_init(void)
{
	u32 random = 2463534242U;
	u64 result, sum = 0;
	int i, err;

	if (!capacity)
		return -EINVAL;
	lru_cache = kmem_cache_create("test_lru_value", sizeof(struct lru_value), 0, SLAB_HWCACHE_ALIGN,
				      lru_construct);
	if (!lru_cache)
		return -ENOMEM;
	pr_info("%u values of %u bytes\n", capacity, kmem_cache_size(lru_cache));

	/* The smaller of two random keys: small ones are asked for more often than large ones. */
	for (i = 0; i < 10000; i++) {
		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		err = lru_get(min(random % 64, (random >> 16) % 64) + 1, &result);
		if (err)
			goto fail;
		sum += result;
	}
	pr_info("%u hits, %u misses, %u evictions, sum %llu\n", lru_hits, lru_misses, lru_evictions, sum);
	pr_info("most recent: key %u, least recent: key %u\n",
		list_first_entry(&lru_recent, struct lru_value, recent)->key,
		list_last_entry(&lru_recent, struct lru_value, recent)->key);
	return 0;

fail:
	pr_err("gave up after %d: error %d\n", i, err);
	lru_empty();
	kmem_cache_destroy(lru_cache);
	return err;
}

static void __exit lru_exit(void)
{
	lru_empty();
	pr_info("%u values left\n", lru_count);
	kmem_cache_destroy(lru_cache);
}

module_init(lru_init);
module_exit(lru_exit);

MODULE_LICENSE("Dual MIT/GPL");
MODULE_AUTHOR("The libkmem authors");
MODULE_DESCRIPTION("An LRU of computed values");
