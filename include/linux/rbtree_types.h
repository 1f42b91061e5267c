/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Nodes and roots of red-black trees, to embed; linux/rbtree.h has what to do with them. */
#ifndef _LINUX_RBTREE_TYPES_H
#define _LINUX_RBTREE_TYPES_H

#include <linux/compiler.h>
#include <stddef.h>

struct rb_node {
	unsigned long __rb_parent_color;	/* the parent's address; the lowest bit is 1 for a black node */
	struct rb_node *rb_right;
	struct rb_node *rb_left;
} __attribute__((__aligned__(sizeof(long))));

struct rb_root {
	struct rb_node *rb_node;
};

/* With the first node at hand. */
struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

#ifdef __cplusplus
#define RB_ROOT			rb_root{ NULL }
#define RB_ROOT_CACHED		rb_root_cached{ { NULL }, NULL }
#else
#define RB_ROOT			(struct rb_root){ NULL, }
#define RB_ROOT_CACHED		(struct rb_root_cached){ { NULL, }, NULL }
#endif

#endif
