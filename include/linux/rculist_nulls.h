/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Lists of linux/list_nulls.h that readers walk without a lock. */
#ifndef _LINUX_RCULIST_NULLS_H
#define _LINUX_RCULIST_NULLS_H

#include <linux/list_nulls.h>
#include <linux/rcupdate.h>

static inline void hlist_nulls_del_rcu(struct hlist_nulls_node *node)
{
	hlist_nulls_del(node);
}

static inline void hlist_nulls_del_init_rcu(struct hlist_nulls_node *node)
{
	if (!hlist_nulls_unhashed(node)) {
		__hlist_nulls_del(node);
		WRITE_ONCE(node->pprev, (struct hlist_nulls_node **)NULL);
	}
}

static inline void hlist_nulls_add_head_rcu(struct hlist_nulls_node *node, struct hlist_nulls_head *head)
{
	hlist_nulls_add_head(node, head);
}

#define hlist_nulls_first_rcu(head)	((head)->first)
#define hlist_nulls_next_rcu(node)	((node)->next)
#define hlist_nulls_for_each_entry_rcu(tpos, pos, head, member) \
	for (pos = rcu_dereference((head)->first); \
	     !is_a_nulls(pos) && (tpos = hlist_nulls_entry(pos, __typeof__(*tpos), member), 1); \
	     pos = rcu_dereference(pos->next))

#endif
