// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * tail.c - how long the slowest single calls take
 *
 * order=replace: random replacement over count slots. order=ramp: count objects allocated, then freed in random
 * order, again and again: the calls that get memory from the system and give it back are among them. Each call is
 * timed by itself. The clock's own cost is in every figure. A long call during which the kernel took the CPU away for
 * another task is left out: that is the machine's doing. (A call that waits by itself is not left out.)
 *
 * The longest call of all is often an interrupt; what belongs to the allocator comes back in each cycle, so the median
 * over the cycles of the longest call in each is reported too. A cycle is 2 x CYCLE calls.
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "bench.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

/* One bucket per tick below FINE, then 16 to each power of two. */
enum { FINE = 4096, FINE_BITS = 12, BUCKETS = FINE + 16 * (64 - FINE_BITS) };
enum { CYCLE = 100000, CYCLES_MOST = 4096 };

static uint32_t *bucket;
static uint64_t calls, longest, longest_here, disturbed, suspicious;
static double *cycle;
static unsigned int cycles;

/* Was the thread preempted since the last time that this was asked? */
static __attribute__((noinline)) bool preempted(void)
{
	static long before;
	struct rusage r;
	bool was;

	getrusage(RUSAGE_THREAD, &r);
	was = r.ru_nivcsw != before;
	before = r.ru_nivcsw;
	return was;
}

static inline uint64_t ticks(void)
{
#if defined(__x86_64__)
	unsigned int cpu;
	uint64_t t = __rdtscp(&cpu);

	_mm_lfence();
	return t;
#else
	return (uint64_t)now_ns();
#endif
}

static double ns_per_tick(void)
{
	double start = now_ns();
	uint64_t from = ticks();

	sleep_ms(20);
	return (now_ns() - start) / (double)(ticks() - from);
}

static inline void note(uint64_t took)
{
	unsigned int top;

	if (took >= suspicious && preempted()) {
		disturbed++;
		return;
	}
	calls++;
	if (took > longest_here)
		longest_here = took;
	if (took < FINE) {
		bucket[took]++;
		return;
	}
	top = 63 - (unsigned int)__builtin_clzll(took);
	bucket[FINE + 16 * (top - FINE_BITS) + ((took >> (top - 4)) & 15)]++;
}

/* The upper end of the bucket that holds the call at @part of all calls. */
static double quantile(double part)
{
	uint64_t rank = (uint64_t)((double)calls * part), sum = 0;

	for (unsigned int i = 0; i < BUCKETS; i++) {
		sum += bucket[i];
		if (sum > rank) {
			unsigned int top = (i - FINE) / 16 + FINE_BITS;

			return i < FINE ? i : (double)((17 + (i - FINE) % 16) * ((uint64_t)1 << (top - 4)));
		}
	}
	return (double)longest;
}

static void end_cycle(void)
{
	if (longest_here > longest)
		longest = longest_here;
	if (cycles < CYCLES_MOST)
		cycle[cycles++] = (double)longest_here;
	longest_here = 0;
}

static inline void *timed_alloc(bench_t type)
{
	uint64_t t = ticks();
	void *object = bench_alloc(type);

	note(ticks() - t);
	touch(object);
	return object;
}

static inline void timed_free(bench_t type, void *object)
{
	uint64_t t = ticks();

	bench_free(type, object);
	note(ticks() - t);
}

static void replace(bench_t type, void **object, double until)
{
	struct rng rng = { 2463534242u };

	do {
		for (int n = 0; n < CYCLE; n++) {
			uint32_t i = below(&rng, (uint32_t)opt.count);

			timed_free(type, object[i]);
			object[i] = timed_alloc(type);
		}
		end_cycle();
	} while (now_ns() < until);
}

static void ramp(bench_t type, void **object, const uint32_t *order, double until)
{
	do {
		for (unsigned long i = 0; i < opt.count; i++)
			timed_free(type, object[order[i]]);
		for (unsigned long i = 0; i < opt.count; i++)
			object[i] = timed_alloc(type);
		end_cycle();
	} while (now_ns() < until);
}

void work_tail(void)
{
	void **object = pages(opt.count * sizeof(void *));
	uint32_t *order = shuffled((uint32_t)opt.count, 999);
	bench_t type = create(opt.size, NULL, opt.count);
	double scale = ns_per_tick(), until = now_ns() + opt.ms * 1e6;

	bucket = pages(BUCKETS * sizeof(*bucket));
	cycle = pages(CYCLES_MOST * sizeof(*cycle));
	suspicious = (uint64_t)(20e3 / scale); /* 20 us */
	preempted();
	if (!strcmp(opt.order, "ramp")) {
		for (unsigned long i = 0; i < opt.count; i++)
			object[i] = timed_alloc(type);
		ramp(type, object, order, until);
	} else {
		for (unsigned long i = 0; i < opt.count; i++)
			touch(object[i] = bench_alloc(type));
		replace(type, object, until);
	}
	report("p50", quantile(0.5) * scale);
	report("p99", quantile(0.99) * scale);
	report("p999", quantile(0.999) * scale);
	report("p9999", quantile(0.9999) * scale);
	report("cycle_max", median(cycle, cycles) * scale);
	report("max", (double)longest * scale);
	report("disturbed", (double)disturbed);
}
