/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Hash tables of fixed size: an array of hlist heads, its length a power of two. */
#ifndef KMEM_LINUX_HASHTABLE_H
#define KMEM_LINUX_HASHTABLE_H

#include <linux/array_size.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/log2.h>

#define DECLARE_HASHTABLE(name, bits)	struct hlist_head name[1 << (bits)]
/* Zeroed heads are empty heads. */
#define DEFINE_HASHTABLE(name, bits)	struct hlist_head name[1 << (bits)] = { { 0 } }

#define HASH_SIZE(table)		(ARRAY_SIZE(table))
#define HASH_BITS(table)		((unsigned int)ilog2(HASH_SIZE(table)))

/* By the width of the key, 32 bits of it or all. */
#define hash_min(value, bits) \
	(sizeof(value) <= 4 ? hash_32((__u32)(value), bits) : hash_long((unsigned long)(value), bits))

static inline void __hash_init(struct hlist_head *table, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i++)
		INIT_HLIST_HEAD(&table[i]);
}

static inline bool __hash_empty(struct hlist_head *table, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i++)
		if (!hlist_empty(&table[i]))
			return false;
	return true;
}

static inline bool hash_hashed(struct hlist_node *node)
{
	return !hlist_unhashed(node);
}

static inline void hash_del(struct hlist_node *node)
{
	hlist_del_init(node);
}

#define hash_init(table)		__hash_init(table, HASH_SIZE(table))
#define hash_empty(table)		__hash_empty(table, HASH_SIZE(table))
#define hash_add(table, node, key) \
	hlist_add_head(node, &(table)[hash_min(key, HASH_BITS(table))])

#define hash_for_each(table, bucket, obj, member) \
	for ((bucket) = 0, (obj) = NULL; (obj) == NULL && (size_t)(bucket) < HASH_SIZE(table); (bucket)++) \
		hlist_for_each_entry(obj, &(table)[bucket], member)
#define hash_for_each_safe(table, bucket, tmp, obj, member) \
	for ((bucket) = 0, (obj) = NULL; (obj) == NULL && (size_t)(bucket) < HASH_SIZE(table); (bucket)++) \
		hlist_for_each_entry_safe(obj, tmp, &(table)[bucket], member)
#define hash_for_each_possible(table, obj, member, key) \
	hlist_for_each_entry(obj, &(table)[hash_min(key, HASH_BITS(table))], member)
#define hash_for_each_possible_safe(table, obj, tmp, member, key) \
	hlist_for_each_entry_safe(obj, tmp, &(table)[hash_min(key, HASH_BITS(table))], member)

#endif
