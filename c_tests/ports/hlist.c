/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* linux/list.h, the hash lists, and linux/hashtable.h: pprev must be right after every operation. */
#include <linux/hashtable.h>
#include <linux/list.h>
#include "tap.h"

struct item {
	unsigned int n;
	struct hlist_node link;
};

static struct item items[10];

/* The numbers on the list as digits; "broken" when a node does not know what points at it. */
static bool is(struct hlist_head *head, const char *expected)
{
	struct hlist_node **at = &head->first;
	char text[32], *s = text;
	struct item *i;

	hlist_for_each_entry(i, head, link) {
		if (i->link.pprev != at || *at != &i->link)
			return false;
		at = &i->link.next;
		*s++ = (char)('0' + i->n);
	}
	*s = '\0';
	return strcmp(text, expected) == 0;
}

static void fill(struct hlist_head *head, int from, int to)
{
	INIT_HLIST_HEAD(head);
	for (; to >= from; to--) {
		items[to].n = (unsigned int)to;
		hlist_add_head(&items[to].link, head);
	}
}

static void test_hlist(void)
{
	HLIST_HEAD(a);
	struct hlist_head b = HLIST_HEAD_INIT;
	struct hlist_node *p, *tmp;
	struct item *i;
	int n = 0;

	ok(hlist_empty(&a) && is(&a, ""), "a new list is empty");
	INIT_HLIST_NODE(&items[9].link);
	ok(hlist_unhashed(&items[9].link) && hlist_unhashed_lockless(&items[9].link), "a new node is unhashed");
	hlist_del_init(&items[9].link);
	ok(hlist_unhashed(&items[9].link), "hlist_del_init of an unhashed node does nothing");

	fill(&a, 1, 3);
	ok(is(&a, "123") && !hlist_empty(&a) && hlist_count_nodes(&a) == 3, "hlist_add_head puts in front");
	items[0].n = 0;
	items[4].n = 4;
	items[5].n = 5;
	hlist_add_before(&items[0].link, &items[1].link);
	hlist_add_behind(&items[4].link, &items[3].link);
	hlist_add_behind(&items[5].link, &items[1].link);
	ok(is(&a, "015234"), "hlist_add_before and hlist_add_behind, at both ends and between");
	hlist_del_init(&items[0].link);
	hlist_del(&items[4].link);
	hlist_del(&items[5].link);
	ok(is(&a, "123"), "hlist_del at both ends and between");
	ok(hlist_unhashed(&items[0].link), "hlist_del_init leaves the node unhashed");
	ok(items[4].link.next == LIST_POISON1 && items[4].link.pprev == LIST_POISON2, "hlist_del poisons");

	hlist_move_list(&a, &b);
	ok(is(&a, "") && is(&b, "123"), "hlist_move_list");
	fill(&a, 4, 5);
	hlist_splice_init(&b, &items[3].link, &a);
	ok(is(&a, "12345") && is(&b, ""), "hlist_splice_init puts in front");
	ok(!hlist_is_singular_node(&items[1].link, &a), "one of five is not singular");

	i = &items[3];
	hlist_for_each_entry_continue(i, link)
		n = n * 10 + (int)i->n;
	i = &items[4];
	hlist_for_each_entry_from(i, link)
		n = n * 10 + (int)i->n;
	hlist_for_each(p, &a)
		n++;
	ok(n == 4545 + 5, "_continue starts behind the entry, _from with it");
	hlist_for_each_entry_safe(i, tmp, &a, link)
		if (i->n != 3)
			hlist_del(&i->link);
	ok(is(&a, "3") && hlist_is_singular_node(&items[3].link, &a), "hlist_for_each_entry_safe allows removal");
	hlist_for_each_safe(p, tmp, &a)
		hlist_del_init(p);
	ok(is(&a, ""), "hlist_for_each_safe");

	INIT_HLIST_NODE(&items[9].link);
	hlist_add_fake(&items[9].link);
	ok(hlist_fake(&items[9].link) && !hlist_unhashed(&items[9].link), "a fake node looks hashed");
	hlist_del(&items[9].link);
	ok(true, "and can be deleted");
}

static void test_hashtable(void)
{
	static DEFINE_HASHTABLE(table, 3);
	struct hlist_node *tmp;
	struct item *i;
	unsigned int bucket, n, sum = 0;

	ok(HASH_SIZE(table) == 8 && HASH_BITS(table) == 3 && hash_empty(table), "a new table is empty");
	for (n = 0; n < 10; n++) {
		items[n].n = n;
		hash_add(table, &items[n].link, n);
	}
	ok(!hash_empty(table) && hash_hashed(&items[7].link), "what was added is hashed");
	hash_for_each(table, bucket, i, link)
		sum += i->n;
	ok(sum == 45, "hash_for_each sees all");
	n = 0;
	hash_for_each_possible(table, i, link, 7u)
		n += i->n == 7;
	ok(n == 1, "hash_for_each_possible finds the key");
	hash_for_each_safe(table, bucket, tmp, i, link)
		hash_del(&i->link);
	ok(hash_empty(table) && !hash_hashed(&items[7].link), "hash_for_each_safe allows removal");
	hash_add(table, &items[1].link, 1u);
	hash_init(table);
	ok(hash_empty(table), "hash_init empties");

	ok(hash_32(1, 32) == 0x61C88647 && hash_32(1, 8) == 0x61, "hash_32 takes the topmost bits");
	ok(hash_64(1, 32) == 0x61C88646 && hash_64(3, 8) == 0x25, "hash_64 too");
	ok(hash_long(12345, 10) == hash_64(12345, 10) && hash_ptr((void *)12345, 10) == hash_64(12345, 10),
	   "longs and pointers hash as 64 bits");
}

int main(void)
{
	test_hlist();
	test_hashtable();
	return tap_done();
}
