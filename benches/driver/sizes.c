// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * sizes.c - allocation by size: sizes that vary, and sizes that the compiler knows
 *
 * Replacement in random slots, as in threads.c, so that lifetimes are random: sizes log-uniform from 8 to 8192 bytes in
 * one or more threads, or one constant size. Only for back ends with bench_malloc() and bench_mfree().
 */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

#ifdef BENCH_SIZES

enum { SLOTS = 10000, SIZES = 4096, THREADS_MOST = 64, STEP = 256 };

struct worker {
	_Alignas(128) _Atomic unsigned long done;
	pthread_t thread;
	unsigned int number;
	void **slot;
	struct rng rng;
};

static struct worker worker[THREADS_MOST];
static uint16_t sizes[SIZES];
static _Atomic bool stop;

static void draw_sizes(void)
{
	struct rng rng = { 88172645u };

	for (int i = 0; i < SIZES; i++)
		sizes[i] = (uint16_t)(8.0 * exp2(10.0 * below(&rng, 1u << 30) / (1u << 30)));
}

static void mixed(void *arg, unsigned long pairs)
{
	struct worker *w = arg;
	struct rng rng = w->rng;
	void **slot = w->slot;

	while (pairs--) {
		uint32_t i = below(&rng, SLOTS);

		bench_mfree(slot[i]);
		touch(slot[i] = bench_malloc(sizes[rng.x % SIZES]));
	}
	w->rng = rng;
}

static void fill(struct worker *w)
{
	w->slot = pages(SLOTS * sizeof(void *));
	w->rng.x = 2463534242u + w->number;
	for (int i = 0; i < SLOTS; i++)
		touch(w->slot[i] = bench_malloc(sizes[below(&w->rng, SIZES)]));
}

static void *replacer(void *arg)
{
	struct worker *w = arg;

	pin(w->number);
	bench_thread_start();
	fill(w);
	while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
		mixed(w, STEP);
		atomic_fetch_add_explicit(&w->done, STEP, memory_order_relaxed);
	}
	for (int i = 0; i < SLOTS; i++)
		bench_mfree(w->slot[i]);
	bench_thread_stop();
	return NULL;
}

void work_mixed(void)
{
	unsigned int n = opt.threads, used = n < cpus() ? n : cpus();
	_Atomic unsigned long *done[THREADS_MOST];

	if (n > THREADS_MOST)
		fail("too many threads");
	draw_sizes();
	for (unsigned int i = 0; i < n; i++)
		worker[i].number = i;
	if (n == 1) {
		fill(&worker[0]);
		time_pairs(mixed, &worker[0], STEP);
		return;
	}
	for (unsigned int i = 0; i < n; i++) {
		done[i] = &worker[i].done;
		if (pthread_create(&worker[i].thread, NULL, replacer, &worker[i]))
			fail("cannot create a thread");
	}
	time_threads(done, n, used);
	atomic_store(&stop, true);
	for (unsigned int i = 0; i < n; i++)
		pthread_join(worker[i].thread, NULL);
}

/* One function for each size, so that the size is a constant in it. */
#define CONSTANT(size)                                                  \
	static void hot_##size(void *arg, unsigned long pairs)          \
	{                                                               \
		(void)arg;                                              \
		while (pairs--) {                                       \
			void *object = bench_malloc(size);              \
                                                                        \
			touch(object);                                  \
			bench_mfree(object);                            \
		}                                                       \
	}                                                               \
	static void replace_##size(void *arg, unsigned long pairs)      \
	{                                                               \
		struct worker *w = arg;                                 \
		struct rng rng = w->rng;                                \
		void **slot = w->slot;                                  \
                                                                        \
		while (pairs--) {                                       \
			uint32_t i = below(&rng, SLOTS);                \
                                                                        \
			bench_mfree(slot[i]);                           \
			touch(slot[i] = bench_malloc(size));            \
		}                                                       \
		w->rng = rng;                                           \
	}

CONSTANT(16)
CONSTANT(64)
CONSTANT(256)
CONSTANT(1024)
CONSTANT(4096)

/* count=1: pairs. More: replacement in random slots. */
void work_constant(void)
{
	static const struct {
		size_t size;
		void (*hot)(void *arg, unsigned long pairs);
		void (*replace)(void *arg, unsigned long pairs);
	} known[] = {
		{ 16, hot_16, replace_16 },	    { 64, hot_64, replace_64 },	      { 256, hot_256, replace_256 },
		{ 1024, hot_1024, replace_1024 }, { 4096, hot_4096, replace_4096 },
	};

	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
		if (known[k].size != opt.size)
			continue;
		if (opt.count == 1) {
			time_pairs(known[k].hot, NULL, 1000);
			return;
		}
		for (int i = 0; i < SIZES; i++)
			sizes[i] = (uint16_t)opt.size;
		fill(&worker[0]);
		time_pairs(known[k].replace, &worker[0], STEP);
		return;
	}
	fail("no function for this size");
}

#else

static void cannot(void)
{
	fprintf(stderr, "does not allocate by size alone\n");
	_Exit(77);
}

void work_mixed(void)
{
	cannot();
}

void work_constant(void)
{
	cannot();
}

#endif
