/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Red-black trees whose nodes live inside the objects.
 *
 * The caller walks down to the place of a new node, links it there with rb_link_node(), and has the tree balanced
 * with rb_insert_color(). What holds between calls:
 *
 *	the root is black, and so is each child of a red node
 *	each way from the root to a missing child has the same number of black nodes
 *
 * so no way down is more than twice as long as another. The algorithm is that of the textbooks (Guibas and
 * Sedgewick 1978, in the form of Cormen, Leiserson, Rivest), without a sentinel: a missing child is NULL and counts
 * as black. Child pointers are written once each, last, so a lockless reader that goes down meets no loop; it may
 * miss nodes while the tree turns.
 *
 * The include guard is the kernel's: a program that brings the kernel's own rbtree.h keeps it, if it is read first.
 */
#ifndef _LINUX_RBTREE_H
#define _LINUX_RBTREE_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/rbtree_types.h>
#include <stdbool.h>
#include <stddef.h>

#define rb_parent(node)		((struct rb_node *)((node)->__rb_parent_color & ~3UL))
#define rb_entry(ptr, type, member)	container_of(ptr, type, member)
#define rb_entry_safe(ptr, type, member) \
	(__extension__ ({ \
		__typeof__(ptr) kmem_rb = (ptr); \
		kmem_rb ? rb_entry(kmem_rb, type, member) : NULL; \
	}))

#define RB_EMPTY_ROOT(root)	(READ_ONCE((root)->rb_node) == NULL)
/* A node that is in no tree is its own parent: who clears nodes can ask. */
#define RB_EMPTY_NODE(node)	((node)->__rb_parent_color == (unsigned long)(node))
#define RB_CLEAR_NODE(node)	((node)->__rb_parent_color = (unsigned long)(node))

#define RB_RED			0
#define RB_BLACK		1

static __always_inline bool kmem_rb_is_black(const struct rb_node *node)
{
	return !node || (node->__rb_parent_color & RB_BLACK);
}

static __always_inline void kmem_rb_set(struct rb_node *node, struct rb_node *parent, unsigned long color)
{
	node->__rb_parent_color = (unsigned long)parent | color;
}

static __always_inline void kmem_rb_set_parent(struct rb_node *node, struct rb_node *parent)
{
	kmem_rb_set(node, parent, node->__rb_parent_color & RB_BLACK);
}

static __always_inline void kmem_rb_set_color(struct rb_node *node, unsigned long color)
{
	node->__rb_parent_color = (node->__rb_parent_color & ~1UL) | color;
}

/* Has whatever points to old point to node: its parent, or the root. */
static __always_inline void kmem_rb_change_child(struct rb_node *old, struct rb_node *node, struct rb_node *parent,
						 struct rb_root *root)
{
	if (!parent)
		WRITE_ONCE(root->rb_node, node);
	else if (parent->rb_left == old)
		WRITE_ONCE(parent->rb_left, node);
	else
		WRITE_ONCE(parent->rb_right, node);
}

/* What an augmented tree wants to know of each turn: node goes down, up takes its place. */
typedef void (*kmem_rb_rotated_t)(struct rb_node *node, struct rb_node *up);

/* One of two children: the left one, or its mirror image. */
static __always_inline struct rb_node **kmem_rb_child(struct rb_node *node, bool left)
{
	return left ? &node->rb_left : &node->rb_right;
}

/*
 *	    node                up
 *	   /    \              /  \
 *	  a      up    --->  node  c          left; and the mirror image, right
 *	        /  \        /    \
 *	       b    c      a      b
 *
 * Colours stay with the nodes.
 */
static __always_inline void kmem_rb_rotate(struct rb_node *node, bool left, struct rb_root *root,
					   kmem_rb_rotated_t rotated)
{
	struct rb_node *up = *kmem_rb_child(node, !left), *parent = rb_parent(node), *b = *kmem_rb_child(up, left);

	WRITE_ONCE(*kmem_rb_child(node, !left), b);
	if (b)
		kmem_rb_set_parent(b, node);
	WRITE_ONCE(*kmem_rb_child(up, left), node);
	kmem_rb_set_parent(up, parent);
	kmem_rb_change_child(node, up, parent, root);
	kmem_rb_set_parent(node, up);
	if (rotated)
		rotated(node, up);
}

/*
 * node and its parent are red, and the parent is the left child of grand; or the mirror image. Returns whether the same
 * is to be asked about grand.
 */
static __always_inline bool kmem_rb_insert_step(struct rb_node *node, struct rb_node *parent, struct rb_node *grand,
						bool left, struct rb_root *root, kmem_rb_rotated_t rotated)
{
	struct rb_node *uncle = *kmem_rb_child(grand, !left);

	if (!kmem_rb_is_black(uncle)) {
		/* Both can be black if the grandparent is red. */
		kmem_rb_set_color(parent, RB_BLACK);
		kmem_rb_set_color(uncle, RB_BLACK);
		kmem_rb_set_color(grand, RB_RED);
		return true;
	}
	/* An inner grandchild becomes an outer one, then a turn at the grandparent settles it. */
	if (node == *kmem_rb_child(parent, !left)) {
		kmem_rb_rotate(parent, left, root, rotated);
		parent = node;
	}
	kmem_rb_set_color(parent, RB_BLACK);
	kmem_rb_set_color(grand, RB_RED);
	kmem_rb_rotate(grand, !left, root, rotated);
	return false;
}

/* node was linked, and is red: it may now be a red child of a red parent, the one thing that is wrong. */
static __always_inline void kmem_rb_insert(struct rb_node *node, struct rb_root *root, kmem_rb_rotated_t rotated)
{
	struct rb_node *parent, *grand;

	while ((parent = rb_parent(node)) && !kmem_rb_is_black(parent)) {
		/* A red node is not the root, so there is one more above. */
		grand = rb_parent(parent);
		if (!(parent == grand->rb_left ? kmem_rb_insert_step(node, parent, grand, true, root, rotated) :
						 kmem_rb_insert_step(node, parent, grand, false, root, rotated)))
			return;
		node = grand;
	}
	if (!parent)
		kmem_rb_set_color(node, RB_BLACK);
}

/*
 * The ways through the left child of parent, which is black, are short of one black node; or the mirror image. Returns
 * whether those through parent are now.
 */
static __always_inline bool kmem_rb_rebalance_step(struct rb_node *parent, bool left, struct rb_root *root,
						   kmem_rb_rotated_t rotated)
{
	/* On the other side are at least two black levels, so a sibling exists. Make it a black one. */
	struct rb_node *sibling = *kmem_rb_child(parent, !left);

	if (!kmem_rb_is_black(sibling)) {
		kmem_rb_set_color(sibling, RB_BLACK);
		kmem_rb_set_color(parent, RB_RED);
		kmem_rb_rotate(parent, left, root, rotated);
		sibling = *kmem_rb_child(parent, !left);
	}
	if (kmem_rb_is_black(sibling->rb_left) && kmem_rb_is_black(sibling->rb_right)) {
		/* Take one black away there too. */
		kmem_rb_set_color(sibling, RB_RED);
		return true;
	}
	/* The sibling's outer child must be red; then a turn at the parent brings a black node over. */
	if (kmem_rb_is_black(*kmem_rb_child(sibling, !left))) {
		kmem_rb_set_color(*kmem_rb_child(sibling, left), RB_BLACK);
		kmem_rb_set_color(sibling, RB_RED);
		kmem_rb_rotate(sibling, !left, root, rotated);
		sibling = *kmem_rb_child(parent, !left);
	}
	kmem_rb_set_color(sibling, parent->__rb_parent_color & RB_BLACK);
	kmem_rb_set_color(parent, RB_BLACK);
	kmem_rb_set_color(*kmem_rb_child(sibling, !left), RB_BLACK);
	kmem_rb_rotate(parent, left, root, rotated);
	return false;
}

/* The ways through node, a child of parent that may be NULL, are short of one black node. */
static __always_inline void kmem_rb_rebalance(struct rb_node *node, struct rb_node *parent, struct rb_root *root,
					      kmem_rb_rotated_t rotated)
{
	while (parent && kmem_rb_is_black(node)) {
		if (!(node == parent->rb_left ? kmem_rb_rebalance_step(parent, true, root, rotated) :
						kmem_rb_rebalance_step(parent, false, root, rotated)))
			return;
		node = parent;
		parent = rb_parent(node);
	}
	if (node)
		kmem_rb_set_color(node, RB_BLACK);
}

/* What an augmented tree keeps right when nodes go (linux/rbtree_augmented.h). */
struct rb_augment_callbacks {
	void (*propagate)(struct rb_node *node, struct rb_node *stop);	/* recalculate from node up to stop */
	void (*copy)(struct rb_node *old, struct rb_node *node);	/* node takes the place of old */
	void (*rotate)(struct rb_node *old, struct rb_node *node);	/* node takes the place of old, its parent */
};

static __always_inline void kmem_rb_erase(struct rb_node *node, struct rb_root *root,
					  const struct rb_augment_callbacks *augment)
{
	struct rb_node *child, *parent = rb_parent(node);
	bool black = kmem_rb_is_black(node);

	if (node->rb_left && node->rb_right) {
		/* The next node has no left child. It leaves its place, and takes that of node, colour included. */
		struct rb_node *next = node->rb_right;

		while (next->rb_left)
			next = next->rb_left;
		black = kmem_rb_is_black(next);
		child = next->rb_right;
		if (next == node->rb_right) {
			parent = next;
			if (augment)
				augment->copy(node, next);
		} else {
			parent = rb_parent(next);
			WRITE_ONCE(parent->rb_left, child);
			if (child)
				kmem_rb_set_parent(child, parent);
			WRITE_ONCE(next->rb_right, node->rb_right);
			kmem_rb_set_parent(node->rb_right, next);
			if (augment) {
				augment->copy(node, next);
				augment->propagate(parent, next);
			}
		}
		WRITE_ONCE(next->rb_left, node->rb_left);
		kmem_rb_set_parent(node->rb_left, next);
		kmem_rb_change_child(node, next, rb_parent(node), root);
		next->__rb_parent_color = node->__rb_parent_color;
		if (augment)
			augment->propagate(next, NULL);
	} else {
		child = node->rb_left ? node->rb_left : node->rb_right;
		kmem_rb_change_child(node, child, parent, root);
		if (child)
			kmem_rb_set_parent(child, parent);
		if (augment)
			augment->propagate(parent, NULL);
	}
	if (black)
		kmem_rb_rebalance(child, parent, root, augment ? augment->rotate : NULL);
}

/* Puts node where *link is, a missing child of parent (or the root's, with no parent). Balance comes next. */
static inline void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	kmem_rb_set(node, parent, RB_RED);
	node->rb_left = NULL;
	node->rb_right = NULL;
	*link = node;
}

static inline void rb_link_node_rcu(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	kmem_rb_set(node, parent, RB_RED);
	node->rb_left = NULL;
	node->rb_right = NULL;
	__atomic_store_n(link, node, __ATOMIC_RELEASE);
}

static inline void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	kmem_rb_insert(node, root, NULL);
}

static inline void rb_erase(struct rb_node *node, struct rb_root *root)
{
	kmem_rb_erase(node, root, NULL);
}

static inline struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

static inline struct rb_node *rb_last(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_right)
		node = node->rb_right;
	return node;
}

/* The smallest on the right, or the first ancestor that this is on the left of. NULL for a node in no tree. */
static inline struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_right) {
		node = node->rb_right;
		while (node->rb_left)
			node = node->rb_left;
		return (struct rb_node *)node;
	}
	while ((parent = rb_parent(node)) && node == parent->rb_right)
		node = parent;
	return parent;
}

static inline struct rb_node *rb_prev(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_left) {
		node = node->rb_left;
		while (node->rb_right)
			node = node->rb_right;
		return (struct rb_node *)node;
	}
	while ((parent = rb_parent(node)) && node == parent->rb_left)
		node = parent;
	return parent;
}

/* node takes the place of victim as it is; the order must be right for it. */
static inline void rb_replace_node(struct rb_node *victim, struct rb_node *node, struct rb_root *root)
{
	*node = *victim;
	if (victim->rb_left)
		kmem_rb_set_parent(victim->rb_left, node);
	if (victim->rb_right)
		kmem_rb_set_parent(victim->rb_right, node);
	kmem_rb_change_child(victim, node, rb_parent(victim), root);
}

static inline void rb_replace_node_rcu(struct rb_node *victim, struct rb_node *node, struct rb_root *root)
{
	*node = *victim;
	if (victim->rb_left)
		kmem_rb_set_parent(victim->rb_left, node);
	if (victim->rb_right)
		kmem_rb_set_parent(victim->rb_right, node);
	/* What a reader finds through the new link is complete. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	kmem_rb_change_child(victim, node, rb_parent(victim), root);
}

/* Children before their parent, so that a whole tree can be freed without a single turn. */
static inline struct rb_node *kmem_rb_deepest(const struct rb_node *node)
{
	while (node->rb_left || node->rb_right)
		node = node->rb_left ? node->rb_left : node->rb_right;
	return (struct rb_node *)node;
}

static inline struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return root->rb_node ? kmem_rb_deepest(root->rb_node) : NULL;
}

static inline struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent;

	if (!node)
		return NULL;
	parent = rb_parent(node);
	if (parent && node == parent->rb_left && parent->rb_right)
		return kmem_rb_deepest(parent->rb_right);
	return parent;
}

/* pos may be freed in the loop, but not erased. */
#define rbtree_postorder_for_each_entry_safe(pos, n, root, member) \
	for (pos = rb_entry_safe(rb_first_postorder(root), __typeof__(*pos), member); \
	     pos && ((n = rb_entry_safe(rb_next_postorder(&pos->member), __typeof__(*pos), member)), 1); \
	     pos = n)

#define rb_first_cached(root)	((root)->rb_leftmost)

static inline void rb_insert_color_cached(struct rb_node *node, struct rb_root_cached *root, bool leftmost)
{
	if (leftmost)
		root->rb_leftmost = node;
	rb_insert_color(node, &root->rb_root);
}

/* Returns the new first node if that has changed, or else NULL. */
static inline struct rb_node *rb_erase_cached(struct rb_node *node, struct rb_root_cached *root)
{
	struct rb_node *leftmost = NULL;

	if (root->rb_leftmost == node)
		leftmost = root->rb_leftmost = rb_next(node);
	rb_erase(node, &root->rb_root);
	return leftmost;
}

static inline void rb_replace_node_cached(struct rb_node *victim, struct rb_node *node, struct rb_root_cached *root)
{
	if (root->rb_leftmost == victim)
		root->rb_leftmost = node;
	rb_replace_node(victim, node, &root->rb_root);
}

/* By the caller's order: less(a, b) for nodes, cmp(key, node) for keys. Equals go behind their like. */
static __always_inline void rb_add(struct rb_node *node, struct rb_root *tree,
				   bool (*less)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **link = &tree->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = less(node, parent) ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(node, parent, link);
	rb_insert_color(node, tree);
}

/* Returns node if it is now the first. */
static __always_inline struct rb_node *rb_add_cached(struct rb_node *node, struct rb_root_cached *tree,
						     bool (*less)(struct rb_node *, const struct rb_node *))
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
	rb_insert_color_cached(node, tree, leftmost);
	return leftmost ? node : NULL;
}

/* Adds node unless there is an equal one, which is returned. */
static __always_inline struct rb_node *rb_find_add(struct rb_node *node, struct rb_root *tree,
						   int (*cmp)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **link = &tree->rb_node, *parent = NULL;

	while (*link) {
		int order;

		parent = *link;
		order = cmp(node, parent);
		if (!order)
			return parent;
		link = order < 0 ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(node, parent, link);
	rb_insert_color(node, tree);
	return NULL;
}

static __always_inline struct rb_node *rb_find(const void *key, const struct rb_root *tree,
					       int (*cmp)(const void *key, const struct rb_node *))
{
	struct rb_node *node = tree->rb_node;

	while (node) {
		int order = cmp(key, node);

		if (!order)
			return node;
		node = order < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

/* The first of several equals. */
static __always_inline struct rb_node *rb_find_first(const void *key, const struct rb_root *tree,
						     int (*cmp)(const void *key, const struct rb_node *))
{
	struct rb_node *node = tree->rb_node, *match = NULL;

	while (node) {
		int order = cmp(key, node);

		if (!order)
			match = node;
		node = order <= 0 ? node->rb_left : node->rb_right;
	}
	return match;
}

static __always_inline struct rb_node *rb_next_match(const void *key, struct rb_node *node,
						     int (*cmp)(const void *key, const struct rb_node *))
{
	node = rb_next(node);
	return node && cmp(key, node) == 0 ? node : NULL;
}

#define rb_for_each(node, key, tree, cmp) \
	for ((node) = rb_find_first((key), (tree), (cmp)); (node); (node) = rb_next_match((key), (node), (cmp)))

#endif
