/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * bench.h - what the driver asks of a back end, and what the workloads ask of the driver
 *
 * The driver is compiled once for each allocator, with BACKEND_H naming the back end's header. That header defines
 *
 *   bench_t                      handle of "objects of one size": a cache, a pool, or just the size
 *   bench_alloc(), bench_free()  static inline: the call that a user of this allocator writes, and nothing more
 *   BENCH_BULK                   with bench_alloc_bulk(), bench_free_bulk(), if the allocator moves batches
 *   BENCH_KEEPS_BUILT            if a freed object comes back as its constructor left it
 *   BENCH_CACHES                 if it has caches that are created and destroyed one by one
 *   BENCH_SIZES                  with bench_malloc(size), bench_mfree(object), if it allocates by size alone
 *   BENCH_FIXED_POOL             if memory is set aside at creation, so that resident bytes mean nothing
 *
 * and the back end's .c file defines the functions below. Hot loops see no function pointer: workload and back end
 * are one translation unit as far as alloc and free are concerned.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include BACKEND_H

typedef void (*bench_ctor_t)(void *);

/* Make the allocator ready. Return: NULL, or why it cannot run here. */
const char *bench_start(void);
const char *bench_version(void);
/* A function of the allocator proper: the driver names the file it comes from. */
void *bench_entry(void);
/* @most: how many objects the workload will hold at a time, over all threads. Return: false without memory. */
bool bench_create(bench_t *type, size_t size, bench_ctor_t ctor, size_t most);
void bench_destroy(bench_t type);
/* Give unused memory back, as a user of this allocator asks for it. */
void bench_reclaim(bench_t type);
/* A thread other than the first begins, or ends, its use of the allocator. */
void bench_thread_start(void);
void bench_thread_stop(void);

struct options {
	size_t size;		/* bytes per object */
	unsigned long count;	/* objects in a batch, slots, caches */
	unsigned int threads;
	const char *order;	/* lifo, fifo, shuffled */
	double ms;		/* how long one sample lasts */
	unsigned int samples;
	unsigned long fixed;	/* not timed: run so many pairs, for instruction counting */
};

extern struct options opt;

/* One workload each: prints "key value" lines. */
void work_hot(void);
void work_batch(void);
void work_replace(void);
void work_handover(void);
void work_built(void);
void work_bulk(void);
void work_memory(void);
void work_decay(void);
void work_idle(void);
void work_tail(void);
void work_caches(void);
void work_mixed(void);
void work_constant(void);

/* clock.c */
enum { SAMPLES_MOST = 64 };
double now_ns(void);
void sleep_ms(double ms);
double median(double *values, unsigned int n);
/*
 * Time work(state, pairs), @pairs a multiple of @unit, in opt.samples samples of about opt.ms each, after one that
 * is thrown away, and print "ns" (median of the samples) and "least". CPU time: for work in one thread that never
 * waits.
 */
void time_pairs(void (*work)(void *state, unsigned long pairs), void *state, unsigned long unit);
/*
 * Time what @n threads go on doing, each adding the pairs it has done to its counter: opt.samples windows of about
 * opt.ms each, after each thread has counted something. Prints elapsed time per pair, times @factor.
 */
void time_threads(_Atomic unsigned long *const *done, unsigned int n, double factor);
void report(const char *key, double value);

/* place.c */
unsigned int cpus(void);
/* Pin the calling thread to the nth CPU that the process may use, counted from the last, modulo their number. */
void pin(unsigned int nth);
/* Zeroed pages that no allocator under test knows of, touched already. */
void *pages(size_t bytes);
/* Bytes resident: private and shared memory, without file pages. */
double resident(void);
void fail(const char *what) __attribute__((noreturn));

/* An object type, or the end of the process. */
static inline bench_t create(size_t size, bench_ctor_t ctor, size_t most)
{
	bench_t type;

	if (!bench_create(&type, size, ctor, most))
		fail("cannot create");
	return type;
}

/* The least that a user does with an object: write its first word. */
static inline void touch(void *object)
{
	*(volatile uintptr_t *)object = (uintptr_t)object;
}

struct rng {
	uint32_t x;
};

static inline uint32_t below(struct rng *rng, uint32_t limit)
{
	rng->x ^= rng->x << 13;
	rng->x ^= rng->x >> 17;
	rng->x ^= rng->x << 5;
	return (uint32_t)((uint64_t)rng->x * limit >> 32);
}

static inline void relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* 0 .. n-1 in random order. */
uint32_t *shuffled(uint32_t n, uint32_t seed);

#endif
