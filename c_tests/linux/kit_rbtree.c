// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_rbtree - red-black trees under random insertions and removals
 *
 * After each round the tree is walked, its rules are checked, and sums of it
 * are printed. Which of several valid shapes a tree has is not compared. At
 * risk: a lost node, a broken rule, a stale maximum in an augmented tree, a
 * cached first node that is none.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/rbtree.h>
#include <linux/rbtree_augmented.h>

#define NODES 400

struct item {
	struct rb_node node;
	u32 key, value, largest;
	bool in;
};

static struct item items[NODES];
static struct rb_root_cached tree = RB_ROOT_CACHED;
static u32 seed = 1;

static u32 random(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

#define VALUE(item) ((item)->value)
RB_DECLARE_CALLBACKS_MAX(static, augment, struct item, node, u32, largest, VALUE)

static bool before(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct item, node)->key < rb_entry(b, struct item, node)->key;
}

static int compare(const void *key, const struct rb_node *node)
{
	u32 k = *(const u32 *)key, other = rb_entry(node, struct item, node)->key;

	return k < other ? -1 : k > other;
}

/* Black height, or -1 if a rule is broken; also whether the augmented values are right. */
static int check(struct rb_node *node, bool augmented)
{
	struct rb_node *child[2];
	int height[2] = { 1, 1 }, i;
	u32 largest;

	if (!node)
		return 1;
	largest = rb_entry(node, struct item, node)->value;
	child[0] = node->rb_left;
	child[1] = node->rb_right;
	for (i = 0; i < 2; i++) {
		if (!child[i])
			continue;
		if (rb_parent(child[i]) != node)
			return -1;
		/* The lowest bit of the word is set for black. */
		if (!(node->__rb_parent_color & 1) && !(child[i]->__rb_parent_color & 1))
			return -1;
		height[i] = check(child[i], augmented);
		largest = max(largest, rb_entry(child[i], struct item, node)->largest);
	}
	if (height[0] < 0 || height[0] != height[1])
		return -1;
	if (augmented && largest != rb_entry(node, struct item, node)->largest)
		return -1;
	return height[0] + (int)(node->__rb_parent_color & 1);
}

static void report(const char *what, bool augmented)
{
	struct rb_root *root = &tree.rb_root;
	struct rb_node *node, *last = NULL;
	unsigned int forward = 0, backward = 0, post = 0, disorder = 0;
	struct item *item, *next;
	u32 sum = 0;

	for (node = rb_first(root); node; node = rb_next(node)) {
		if (last && before(node, last))
			disorder++;
		last = node;
		sum = sum * 31 + rb_entry(node, struct item, node)->key;
		forward++;
	}
	if (last != rb_last(root))
		disorder++;
	for (node = rb_last(root); node; node = rb_prev(node))
		backward++;
	rbtree_postorder_for_each_entry_safe(item, next, root, node)
		post++;
	pr_info("%s: %u nodes, %u back, %u post, %u in disorder, sum %08x, valid %d, first %d\n", what, forward, backward,
		post, disorder, sum, check(root->rb_node, augmented) > 0 && (!root->rb_node || (root->rb_node->__rb_parent_color & 1)),
		rb_first_cached(&tree) == rb_first(root));
}

static void plain(void)
{
	unsigned int i, round;

	for (round = 0; round < 20; round++) {
		for (i = 0; i < 150; i++) {
			struct item *item = &items[random() % NODES];

			if (item->in) {
				rb_erase_cached(&item->node, &tree);
				RB_CLEAR_NODE(&item->node);
			} else {
				/* Few keys, so that there are equal ones. */
				item->key = random() % 300;
				rb_add_cached(&item->node, &tree, before);
			}
			item->in = !item->in;
		}
		report("plain", false);
	}
}

static void find(void)
{
	unsigned int found = 0, run = 0, key;
	struct rb_node *node;

	for (key = 0; key < 310; key++) {
		if (rb_find(&key, &tree.rb_root, compare))
			found++;
		rb_for_each(node, &key, &tree.rb_root, compare)
			run++;
	}
	pr_info("%u keys, %u nodes by key\n", found, run);
}

static void replace(void)
{
	unsigned int i, n = 0;
	static struct item other[NODES];

	for (i = 0; i < NODES; i += 3) {
		if (!items[i].in)
			continue;
		other[i] = items[i];
		rb_replace_node_cached(&items[i].node, &other[i].node, &tree);
		n++;
	}
	pr_info("%u replaced\n", n);
	report("replaced", false);
	for (i = 0; i < NODES; i += 3) {
		if (items[i].in)
			rb_replace_node_cached(&other[i].node, &items[i].node, &tree);
	}
	report("and back", false);
}

static void ascending(void)
{
	unsigned int i;

	tree = RB_ROOT_CACHED;
	for (i = 0; i < NODES; i++) {
		items[i].key = i;
		items[i].in = true;
		rb_add_cached(&items[i].node, &tree, before);
	}
	report("ascending", false);
	for (i = 0; i < NODES; i += 2)
		rb_erase_cached(&items[i].node, &tree);
	report("every other", false);
	for (i = 1; i < NODES; i += 2)
		rb_erase_cached(&items[i].node, &tree);
	report("none", false);
	pr_info("empty %d\n", RB_EMPTY_ROOT(&tree.rb_root));
}

static void augmented(void)
{
	unsigned int i, round;

	for (i = 0; i < NODES; i++)
		items[i].in = false;
	for (round = 0; round < 10; round++) {
		for (i = 0; i < 200; i++) {
			struct item *item = &items[random() % NODES];

			if (item->in) {
				rb_erase_augmented_cached(&item->node, &tree, &augment);
			} else {
				item->key = random();
				item->value = item->largest = random();
				rb_add_augmented_cached(&item->node, &tree, before, &augment);
			}
			item->in = !item->in;
		}
		report("augmented", true);
		if (tree.rb_root.rb_node)
			pr_info("largest %u\n", rb_entry(tree.rb_root.rb_node, struct item, node)->largest);
	}
}

static int __init kit_rbtree_init(void)
{
	struct item one;

	RB_CLEAR_NODE(&one.node);
	pr_info("cleared: empty %d, next %d\n", RB_EMPTY_NODE(&one.node), !!rb_next(&one.node));
	plain();
	find();
	replace();
	ascending();
	augmented();
	return 0;
}
module_init(kit_rbtree_init);
MODULE_DESCRIPTION("red-black trees under random insertions and removals");
MODULE_LICENSE("Dual MIT/GPL");
