/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Hash lists that end in a number instead of NULL: an odd word, whose upper bits name the list. A lockless reader
 * whose object moved to another list meanwhile sees at the end where it got to, and starts again. Made for caches
 * with SLAB_TYPESAFE_BY_RCU.
 */
#ifndef _LINUX_LIST_NULLS_H
#define _LINUX_LIST_NULLS_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/poison.h>

struct hlist_nulls_head {
	struct hlist_nulls_node *first;
};

struct hlist_nulls_node {
	struct hlist_nulls_node *next, **pprev;
};

#define NULLS_MARKER(value)		(1UL | (((unsigned long)(value)) << 1))
#define INIT_HLIST_NULLS_HEAD(ptr, nulls) \
	((ptr)->first = (struct hlist_nulls_node *)NULLS_MARKER(nulls))
#define HLIST_NULLS_HEAD_INIT(nulls)	{ (struct hlist_nulls_node *)NULLS_MARKER(nulls) }
#define hlist_nulls_entry(ptr, type, member)	container_of(ptr, type, member)

static inline int is_a_nulls(const struct hlist_nulls_node *ptr)
{
	return (int)((unsigned long)ptr & 1);
}

static inline unsigned long get_nulls_value(const struct hlist_nulls_node *ptr)
{
	return (unsigned long)ptr >> 1;
}

static inline int hlist_nulls_unhashed(const struct hlist_nulls_node *node)
{
	return !node->pprev;
}

static inline int hlist_nulls_empty(const struct hlist_nulls_head *head)
{
	return is_a_nulls(READ_ONCE(head->first));
}

static inline void hlist_nulls_add_head(struct hlist_nulls_node *node, struct hlist_nulls_head *head)
{
	struct hlist_nulls_node *first = head->first;

	/* Readers may have found the object as what it was before (SLAB_TYPESAFE_BY_RCU). */
	WRITE_ONCE(node->next, first);
	WRITE_ONCE(node->pprev, &head->first);
	__atomic_store_n(&head->first, node, __ATOMIC_RELEASE);
	if (!is_a_nulls(first))
		WRITE_ONCE(first->pprev, &node->next);
}

static inline void __hlist_nulls_del(struct hlist_nulls_node *node)
{
	struct hlist_nulls_node *next = node->next;

	WRITE_ONCE(*node->pprev, next);
	if (!is_a_nulls(next))
		WRITE_ONCE(next->pprev, node->pprev);
}

static inline void hlist_nulls_del(struct hlist_nulls_node *node)
{
	__hlist_nulls_del(node);
	WRITE_ONCE(node->pprev, (struct hlist_nulls_node **)LIST_POISON2);
}

#define hlist_nulls_for_each_entry(tpos, pos, head, member) \
	for (pos = (head)->first; \
	     !is_a_nulls(pos) && (tpos = hlist_nulls_entry(pos, __typeof__(*tpos), member), 1); pos = pos->next)

#endif
