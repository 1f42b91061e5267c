// SPDX-License-Identifier: MIT OR Apache-2.0
/* single.c - one thread: the hot pair, batches, bulk calls */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

struct state {
	bench_t type;
	void **object;		/* count of them */
	uint32_t *order;	/* in which they are freed */
	unsigned long count;
};

static void hot(void *arg, unsigned long pairs)
{
	bench_t type = ((struct state *)arg)->type;

	while (pairs--) {
		void *object = bench_alloc(type);

		touch(object);
		bench_free(type, object);
	}
}

void work_hot(void)
{
	struct state s = { .type = create(opt.size, NULL, 1) };

	time_pairs(hot, &s, 1000);
}

static void fill(struct state *s)
{
	bench_t type = s->type;

	for (unsigned long i = 0; i < s->count; i++)
		touch(s->object[i] = bench_alloc(type));
}

static void lifo(void *arg, unsigned long pairs)
{
	struct state *s = arg;
	bench_t type = s->type;

	for (; pairs; pairs -= s->count) {
		fill(s);
		for (unsigned long i = s->count; i--;)
			bench_free(type, s->object[i]);
	}
}

static void fifo(void *arg, unsigned long pairs)
{
	struct state *s = arg;
	bench_t type = s->type;

	for (; pairs; pairs -= s->count) {
		fill(s);
		for (unsigned long i = 0; i < s->count; i++)
			bench_free(type, s->object[i]);
	}
}

static void any_order(void *arg, unsigned long pairs)
{
	struct state *s = arg;
	bench_t type = s->type;

	for (; pairs; pairs -= s->count) {
		fill(s);
		for (unsigned long i = 0; i < s->count; i++)
			bench_free(type, s->object[s->order[i]]);
	}
}

void work_batch(void)
{
	struct state s = { .type = create(opt.size, NULL, opt.count), .count = opt.count };

	s.object = pages(s.count * sizeof(void *));
	s.order = shuffled((uint32_t)s.count, 12345);
	if (!strcmp(opt.order, "lifo"))
		time_pairs(lifo, &s, s.count);
	else if (!strcmp(opt.order, "fifo"))
		time_pairs(fifo, &s, s.count);
	else
		time_pairs(any_order, &s, s.count);
}

/* Who has no bulk calls writes the loop. */
static void bulk(void *arg, unsigned long pairs)
{
	struct state *s = arg;
	bench_t type = s->type;

	for (; pairs; pairs -= s->count) {
#ifdef BENCH_BULK
		if (!bench_alloc_bulk(type, s->count, s->object))
			fail("bulk allocation failed");
		for (unsigned long i = 0; i < s->count; i++)
			touch(s->object[i]);
		bench_free_bulk(type, s->count, s->object);
#else
		fill(s);
		for (unsigned long i = 0; i < s->count; i++)
			bench_free(type, s->object[i]);
#endif
	}
}

void work_bulk(void)
{
	struct state s = { .type = create(opt.size, NULL, opt.count), .count = opt.count };

	s.object = pages(s.count * sizeof(void *));
	time_pairs(bulk, &s, s.count);
}
