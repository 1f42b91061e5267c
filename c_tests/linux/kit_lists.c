// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_lists - lists that are cut, joined, turned and sorted
 *
 * The order after each step. At risk: empty lists, single entries, the
 * stability of sorting.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/llist.h>
#include <linux/sort.h>
#include <linux/bsearch.h>
#include <linux/hashtable.h>

struct entry {
	struct list_head link;
	struct hlist_node hash;
	struct llist_node stack;
	int key, number;
};

static struct entry entries[12];
static LIST_HEAD(list);
static LIST_HEAD(other);

static void show(const char *what)
{
	struct entry *e;

	pr_info("%s:", what);
	list_for_each_entry(e, &list, link)
		pr_cont(" %d", e->number);
	pr_cont(" |");
	list_for_each_entry_reverse(e, &other, link)
		pr_cont(" %d", e->number);
	pr_cont("\n");
}

static void fill(unsigned int n)
{
	unsigned int i;

	INIT_LIST_HEAD(&list);
	INIT_LIST_HEAD(&other);
	for (i = 0; i < n; i++) {
		entries[i].number = i;
		entries[i].key = (i * 7) % 5;
		list_add_tail(&entries[i].link, &list);
	}
}

static int by_key(void *unused, const struct list_head *a, const struct list_head *b)
{
	return list_entry(a, struct entry, link)->key - list_entry(b, struct entry, link)->key;
}

static int by_value(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void rings(void)
{
	struct entry *e, *next;

	fill(8);
	list_cut_position(&other, &list, &entries[3].link);
	show("cut at 3");
	list_splice_init(&other, &list);
	show("spliced");
	list_cut_before(&other, &list, &entries[3].link);
	show("cut before 3");
	list_splice_tail_init(&other, &list);
	show("spliced behind");
	list_cut_before(&other, &list, list.next);
	show("cut nothing");
	list_cut_position(&other, &list, &list);
	show("cut at the head");
	list_rotate_left(&list);
	show("rotated");
	list_rotate_to_front(&entries[1].link, &list);
	show("1 to front");
	list_bulk_move_tail(&list, &entries[1].link, &entries[2].link);
	show("1 and 2 behind");
	list_swap(&entries[0].link, &entries[7].link);
	show("0 and 7 swapped");
	list_swap(&entries[1].link, &entries[2].link);
	show("neighbours swapped");
	list_for_each_entry_safe(e, next, &list, link)
		if (e->number % 2)
			list_move(&e->link, &other);
	show("odd moved");
	list_del_init(&entries[0].link);
	pr_info("empty %d singular %d first %d last %d count %zu\n", list_empty(&entries[0].link), list_is_singular(&list),
		list_first_entry(&list, struct entry, link)->number, list_last_entry(&list, struct entry, link)->number,
		list_count_nodes(&list));
	fill(12);
	list_sort(NULL, &list, by_key);
	show("sorted");
	fill(1);
	list_sort(NULL, &list, by_key);
	list_rotate_left(&list);
	show("one");
	fill(0);
	list_sort(NULL, &list, by_key);
	list_rotate_left(&list);
	show("none");
}

static void hashes(void)
{
	static DEFINE_HASHTABLE(table, 3);
	struct hlist_node *tmp;
	struct entry *e;
	unsigned int i, bucket;

	for (i = 0; i < 12; i++) {
		entries[i].number = i;
		hash_add(table, &entries[i].hash, i * 1000);
	}
	hash_for_each_possible(table, e, hash, 5000)
		pr_info("with 5: %d\n", e->number);
	hash_for_each_safe(table, bucket, tmp, e, hash)
		if (e->number % 3)
			hash_del(&e->hash);
	hash_for_each(table, bucket, e, hash)
		pr_info("bucket %u: %d\n", bucket, e->number);
	pr_info("hashed %d %d, empty %d\n", hash_hashed(&entries[0].hash), hash_hashed(&entries[1].hash), hash_empty(table));
	pr_info("hash %u %u %u\n", hash_32(12345, 10), hash_64(123456789012ULL, 10), hash_long(77, 8));
}

static void stacks(void)
{
	static LLIST_HEAD(stack);
	struct llist_node *all;
	struct entry *e;
	unsigned int i, was_empty = 0;

	for (i = 0; i < 5; i++)
		was_empty += llist_add(&entries[i].stack, &stack);
	all = llist_del_first(&stack);
	pr_info("was empty %u, newest %d, empty %d\n", was_empty, llist_entry(all, struct entry, stack)->number,
		llist_empty(&stack));
	all = llist_reverse_order(llist_del_all(&stack));
	llist_for_each_entry(e, all, stack)
		pr_info("oldest first: %d\n", e->number);
	pr_info("empty %d\n", llist_empty(&stack));
}

static void arrays(void)
{
	int numbers[41], i, key;
	int *found;

	for (i = 0; i < 41; i++)
		numbers[i] = (i * 29) % 41 * 2;
	sort(numbers, 41, sizeof(numbers[0]), by_value, NULL);
	for (i = 0; i < 41; i++)
		if (numbers[i] != i * 2)
			pr_info("%d at %d\n", numbers[i], i);
	key = 14;
	found = bsearch(&key, numbers, 41, sizeof(numbers[0]), by_value);
	pr_info("14 at %d\n", found ? (int)(found - numbers) : -1);
	key = 15;
	pr_info("15 is there: %d\n", !!bsearch(&key, numbers, 41, sizeof(numbers[0]), by_value));
}

static int __init kit_lists_init(void)
{
	rings();
	hashes();
	stacks();
	arrays();
	return 0;
}
module_init(kit_lists_init);
MODULE_DESCRIPTION("lists that are cut, joined, turned and sorted");
MODULE_LICENSE("Dual MIT/GPL");
