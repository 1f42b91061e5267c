// SPDX-License-Identifier: MIT OR Apache-2.0
/* memory.c - resident bytes: per live object, after freeing a part, after freeing all, and ten seconds later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static void unless_pool(void)
{
#ifdef BENCH_FIXED_POOL
	fprintf(stderr, "memory is set aside at creation\n");
	_Exit(77);
#endif
}

/* Every page of every object is written, as the data of a program would. */
static void fill(bench_t type, void **object)
{
	for (unsigned long i = 0; i < opt.count; i++) {
		object[i] = bench_alloc(type);
		memset(object[i], (int)i, opt.size);
	}
}

void work_memory(void)
{
	void **object = pages(opt.count * sizeof(void *));
	uint32_t *order = shuffled((uint32_t)opt.count, 777);
	unsigned long kept = opt.count / 10, i;
	double empty;
	bench_t type;

	unless_pool();
	resident();
	empty = resident();
	type = create(opt.size, NULL, opt.count);
	fill(type, object);
	report("live", (resident() - empty) / (double)opt.count);
	for (i = kept; i < opt.count; i++)
		bench_free(type, object[order[i]]);
	report("part", resident() - empty);
	bench_reclaim(type);
	report("part_reclaimed", resident() - empty);
	for (i = 0; i < kept; i++)
		bench_free(type, object[order[i]]);
	report("all", resident() - empty);
	bench_reclaim(type);
	report("all_reclaimed", resident() - empty);
}

/* A burst, then a program that goes on with little: what is still resident after some seconds? */
void work_decay(void)
{
	void **object = pages(opt.count * sizeof(void *));
	double empty, start;
	bench_t type;

	unless_pool();
	resident();
	empty = resident();
	type = create(opt.size, NULL, opt.count);
	fill(type, object);
	for (unsigned long i = 0; i < opt.count; i++)
		bench_free(type, object[i]);
	report("at_once", resident() - empty);
	for (start = now_ns(); now_ns() - start < opt.ms * 1e6; sleep_ms(10)) {
		void *one = bench_alloc(type);

		touch(one);
		bench_free(type, one);
	}
	report("later", resident() - empty);
}
