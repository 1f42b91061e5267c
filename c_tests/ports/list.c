/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* linux/list.h, the ring: every operation that moves links can leave one of them wrong, in one direction only. */
#include <linux/list.h>
#include "tap.h"

struct item {
	int n;
	struct list_head link;
};

static struct item items[10];

/* The numbers on the list as digits, forwards; "broken" when backwards is not the same reversed. */
static const char *digits(struct list_head *head)
{
	static char text[2][32];
	static int which;
	char *s = text[which ^= 1], *start = s;
	struct item *i;

	list_for_each_entry(i, head, link)
		*s++ = (char)('0' + i->n);
	*s = '\0';
	list_for_each_entry_reverse(i, head, link)
		if (s == start || *--s != (char)('0' + i->n))
			return "broken";
	return s == start ? start : "broken";
}

static bool is(struct list_head *head, const char *expected)
{
	return strcmp(digits(head), expected) == 0;
}

/* An empty list, then items from to to in order. */
static void fill(struct list_head *head, int from, int to)
{
	INIT_LIST_HEAD(head);
	for (; from <= to; from++) {
		items[from].n = from;
		list_add_tail(&items[from].link, head);
	}
}

static void test_add_del(void)
{
	LIST_HEAD(a);
	struct list_head b = LIST_HEAD_INIT(b);
	struct item *first;

	ok(list_empty(&a) && list_empty(&b) && list_empty_careful(&a) && is(&a, ""), "new lists are empty");
	ok(!list_first_entry_or_null(&a, struct item, link) && !list_last_entry_or_null(&a, struct item, link),
	   "an empty list has no first or last entry");
	fill(&a, 1, 3);
	list_add(&items[0].link, &a);
	ok(is(&a, "0123"), "list_add puts in front, list_add_tail at the end");
	ok(list_first_entry(&a, struct item, link)->n == 0 && list_last_entry(&a, struct item, link)->n == 3,
	   "first and last entry");
	ok(list_is_first(&items[0].link, &a) && !list_is_first(&items[1].link, &a) &&
	   list_is_last(&items[3].link, &a) && list_is_head(&a, &a) && !list_is_head(&items[0].link, &a),
	   "list_is_first, list_is_last, list_is_head");
	ok(list_count_nodes(&a) == 4 && !list_is_singular(&a), "four entries are counted");

	list_del(&items[1].link);
	ok(is(&a, "023"), "list_del from the middle");
	ok(items[1].link.next == LIST_POISON1 && items[1].link.prev == LIST_POISON2, "list_del poisons the links");
	list_del_init(&items[0].link);
	ok(is(&a, "23") && list_empty(&items[0].link), "list_del_init leaves an empty entry");
	list_del_init(&items[0].link);
	ok(is(&a, "23"), "list_del_init may be repeated");
	list_del_init_careful(&items[2].link);
	ok(is(&a, "3") && list_empty_careful(&items[2].link) && list_is_singular(&a), "list_del_init_careful");
	first = list_first_entry_or_null(&a, struct item, link);
	ok(first == &items[3] && first == list_last_entry_or_null(&a, struct item, link), "a single entry is both ends");
}

static void test_move(void)
{
	LIST_HEAD(a);
	LIST_HEAD(b);

	fill(&a, 0, 3);
	fill(&b, 4, 6);
	list_move(&items[2].link, &b);
	list_move_tail(&items[0].link, &b);
	ok(is(&a, "13") && is(&b, "24560"), "list_move and list_move_tail to another list");
	list_move(&items[3].link, &a);
	ok(is(&a, "31"), "list_move within a list");

	fill(&a, 0, 5);
	list_bulk_move_tail(&a, &items[1].link, &items[2].link);
	ok(is(&a, "034512"), "list_bulk_move_tail");
	list_rotate_left(&a);
	ok(is(&a, "345120"), "list_rotate_left");
	list_rotate_to_front(&items[1].link, &a);
	ok(is(&a, "120345"), "list_rotate_to_front");
	INIT_LIST_HEAD(&b);
	list_rotate_left(&b);
	ok(is(&b, ""), "an empty list rotates");

	fill(&a, 0, 4);
	list_swap(&items[1].link, &items[3].link);
	ok(is(&a, "03214"), "list_swap of distant entries");
	list_swap(&items[3].link, &items[2].link);
	ok(is(&a, "02314"), "list_swap of neighbours");
	list_swap(&items[1].link, &items[3].link);
	ok(is(&a, "02134"), "list_swap of neighbours, later one first");

	items[9].n = 9;
	list_replace(&items[0].link, &items[9].link);
	ok(is(&a, "92134"), "list_replace");
	list_replace_init(&items[9].link, &items[0].link);
	ok(is(&a, "02134") && list_empty(&items[9].link), "list_replace_init");
}

static void test_splice_cut(void)
{
	LIST_HEAD(a);
	LIST_HEAD(b);

	fill(&a, 0, 1);
	fill(&b, 2, 3);
	list_splice_init(&b, &a);
	ok(is(&a, "2301") && is(&b, ""), "list_splice_init puts in front");
	fill(&b, 4, 5);
	list_splice_tail_init(&b, &a);
	ok(is(&a, "230145") && is(&b, ""), "list_splice_tail_init puts at the end");
	list_splice(&b, &a);
	list_splice_tail_init(&b, &a);
	ok(is(&a, "230145"), "an empty list splices to nothing");
	fill(&b, 6, 7);
	list_splice(&b, &a);
	INIT_LIST_HEAD(&b);
	ok(is(&a, "67230145"), "list_splice");

	fill(&a, 0, 5);
	list_cut_position(&b, &a, &items[2].link);
	ok(is(&b, "012") && is(&a, "345"), "list_cut_position takes the entry along");
	fill(&a, 0, 5);
	list_cut_before(&b, &a, &items[2].link);
	ok(is(&b, "01") && is(&a, "2345"), "list_cut_before does not");
	list_cut_position(&b, &a, &a);
	ok(is(&b, "") && is(&a, "2345"), "list_cut_position at the head moves nothing");
	list_cut_before(&b, &a, &a);
	ok(is(&b, "2345") && is(&a, ""), "list_cut_before the head moves all");
	list_cut_before(&a, &b, &items[2].link);
	ok(is(&a, "") && is(&b, "2345"), "list_cut_before the first moves nothing");
	list_cut_position(&a, &b, &items[5].link);
	ok(is(&a, "2345") && is(&b, ""), "list_cut_position at the last moves all");
}

static void test_loops(void)
{
	LIST_HEAD(a);
	struct list_head *p, *q;
	struct item *i, *j;
	int n = 0;

	fill(&a, 1, 5);
	list_for_each(p, &a)
		n = n * 10 + list_entry(p, struct item, link)->n;
	list_for_each_prev(p, &a)
		n -= list_entry(p, struct item, link)->n;
	ok(n == 12345 - 15, "list_for_each and list_for_each_prev");

	n = 0;
	i = &items[2];
	list_for_each_entry_continue(i, &a, link)
		n = n * 10 + i->n;
	i = &items[4];
	list_for_each_entry_continue_reverse(i, &a, link)
		n = n * 10 + i->n;
	ok(n == 345321, "_continue starts behind the entry");
	n = 0;
	i = &items[4];
	list_for_each_entry_from(i, &a, link)
		n = n * 10 + i->n;
	i = &items[2];
	list_for_each_entry_from_reverse(i, &a, link)
		n = n * 10 + i->n;
	ok(n == 4521, "_from starts with the entry");
	n = 0;
	p = &items[3].link;
	list_for_each_continue(p, &a)
		n = n * 10 + list_entry(p, struct item, link)->n;
	i = list_prepare_entry((struct item *)NULL, &a, link);
	list_for_each_entry_continue(i, &a, link)
		n = n * 10 + i->n;
	ok(n == 4512345, "list_prepare_entry(NULL) starts at the head");

	list_for_each_entry_safe(i, j, &a, link)
		if (i->n % 2)
			list_del(&i->link);
	ok(is(&a, "24"), "list_for_each_entry_safe allows removal");
	fill(&a, 1, 5);
	list_for_each_entry_safe_reverse(i, j, &a, link)
		if (i->n % 2 == 0)
			list_del(&i->link);
	ok(is(&a, "135"), "and so does _safe_reverse");
	list_for_each_safe(p, q, &a)
		list_del_init(p);
	ok(is(&a, ""), "list_for_each_safe");
	fill(&a, 1, 5);
	list_for_each_prev_safe(p, q, &a)
		if (p != &items[3].link)
			list_del(p);
	ok(is(&a, "3"), "list_for_each_prev_safe");
	fill(&a, 1, 5);
	i = &items[2];
	list_for_each_entry_safe_continue(i, j, &a, link)
		list_del(&i->link);
	ok(is(&a, "12"), "list_for_each_entry_safe_continue");
	fill(&a, 1, 5);
	i = &items[2];
	list_for_each_entry_safe_from(i, j, &a, link)
		list_del(&i->link);
	ok(is(&a, "1"), "list_for_each_entry_safe_from");

	fill(&a, 1, 3);
	ok(list_next_entry(&items[1], link) == &items[2] && list_prev_entry(&items[2], link) == &items[1],
	   "next and previous entry");
	ok(list_next_entry_circular(&items[3], &a, link) == &items[1] &&
	   list_prev_entry_circular(&items[1], &a, link) == &items[3], "the circular forms skip the head");
}

int main(void)
{
	test_add_del();
	test_move();
	test_splice_cut();
	test_loops();
	return tap_done();
}
