/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Interval trees: red-black trees by start, in which each node knows the largest last of all that is below it. So a
 * subtree with nothing to offer is not entered, and finding the n intervals that meet another takes O(n + log).
 */
#ifndef KMEM_LINUX_INTERVAL_TREE_GENERIC_H
#define KMEM_LINUX_INTERVAL_TREE_GENERIC_H

#include <linux/rbtree_augmented.h>

/*
 * Defines ITPREFIX_insert(), _remove(), _iter_first() and _iter_next() for ITSTRUCT with its node ITRB; ITTYPE is
 * the type of the ends, ITSUBTREE the member for the largest last, ITSTART(n) and ITLAST(n) the ends, which both
 * belong to the interval.
 */
#define INTERVAL_TREE_DEFINE(ITSTRUCT, ITRB, ITTYPE, ITSUBTREE, ITSTART, ITLAST, ITSTATIC, ITPREFIX) \
	RB_DECLARE_CALLBACKS_MAX(static, ITPREFIX##_augment, ITSTRUCT, ITRB, ITTYPE, ITSUBTREE, ITLAST) \
	\
	ITSTATIC void ITPREFIX##_insert(ITSTRUCT *node, struct rb_root_cached *root) \
	{ \
		struct rb_node **link = &root->rb_root.rb_node, *rb_parent = NULL; \
		ITTYPE start = ITSTART(node), last = ITLAST(node); \
		ITSTRUCT *parent; \
		bool leftmost = true; \
		\
		while (*link) { \
			rb_parent = *link; \
			parent = rb_entry(rb_parent, ITSTRUCT, ITRB); \
			if (parent->ITSUBTREE < last) \
				parent->ITSUBTREE = last; \
			if (start < ITSTART(parent)) { \
				link = &parent->ITRB.rb_left; \
			} else { \
				link = &parent->ITRB.rb_right; \
				leftmost = false; \
			} \
		} \
		node->ITSUBTREE = last; \
		rb_link_node(&node->ITRB, rb_parent, link); \
		rb_insert_augmented_cached(&node->ITRB, root, leftmost, &ITPREFIX##_augment); \
	} \
	\
	ITSTATIC void ITPREFIX##_remove(ITSTRUCT *node, struct rb_root_cached *root) \
	{ \
		rb_erase_augmented_cached(&node->ITRB, root, &ITPREFIX##_augment); \
	} \
	\
	/* The first in the subtree of node that ends at start or later and begins at last or earlier. */ \
	static inline ITSTRUCT *ITPREFIX##_subtree_search(ITSTRUCT *node, ITTYPE start, ITTYPE last) \
	{ \
		while (node && node->ITSUBTREE >= start) { \
			ITSTRUCT *left = rb_entry_safe(node->ITRB.rb_left, ITSTRUCT, ITRB); \
			\
			if (left && left->ITSUBTREE >= start) { \
				/* Something there ends late enough: the answer is there, or starts are too late. */ \
				node = left; \
				continue; \
			} \
			if (ITSTART(node) > last) \
				return NULL; \
			if (ITLAST(node) >= start) \
				return node; \
			node = rb_entry_safe(node->ITRB.rb_right, ITSTRUCT, ITRB); \
		} \
		return NULL; \
	} \
	\
	ITSTATIC ITSTRUCT *ITPREFIX##_iter_first(struct rb_root_cached *root, ITTYPE start, ITTYPE last) \
	{ \
		return ITPREFIX##_subtree_search(rb_entry_safe(root->rb_root.rb_node, ITSTRUCT, ITRB), start, last); \
	} \
	\
	ITSTATIC ITSTRUCT *ITPREFIX##_iter_next(ITSTRUCT *node, ITTYPE start, ITTYPE last) \
	{ \
		struct rb_node *rb = node->ITRB.rb_right, *from; \
		\
		for (;;) { \
			if (rb) { \
				ITSTRUCT *right = rb_entry(rb, ITSTRUCT, ITRB); \
				\
				if (right->ITSUBTREE >= start) \
					return ITPREFIX##_subtree_search(right, start, last); \
			} \
			/* Up to the next node whose left side this was. */ \
			do { \
				rb = rb_parent(&node->ITRB); \
				if (!rb) \
					return NULL; \
				from = &node->ITRB; \
				node = rb_entry(rb, ITSTRUCT, ITRB); \
				rb = node->ITRB.rb_right; \
			} while (from == rb); \
			if (last < ITSTART(node)) \
				return NULL; \
			if (start <= ITLAST(node)) \
				return node; \
		} \
	}

#endif
