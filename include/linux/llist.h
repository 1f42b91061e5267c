/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Lists that are added to without a lock: a stack of which the consumer takes all, or the newest.
 *
 * llist_add() and llist_del_all() may be called by anybody at any time; llist_del_first() by one thread at a time,
 * and not together with llist_del_all() by another: the same node may come back between its two looks at the head.
 */
#ifndef LLIST_H
#define LLIST_H

#include <linux/atomic.h>
#include <linux/container_of.h>
#include <stdbool.h>
#include <stddef.h>

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

#define LLIST_HEAD_INIT(name)	{ NULL }
#define LLIST_HEAD(name)	struct llist_head name = LLIST_HEAD_INIT(name)

static inline void init_llist_head(struct llist_head *list)
{
	list->first = NULL;
}

/* A node that is on no list points to itself, for who asks. */
static inline void init_llist_node(struct llist_node *node)
{
	node->next = node;
}

static inline bool llist_on_list(const struct llist_node *node)
{
	return node->next != node;
}

static inline bool llist_empty(const struct llist_head *head)
{
	return !READ_ONCE(head->first);
}

static inline struct llist_node *llist_next(struct llist_node *node)
{
	return READ_ONCE(node->next);
}

/* first to last are linked already. True if the list was empty. */
static inline bool llist_add_batch(struct llist_node *first, struct llist_node *last, struct llist_head *head)
{
	struct llist_node *was = __atomic_load_n(&head->first, __ATOMIC_RELAXED);

	do {
		WRITE_ONCE(last->next, was);
	} while (!try_cmpxchg(&head->first, &was, first));
	return !was;
}

static inline bool llist_add(struct llist_node *node, struct llist_head *head)
{
	return llist_add_batch(node, node, head);
}

static inline bool __llist_add_batch(struct llist_node *first, struct llist_node *last, struct llist_head *head)
{
	last->next = head->first;
	head->first = first;
	return last->next == NULL;
}

static inline bool __llist_add(struct llist_node *node, struct llist_head *head)
{
	return __llist_add_batch(node, node, head);
}

/* The newest first. */
static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, (struct llist_node *)NULL);
}

static inline struct llist_node *__llist_del_all(struct llist_head *head)
{
	struct llist_node *first = head->first;

	head->first = NULL;
	return first;
}

static inline struct llist_node *llist_del_first(struct llist_head *head)
{
	struct llist_node *node = __atomic_load_n(&head->first, __ATOMIC_ACQUIRE);

	while (node && !try_cmpxchg(&head->first, &node, READ_ONCE(node->next)))
		;
	return node;
}

static inline struct llist_node *llist_del_first_init(struct llist_head *head)
{
	struct llist_node *node = llist_del_first(head);

	if (node)
		init_llist_node(node);
	return node;
}

static inline struct llist_node *llist_reverse_order(struct llist_node *head)
{
	struct llist_node *reversed = NULL;

	while (head) {
		struct llist_node *next = head->next;

		head->next = reversed;
		reversed = head;
		head = next;
	}
	return reversed;
}

#define llist_entry(ptr, type, member)	container_of(ptr, type, member)
#define KMEM_LLIST_ENTRY(ptr, type, member) \
	(__extension__ ({ struct llist_node *kmem_ll = (ptr); kmem_ll ? llist_entry(kmem_ll, type, member) : NULL; }))
#define llist_for_each(pos, node) \
	for ((pos) = (node); pos; (pos) = (pos)->next)
#define llist_for_each_safe(pos, n, node) \
	for ((pos) = (node); (pos) && ((n) = (pos)->next, true); (pos) = (n))
#define llist_for_each_entry(pos, node, member) \
	for ((pos) = KMEM_LLIST_ENTRY(node, __typeof__(*(pos)), member); pos; \
	     (pos) = KMEM_LLIST_ENTRY((pos)->member.next, __typeof__(*(pos)), member))
#define llist_for_each_entry_safe(pos, n, node, member) \
	for ((pos) = KMEM_LLIST_ENTRY(node, __typeof__(*(pos)), member); \
	     (pos) && ((n) = KMEM_LLIST_ENTRY((pos)->member.next, __typeof__(*(n)), member), true); (pos) = (n))

#endif
