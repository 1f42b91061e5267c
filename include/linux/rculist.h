/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Lists that readers walk without a lock, between rcu_read_lock() and rcu_read_unlock(). Writers have theirs. */
#ifndef _LINUX_RCULIST_H
#define _LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

#define list_next_rcu(list)	((list)->next)
#define hlist_first_rcu(head)	((head)->first)
#define hlist_next_rcu(node)	((node)->next)
#define hlist_pprev_rcu(node)	(*(node)->pprev)

static inline void INIT_LIST_HEAD_RCU(struct list_head *list)
{
	INIT_LIST_HEAD(list);
}

/* The entry is complete before it can be seen. */
static inline void __list_add_rcu(struct list_head *entry, struct list_head *prev, struct list_head *next)
{
	entry->next = next;
	entry->prev = prev;
	rcu_assign_pointer(prev->next, entry);
	next->prev = entry;
}

static inline void list_add_rcu(struct list_head *entry, struct list_head *head)
{
	__list_add_rcu(entry, head, head->next);
}

static inline void list_add_tail_rcu(struct list_head *entry, struct list_head *head)
{
	__list_add_rcu(entry, head->prev, head);
}

/* next stays, for readers that are at the entry. */
static inline void list_del_rcu(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->prev = (struct list_head *)LIST_POISON2;
}

static inline void list_replace_rcu(struct list_head *old, struct list_head *entry)
{
	entry->next = old->next;
	entry->prev = old->prev;
	rcu_assign_pointer(entry->prev->next, entry);
	entry->next->prev = entry;
	old->prev = (struct list_head *)LIST_POISON2;
}

/*
 * Joins a list, which is emptied, into another. Readers of the emptied one may still be in it: sync waits for them
 * before its entries lead to the other's head.
 */
static inline void __list_splice_init_rcu(struct list_head *list, struct list_head *prev, struct list_head *next,
					  void (*sync)(void))
{
	struct list_head *first = list->next, *last = list->prev;

	INIT_LIST_HEAD(list);
	sync();
	last->next = next;
	rcu_assign_pointer(prev->next, first);
	first->prev = prev;
	next->prev = last;
}

static inline void list_splice_init_rcu(struct list_head *list, struct list_head *head, void (*sync)(void))
{
	if (!list_empty(list))
		__list_splice_init_rcu(list, head, head->next, sync);
}

static inline void list_splice_tail_init_rcu(struct list_head *list, struct list_head *head, void (*sync)(void))
{
	if (!list_empty(list))
		__list_splice_init_rcu(list, head->prev, head, sync);
}

#define list_entry_rcu(ptr, type, member)	container_of(rcu_dereference(ptr), type, member)
#define list_first_or_null_rcu(head, type, member) \
	(__extension__ ({ \
		struct list_head *kmem_head = (head), *kmem_first = rcu_dereference(kmem_head->next); \
		kmem_first != kmem_head ? container_of(kmem_first, type, member) : NULL; \
	}))
#define list_next_or_null_rcu(head, ptr, type, member) \
	(__extension__ ({ \
		struct list_head *kmem_head = (head), *kmem_next = rcu_dereference((ptr)->next); \
		kmem_next != kmem_head ? container_of(kmem_next, type, member) : NULL; \
	}))
/* A condition may follow, for the kernel's lock checker. */
#define list_for_each_entry_rcu(pos, head, member, ...) \
	for (pos = list_entry_rcu((head)->next, __typeof__(*pos), member); &pos->member != (head); \
	     pos = list_entry_rcu(pos->member.next, __typeof__(*pos), member))
#define list_for_each_entry_srcu(pos, head, member, condition)	list_for_each_entry_rcu(pos, head, member)
#define list_for_each_entry_lockless(pos, head, member)	list_for_each_entry_rcu(pos, head, member)
#define list_for_each_entry_continue_rcu(pos, head, member) \
	for (pos = list_entry_rcu(pos->member.next, __typeof__(*pos), member); &pos->member != (head); \
	     pos = list_entry_rcu(pos->member.next, __typeof__(*pos), member))
#define list_for_each_entry_from_rcu(pos, head, member) \
	for (; &(pos)->member != (head); pos = list_entry_rcu(pos->member.next, __typeof__(*(pos)), member))

static inline void hlist_add_head_rcu(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *first = head->first;

	node->next = first;
	WRITE_ONCE(node->pprev, &head->first);
	rcu_assign_pointer(head->first, node);
	if (first)
		WRITE_ONCE(first->pprev, &node->next);
}

static inline void hlist_add_before_rcu(struct hlist_node *node, struct hlist_node *next)
{
	WRITE_ONCE(node->pprev, next->pprev);
	node->next = next;
	rcu_assign_pointer(*node->pprev, node);
	WRITE_ONCE(next->pprev, &node->next);
}

static inline void hlist_add_behind_rcu(struct hlist_node *node, struct hlist_node *prev)
{
	node->next = prev->next;
	WRITE_ONCE(node->pprev, &prev->next);
	rcu_assign_pointer(prev->next, node);
	if (node->next)
		WRITE_ONCE(node->next->pprev, &node->next);
}

static inline void hlist_add_tail_rcu(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *last = head->first;

	if (!last) {
		hlist_add_head_rcu(node, head);
		return;
	}
	while (last->next)
		last = last->next;
	hlist_add_behind_rcu(node, last);
}

static inline void hlist_del_rcu(struct hlist_node *node)
{
	__hlist_del(node);
	WRITE_ONCE(node->pprev, (struct hlist_node **)LIST_POISON2);
}

static inline void hlist_del_init_rcu(struct hlist_node *node)
{
	if (!hlist_unhashed(node)) {
		__hlist_del(node);
		WRITE_ONCE(node->pprev, (struct hlist_node **)NULL);
	}
}

static inline void hlist_replace_rcu(struct hlist_node *old, struct hlist_node *node)
{
	node->next = old->next;
	WRITE_ONCE(node->pprev, old->pprev);
	rcu_assign_pointer(*node->pprev, node);
	if (node->next)
		WRITE_ONCE(node->next->pprev, &node->next);
	WRITE_ONCE(old->pprev, (struct hlist_node **)LIST_POISON2);
}

#define KMEM_HLIST_ENTRY_RCU(ptr, type, member) \
	(__extension__ ({ \
		struct hlist_node *kmem_node = rcu_dereference(ptr); \
		kmem_node ? hlist_entry(kmem_node, type, member) : NULL; \
	}))
#define hlist_for_each_entry_rcu(pos, head, member, ...) \
	for (pos = KMEM_HLIST_ENTRY_RCU((head)->first, __typeof__(*(pos)), member); pos; \
	     pos = KMEM_HLIST_ENTRY_RCU((pos)->member.next, __typeof__(*(pos)), member))
#define hlist_for_each_entry_rcu_bh(pos, head, member)	hlist_for_each_entry_rcu(pos, head, member)
#define hlist_for_each_entry_rcu_notrace(pos, head, member)	hlist_for_each_entry_rcu(pos, head, member)
#define hlist_for_each_entry_continue_rcu(pos, member) \
	for (pos = KMEM_HLIST_ENTRY_RCU((pos)->member.next, __typeof__(*(pos)), member); pos; \
	     pos = KMEM_HLIST_ENTRY_RCU((pos)->member.next, __typeof__(*(pos)), member))
#define hlist_for_each_entry_from_rcu(pos, member) \
	for (; pos; pos = KMEM_HLIST_ENTRY_RCU((pos)->member.next, __typeof__(*(pos)), member))

#endif
