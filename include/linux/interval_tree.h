/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Interval trees over unsigned long; both ends belong to the interval. */
#ifndef _LINUX_INTERVAL_TREE_H
#define _LINUX_INTERVAL_TREE_H

#include <linux/interval_tree_generic.h>

struct interval_tree_node {
	struct rb_node rb;
	unsigned long start;
	unsigned long last;
	unsigned long __subtree_last;
};

#define KMEM_IT_START(node)	((node)->start)
#define KMEM_IT_LAST(node)	((node)->last)
INTERVAL_TREE_DEFINE(struct interval_tree_node, rb, unsigned long, __subtree_last, KMEM_IT_START, KMEM_IT_LAST,
		     static inline, interval_tree)

#endif
