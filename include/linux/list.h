/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Lists whose links live inside the objects.
 *
 * list_head: a ring through the head, so that an entry can be added or removed at any place without a search.
 * hlist: a head of one pointer, for hash tables; an entry knows the pointer that points at it.
 *
 * The include guard is the kernel's: a program that brings the kernel's own list.h keeps it, if it is read first.
 *
 * <sys/queue.h> also has a LIST_HEAD, with two arguments. Where it was read before this file, both forms work;
 * where it is read after, its own remains, and `struct list_head x = LIST_HEAD_INIT(x)` does the job.
 */
#ifndef _LINUX_LIST_H
#define _LINUX_LIST_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/poison.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#define LIST_HEAD_INIT(name)	{ &(name), &(name) }
#ifdef LIST_HEAD
#undef LIST_HEAD
#define KMEM_LIST_HEAD_1(name)		struct list_head name = LIST_HEAD_INIT(name)
#define KMEM_LIST_HEAD_2(name, type)	struct name { struct type *lh_first; }
#define KMEM_LIST_HEAD_PICK(a, b, which, ...)	which
#define LIST_HEAD(...)		KMEM_LIST_HEAD_PICK(__VA_ARGS__, KMEM_LIST_HEAD_2, KMEM_LIST_HEAD_1, 0)(__VA_ARGS__)
#else
#define LIST_HEAD(name)		struct list_head name = LIST_HEAD_INIT(name)
#endif

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	WRITE_ONCE(list->next, list);
	WRITE_ONCE(list->prev, list);
}

/* Puts entry between two neighbours; the forward link last, for readers that go forward without a lock. */
static inline void __list_add(struct list_head *entry, struct list_head *prev, struct list_head *next)
{
	next->prev = entry;
	entry->next = next;
	entry->prev = prev;
	WRITE_ONCE(prev->next, entry);
}

static inline void list_add(struct list_head *entry, struct list_head *head)
{
	__list_add(entry, head, head->next);
}

static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	__list_add(entry, head->prev, head);
}

/* Makes two entries neighbours, dropping what was between them. */
static inline void __list_del(struct list_head *prev, struct list_head *next)
{
	next->prev = prev;
	WRITE_ONCE(prev->next, next);
}

static inline void __list_del_entry(struct list_head *entry)
{
	__list_del(entry->prev, entry->next);
}

/* The entry's links become poison: using it as if it were on a list faults. */
static inline void list_del(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->next = (struct list_head *)LIST_POISON1;
	entry->prev = (struct list_head *)LIST_POISON2;
}

static inline void list_del_init(struct list_head *entry)
{
	__list_del_entry(entry);
	INIT_LIST_HEAD(entry);
}

/* Pairs with list_empty_careful(): who sees the entry as empty sees all that was written before. */
static inline void list_del_init_careful(struct list_head *entry)
{
	__list_del_entry(entry);
	WRITE_ONCE(entry->prev, entry);
	__atomic_store_n(&entry->next, entry, __ATOMIC_RELEASE);
}

/* old keeps its links. */
static inline void list_replace(struct list_head *old, struct list_head *entry)
{
	entry->next = old->next;
	entry->next->prev = entry;
	entry->prev = old->prev;
	entry->prev->next = entry;
}

static inline void list_replace_init(struct list_head *old, struct list_head *entry)
{
	list_replace(old, entry);
	INIT_LIST_HEAD(old);
}

static inline void list_move(struct list_head *entry, struct list_head *head)
{
	__list_del_entry(entry);
	list_add(entry, head);
}

static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
	__list_del_entry(entry);
	list_add_tail(entry, head);
}

/* Exchanges the places of two entries. A mark keeps the first place, so neighbours need no special case. */
static inline void list_swap(struct list_head *a, struct list_head *b)
{
	struct list_head mark;

	list_replace(a, &mark);
	list_replace(b, a);
	list_replace(&mark, b);
}

/* Moves the entries from first to last, which follow each other, to the end of head's list. */
static inline void list_bulk_move_tail(struct list_head *head, struct list_head *first, struct list_head *last)
{
	__list_del(first->prev, last->next);
	first->prev = head->prev;
	head->prev->next = first;
	last->next = head;
	head->prev = last;
}

static inline int list_is_first(const struct list_head *entry, const struct list_head *head)
{
	return entry->prev == head;
}

static inline int list_is_last(const struct list_head *entry, const struct list_head *head)
{
	return entry->next == head;
}

static inline int list_is_head(const struct list_head *entry, const struct list_head *head)
{
	return entry == head;
}

static inline int list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

/* For an entry that another thread may be removing with list_del_init_careful(). */
static inline int list_empty_careful(const struct list_head *head)
{
	const struct list_head *next = __atomic_load_n(&head->next, __ATOMIC_ACQUIRE);

	return next == head && next == READ_ONCE(head->prev);
}

static inline int list_is_singular(const struct list_head *head)
{
	return !list_empty(head) && head->next == head->prev;
}

/* The first entry becomes the last. */
static inline void list_rotate_left(struct list_head *head)
{
	if (!list_empty(head))
		list_move_tail(head->next, head);
}

/* entry becomes the first, those before it the last, in the same cyclic order. */
static inline void list_rotate_to_front(struct list_head *entry, struct list_head *head)
{
	list_move_tail(head, entry);
}

/* Puts a whole list, which is not empty, between two neighbours. Its head is left as it was. */
static inline void __list_splice(const struct list_head *list, struct list_head *prev, struct list_head *next)
{
	list->next->prev = prev;
	prev->next = list->next;
	list->prev->next = next;
	next->prev = list->prev;
}

static inline void list_splice(const struct list_head *list, struct list_head *head)
{
	if (!list_empty(list))
		__list_splice(list, head, head->next);
}

static inline void list_splice_tail(struct list_head *list, struct list_head *head)
{
	if (!list_empty(list))
		__list_splice(list, head->prev, head);
}

static inline void list_splice_init(struct list_head *list, struct list_head *head)
{
	list_splice(list, head);
	INIT_LIST_HEAD(list);
}

static inline void list_splice_tail_init(struct list_head *list, struct list_head *head)
{
	list_splice_tail(list, head);
	INIT_LIST_HEAD(list);
}

/* Moves the entries up to entry, without it, from head to list, whose former content is forgotten. */
static inline void list_cut_before(struct list_head *list, struct list_head *head, struct list_head *entry)
{
	INIT_LIST_HEAD(list);
	if (head->next != entry)
		list_bulk_move_tail(list, head->next, entry->prev);
}

/* The same with entry; nothing is moved when entry is the head. */
static inline void list_cut_position(struct list_head *list, struct list_head *head, struct list_head *entry)
{
	INIT_LIST_HEAD(list);
	if (entry != head && !list_empty(head))
		list_bulk_move_tail(list, head->next, entry);
}

static inline size_t list_count_nodes(struct list_head *head)
{
	struct list_head *p;
	size_t n = 0;

	for (p = head->next; p != head; p = p->next)
		n++;
	return n;
}

#define list_entry(ptr, type, member)		container_of(ptr, type, member)
#define list_first_entry(head, type, member)	list_entry((head)->next, type, member)
#define list_last_entry(head, type, member)	list_entry((head)->prev, type, member)
#define list_first_entry_or_null(head, type, member) \
	(__extension__ ({ \
		struct list_head *kmem_head = (head); \
		struct list_head *kmem_first = READ_ONCE(kmem_head->next); \
		kmem_first != kmem_head ? list_entry(kmem_first, type, member) : NULL; \
	}))
#define list_last_entry_or_null(head, type, member) \
	(__extension__ ({ \
		struct list_head *kmem_head = (head); \
		struct list_head *kmem_last = READ_ONCE(kmem_head->prev); \
		kmem_last != kmem_head ? list_entry(kmem_last, type, member) : NULL; \
	}))
#define list_next_entry(pos, member)		list_entry((pos)->member.next, __typeof__(*(pos)), member)
#define list_prev_entry(pos, member)		list_entry((pos)->member.prev, __typeof__(*(pos)), member)
#define list_entry_is_head(pos, head, member)	list_is_head(&(pos)->member, (head))
#define list_next_entry_circular(pos, head, member) \
	(list_is_last(&(pos)->member, head) ? list_first_entry(head, __typeof__(*(pos)), member) \
					    : list_next_entry(pos, member))
#define list_prev_entry_circular(pos, head, member) \
	(list_is_first(&(pos)->member, head) ? list_last_entry(head, __typeof__(*(pos)), member) \
					     : list_prev_entry(pos, member))

/* Over the links. The _safe forms keep the next one in tmp, so that pos may be removed. */
#define list_for_each(pos, head) \
	for (pos = (head)->next; !list_is_head(pos, (head)); pos = pos->next)
#define list_for_each_continue(pos, head) \
	for (pos = pos->next; !list_is_head(pos, (head)); pos = pos->next)
#define list_for_each_prev(pos, head) \
	for (pos = (head)->prev; !list_is_head(pos, (head)); pos = pos->prev)
#define list_for_each_safe(pos, tmp, head) \
	for (pos = (head)->next, tmp = pos->next; !list_is_head(pos, (head)); pos = tmp, tmp = pos->next)
#define list_for_each_prev_safe(pos, tmp, head) \
	for (pos = (head)->prev, tmp = pos->prev; !list_is_head(pos, (head)); pos = tmp, tmp = pos->prev)

/* Over the objects around the links. */
#define list_for_each_entry(pos, head, member) \
	for (pos = list_first_entry(head, __typeof__(*pos), member); !list_entry_is_head(pos, head, member); \
	     pos = list_next_entry(pos, member))
#define list_for_each_entry_reverse(pos, head, member) \
	for (pos = list_last_entry(head, __typeof__(*pos), member); !list_entry_is_head(pos, head, member); \
	     pos = list_prev_entry(pos, member))
/*
 * For a later _continue from pos, which is taken for the head when it is NULL. There is no object around the head,
 * and the compiler need not know it: it would warn.
 */
#define list_prepare_entry(pos, head, member) \
	(__extension__ ({ \
		__typeof__(pos) kmem_pos = (pos); \
		struct list_head *kmem_head = (head); \
		OPTIMIZER_HIDE_VAR(kmem_head); \
		kmem_pos ? kmem_pos : list_entry(kmem_head, __typeof__(*kmem_pos), member); \
	}))
#define list_for_each_entry_continue(pos, head, member) \
	for (pos = list_next_entry(pos, member); !list_entry_is_head(pos, head, member); \
	     pos = list_next_entry(pos, member))
#define list_for_each_entry_continue_reverse(pos, head, member) \
	for (pos = list_prev_entry(pos, member); !list_entry_is_head(pos, head, member); \
	     pos = list_prev_entry(pos, member))
#define list_for_each_entry_from(pos, head, member) \
	for (; !list_entry_is_head(pos, head, member); pos = list_next_entry(pos, member))
#define list_for_each_entry_from_reverse(pos, head, member) \
	for (; !list_entry_is_head(pos, head, member); pos = list_prev_entry(pos, member))
#define list_for_each_entry_safe(pos, tmp, head, member) \
	for (pos = list_first_entry(head, __typeof__(*pos), member), tmp = list_next_entry(pos, member); \
	     !list_entry_is_head(pos, head, member); pos = tmp, tmp = list_next_entry(tmp, member))
#define list_for_each_entry_safe_continue(pos, tmp, head, member) \
	for (pos = list_next_entry(pos, member), tmp = list_next_entry(pos, member); \
	     !list_entry_is_head(pos, head, member); pos = tmp, tmp = list_next_entry(tmp, member))
#define list_for_each_entry_safe_from(pos, tmp, head, member) \
	for (tmp = list_next_entry(pos, member); !list_entry_is_head(pos, head, member); \
	     pos = tmp, tmp = list_next_entry(tmp, member))
#define list_for_each_entry_safe_reverse(pos, tmp, head, member) \
	for (pos = list_last_entry(head, __typeof__(*pos), member), tmp = list_prev_entry(pos, member); \
	     !list_entry_is_head(pos, head, member); pos = tmp, tmp = list_prev_entry(tmp, member))
/* Inside a _safe loop, after entries behind pos were removed or added. */
#define list_safe_reset_next(pos, tmp, member)	tmp = list_next_entry(pos, member)

#define HLIST_HEAD_INIT		{ NULL }
#define HLIST_HEAD(name)	struct hlist_head name = HLIST_HEAD_INIT
#define INIT_HLIST_HEAD(head)	((head)->first = NULL)

static inline void INIT_HLIST_NODE(struct hlist_node *node)
{
	node->next = NULL;
	node->pprev = NULL;
}

static inline int hlist_unhashed(const struct hlist_node *node)
{
	return !node->pprev;
}

static inline int hlist_unhashed_lockless(const struct hlist_node *node)
{
	return !READ_ONCE(node->pprev);
}

static inline int hlist_empty(const struct hlist_head *head)
{
	return !READ_ONCE(head->first);
}

static inline void __hlist_del(struct hlist_node *node)
{
	WRITE_ONCE(*node->pprev, node->next);
	if (node->next)
		WRITE_ONCE(node->next->pprev, node->pprev);
}

static inline void hlist_del(struct hlist_node *node)
{
	__hlist_del(node);
	node->next = (struct hlist_node *)LIST_POISON1;
	node->pprev = (struct hlist_node **)LIST_POISON2;
}

/* May be called for a node that is on no list. */
static inline void hlist_del_init(struct hlist_node *node)
{
	if (!hlist_unhashed(node)) {
		__hlist_del(node);
		INIT_HLIST_NODE(node);
	}
}

/* Puts node where *link points, before what is there now. */
static inline void __hlist_add_at(struct hlist_node *node, struct hlist_node **link)
{
	WRITE_ONCE(node->next, *link);
	WRITE_ONCE(node->pprev, link);
	if (node->next)
		WRITE_ONCE(node->next->pprev, &node->next);
	WRITE_ONCE(*link, node);
}

static inline void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	__hlist_add_at(node, &head->first);
}

static inline void hlist_add_before(struct hlist_node *node, struct hlist_node *next)
{
	__hlist_add_at(node, next->pprev);
}

static inline void hlist_add_behind(struct hlist_node *node, struct hlist_node *prev)
{
	__hlist_add_at(node, &prev->next);
}

/* Makes a node that is on no list look as if it were, so that hlist_del() can be called for it. */
static inline void hlist_add_fake(struct hlist_node *node)
{
	node->pprev = &node->next;
}

static inline bool hlist_fake(struct hlist_node *node)
{
	return node->pprev == &node->next;
}

static inline bool hlist_is_singular_node(struct hlist_node *node, struct hlist_head *head)
{
	return !node->next && node->pprev == &head->first;
}

static inline void hlist_move_list(struct hlist_head *from, struct hlist_head *to)
{
	to->first = from->first;
	if (to->first)
		to->first->pprev = &to->first;
	from->first = NULL;
}

/* Puts all of from, whose last node is last, before what is in to. */
static inline void hlist_splice_init(struct hlist_head *from, struct hlist_node *last, struct hlist_head *to)
{
	if (to->first)
		to->first->pprev = &last->next;
	last->next = to->first;
	to->first = from->first;
	from->first->pprev = &to->first;
	from->first = NULL;
}

static inline size_t hlist_count_nodes(struct hlist_head *head)
{
	struct hlist_node *p;
	size_t n = 0;

	for (p = head->first; p; p = p->next)
		n++;
	return n;
}

#define hlist_entry(ptr, type, member)	container_of(ptr, type, member)
#define hlist_entry_safe(ptr, type, member) \
	(__extension__ ({ \
		__typeof__(ptr) kmem_node = (ptr); \
		kmem_node ? hlist_entry(kmem_node, type, member) : NULL; \
	}))

#define hlist_for_each(pos, head) \
	for (pos = (head)->first; pos; pos = pos->next)
#define hlist_for_each_safe(pos, tmp, head) \
	for (pos = (head)->first; pos && (tmp = pos->next, 1); pos = tmp)

#define hlist_for_each_entry(pos, head, member) \
	for (pos = hlist_entry_safe((head)->first, __typeof__(*(pos)), member); pos; \
	     pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member))
#define hlist_for_each_entry_continue(pos, member) \
	for (pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member); pos; \
	     pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member))
#define hlist_for_each_entry_from(pos, member) \
	for (; pos; pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member))
/* tmp is a struct hlist_node pointer. */
#define hlist_for_each_entry_safe(pos, tmp, head, member) \
	for (pos = hlist_entry_safe((head)->first, __typeof__(*(pos)), member); \
	     pos && (tmp = (pos)->member.next, 1); pos = hlist_entry_safe(tmp, __typeof__(*(pos)), member))

#endif
