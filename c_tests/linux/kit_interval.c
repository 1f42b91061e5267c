// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_interval - which intervals meet another, asked of a tree
 *
 * Random intervals come and go; questions are answered by the tree and by
 * looking at all of them. At risk: a subtree that is skipped wrongly, ends
 * that just touch, the walk to the next one.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/interval_tree_generic.h>

#define NODES 200

struct span {
	struct rb_node rb;
	unsigned long start, last, __subtree_last;
	bool in;
};

#define START(span) ((span)->start)
#define LAST(span) ((span)->last)
INTERVAL_TREE_DEFINE(struct span, rb, unsigned long, __subtree_last, START, LAST, static, span)

static struct span spans[NODES];
static struct rb_root_cached tree = RB_ROOT_CACHED;
static u32 seed = 7;

static u32 random(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

static unsigned int ask(unsigned long start, unsigned long last)
{
	struct span *span;
	unsigned long before = 0;
	unsigned int n = 0, all = 0, i;

	for (span = span_iter_first(&tree, start, last); span; span = span_iter_next(span, start, last)) {
		if (span->start < before || span->last < start || span->start > last)
			pr_info("wrong: %lu-%lu for %lu-%lu\n", span->start, span->last, start, last);
		before = span->start;
		n++;
	}
	for (i = 0; i < NODES; i++)
		all += spans[i].in && spans[i].start <= last && spans[i].last >= start;
	if (n != all)
		pr_info("%lu-%lu: %u of %u\n", start, last, n, all);
	return n;
}

static int __init kit_interval_init(void)
{
	unsigned int i, round, met;

	for (round = 0; round < 10; round++) {
		for (i = 0; i < 100; i++) {
			struct span *span = &spans[random() % NODES];

			if (span->in) {
				span_remove(span, &tree);
			} else {
				span->start = random() % 1000;
				span->last = span->start + random() % (round * 10 + 1);
				span_insert(span, &tree);
			}
			span->in = !span->in;
		}
		met = 0;
		for (i = 0; i < 200; i++) {
			unsigned long start = random() % 1100;

			met += ask(start, start + random() % 50);
			met += ask(start, start);
		}
		pr_info("round %u: %u met, %u of all\n", round, met, ask(0, ULONG_MAX));
	}
	return 0;
}
module_init(kit_interval_init);
MODULE_DESCRIPTION("which intervals meet another, asked of a tree");
MODULE_LICENSE("Dual MIT/GPL");
