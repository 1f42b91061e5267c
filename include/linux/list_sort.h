/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Sorts a list by merging, without memory of its own; equals stay in their order. */
#ifndef _LINUX_LIST_SORT_H
#define _LINUX_LIST_SORT_H

#include <linux/list.h>

/* Greater than 0 if a belongs behind b. */
typedef int __attribute__((__nonnull__(2, 3))) (*list_cmp_func_t)(void *priv, const struct list_head *a,
								  const struct list_head *b);

/* Two chains, linked by next and ended by NULL; a's entries go first among equals. */
static inline struct list_head *kmem_list_merge(void *priv, list_cmp_func_t cmp, struct list_head *a,
						struct list_head *b)
{
	struct list_head *first = NULL, **tail = &first;

	while (a && b) {
		struct list_head **from = cmp(priv, a, b) > 0 ? &b : &a;

		*tail = *from;
		tail = &(*from)->next;
		*from = *tail;
	}
	*tail = a ? a : b;
	return first;
}

/*
 * Like counting in binary: at rank i waits a sorted chain of 2^i entries, or none. An entry merges upwards through
 * the ranks that are taken. The last rank takes all that come so far.
 */
static inline void list_sort(void *priv, struct list_head *head, list_cmp_func_t cmp)
{
	struct list_head *rank[32] = { NULL }, *list, *entry, *prev;
	unsigned int i, last = sizeof(rank) / sizeof(rank[0]) - 1;

	if (list_empty(head))
		return;
	head->prev->next = NULL;
	for (list = head->next; (entry = list);) {
		list = entry->next;
		entry->next = NULL;
		for (i = 0; i < last && rank[i]; i++) {
			entry = kmem_list_merge(priv, cmp, rank[i], entry);
			rank[i] = NULL;
		}
		rank[i] = rank[i] ? kmem_list_merge(priv, cmp, rank[i], entry) : entry;
	}
	entry = NULL;
	for (i = 0; i <= last; i++)
		if (rank[i])
			entry = entry ? kmem_list_merge(priv, cmp, rank[i], entry) : rank[i];
	prev = head;
	for (head->next = entry; entry; entry = entry->next) {
		entry->prev = prev;
		prev = entry;
	}
	prev->next = head;
	head->prev = prev;
}

#endif
