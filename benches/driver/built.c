// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * built.c - objects with a constructor: a mutex, two list heads and a 256-byte table
 *
 * An allocator that keeps freed objects as built hands them out ready. With the others the user builds the object
 * after each allocation. Nothing is torn down in either case: a mutex that nobody holds needs no destroying on Linux.
 */
#include <pthread.h>

#include "bench.h"

struct list {
	struct list *next, *prev;
};

struct built {
	pthread_mutex_t lock;
	struct list members, waiting;
	unsigned char table[256];
};

static void list_init(struct list *list)
{
	list->next = list->prev = list;
}

static void build(void *object)
{
	struct built *b = object;

	pthread_mutex_init(&b->lock, NULL);
	list_init(&b->members);
	list_init(&b->waiting);
	for (unsigned int i = 0; i < sizeof(b->table); i++)
		b->table[i] = (unsigned char)(i * 167 + 13);
}

static inline struct built *get(bench_t type)
{
	struct built *b = bench_alloc(type);

#ifndef BENCH_KEEPS_BUILT
	build(b);
#endif
	/* A use that leaves the object as it was built. */
	*(struct list *volatile *)&b->members.next = &b->members;
	return b;
}

struct state {
	bench_t type;
	void **object;
	unsigned long count;
};

static void pair(void *arg, unsigned long pairs)
{
	bench_t type = ((struct state *)arg)->type;

	while (pairs--)
		bench_free(type, get(type));
}

static void batch(void *arg, unsigned long pairs)
{
	struct state *s = arg;
	bench_t type = s->type;

	for (; pairs; pairs -= s->count) {
		for (unsigned long i = 0; i < s->count; i++)
			s->object[i] = get(type);
		for (unsigned long i = s->count; i--;)
			bench_free(type, s->object[i]);
	}
}

/* count=1: pairs. More: batches of so many, freed in reverse. */
void work_built(void)
{
	struct state s = { .type = create(sizeof(struct built), build, opt.count), .count = opt.count };

	s.object = pages(s.count * sizeof(void *));
	if (opt.count == 1)
		time_pairs(pair, &s, 1000);
	else
		time_pairs(batch, &s, s.count);
}
