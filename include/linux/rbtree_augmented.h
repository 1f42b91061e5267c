/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Red-black trees whose nodes know something of all that is below them, such as the largest end of an interval.
 *
 * To insert: update the nodes on the way down, link, then rb_insert_augmented(). The callbacks keep the values right
 * when nodes turn or go.
 */
#ifndef _LINUX_RBTREE_AUGMENTED_H
#define _LINUX_RBTREE_AUGMENTED_H

#include <linux/rbtree.h>

static __always_inline void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
						const struct rb_augment_callbacks *augment)
{
	kmem_rb_insert(node, root, augment->rotate);
}

static __always_inline void rb_insert_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
						       bool leftmost, const struct rb_augment_callbacks *augment)
{
	if (leftmost)
		root->rb_leftmost = node;
	rb_insert_augmented(node, &root->rb_root, augment);
}

static __always_inline void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
					       const struct rb_augment_callbacks *augment)
{
	kmem_rb_erase(node, root, augment);
}

static __always_inline void rb_erase_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
						      const struct rb_augment_callbacks *augment)
{
	if (root->rb_leftmost == node)
		root->rb_leftmost = rb_next(node);
	rb_erase_augmented(node, &root->rb_root, augment);
}

static __always_inline struct rb_node *rb_add_augmented_cached(struct rb_node *node, struct rb_root_cached *tree,
							       bool (*less)(struct rb_node *, const struct rb_node *),
							       const struct rb_augment_callbacks *augment)
{
	struct rb_node **link = &tree->rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (less(node, parent)) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(node, parent, link);
	augment->propagate(parent, NULL);
	rb_insert_augmented_cached(node, tree, leftmost, augment);
	return leftmost ? node : NULL;
}

/*
 * Defines callbacks RBNAME for RBSTRUCT with its node RBFIELD. RBCOMPUTE(node, exit) sets RBAUGMENTED from the node
 * and its children; with exit it returns true, and the way up ends, if that changed nothing.
 */
#define RB_DECLARE_CALLBACKS(RBSTATIC, RBNAME, RBSTRUCT, RBFIELD, RBAUGMENTED, RBCOMPUTE) \
	static inline void RBNAME##_propagate(struct rb_node *rb, struct rb_node *stop) \
	{ \
		while (rb != stop) { \
			RBSTRUCT *node = rb_entry(rb, RBSTRUCT, RBFIELD); \
			if (RBCOMPUTE(node, true)) \
				break; \
			rb = rb_parent(&node->RBFIELD); \
		} \
	} \
	static inline void RBNAME##_copy(struct rb_node *rb_old, struct rb_node *rb_new) \
	{ \
		RBSTRUCT *old_node = rb_entry(rb_old, RBSTRUCT, RBFIELD); \
		RBSTRUCT *new_node = rb_entry(rb_new, RBSTRUCT, RBFIELD); \
		new_node->RBAUGMENTED = old_node->RBAUGMENTED; \
	} \
	static void RBNAME##_rotate(struct rb_node *rb_old, struct rb_node *rb_new) \
	{ \
		RBNAME##_copy(rb_old, rb_new); \
		RBCOMPUTE(rb_entry(rb_old, RBSTRUCT, RBFIELD), false); \
	} \
	RBSTATIC const struct rb_augment_callbacks RBNAME = { \
		RBNAME##_propagate, RBNAME##_copy, RBNAME##_rotate \
	};

/* The same for a maximum: RBCOMPUTE(node) is the value of one node alone. */
#define RB_DECLARE_CALLBACKS_MAX(RBSTATIC, RBNAME, RBSTRUCT, RBFIELD, RBTYPE, RBAUGMENTED, RBCOMPUTE) \
	static inline bool RBNAME##_compute_max(RBSTRUCT *node, bool exit) \
	{ \
		RBTYPE max = RBCOMPUTE(node); \
		if (node->RBFIELD.rb_left) { \
			RBSTRUCT *child = rb_entry(node->RBFIELD.rb_left, RBSTRUCT, RBFIELD); \
			if (child->RBAUGMENTED > max) \
				max = child->RBAUGMENTED; \
		} \
		if (node->RBFIELD.rb_right) { \
			RBSTRUCT *child = rb_entry(node->RBFIELD.rb_right, RBSTRUCT, RBFIELD); \
			if (child->RBAUGMENTED > max) \
				max = child->RBAUGMENTED; \
		} \
		if (exit && node->RBAUGMENTED == max) \
			return true; \
		node->RBAUGMENTED = max; \
		return false; \
	} \
	RB_DECLARE_CALLBACKS(RBSTATIC, RBNAME, RBSTRUCT, RBFIELD, RBAUGMENTED, RBNAME##_compute_max)

#endif
