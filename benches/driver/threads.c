// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * threads.c - random replacement in one or more threads, and hand-over from a producer to a consumer
 *
 * With several threads each counts its pairs, and the first thread reads all counters at the ends of a window of
 * time: no thread waits for the slowest. The result is CPU time per pair: window x min(threads, CPUs) / pairs.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

#include "bench.h"

enum { SLOTS = 10000, THREADS_MOST = 256, RING = 1024, STEP = 256 };

struct worker {
	_Alignas(128) _Atomic unsigned long done;
	pthread_t thread;
	bench_t type;
	unsigned int number;
	void **slot;
	struct rng rng;
};

static struct worker worker[THREADS_MOST];
static _Atomic bool stop;

static void replace(void *arg, unsigned long pairs)
{
	struct worker *w = arg;
	struct rng rng = w->rng;
	bench_t type = w->type;
	void **slot = w->slot;

	while (pairs--) {
		uint32_t i = below(&rng, SLOTS);

		bench_free(type, slot[i]);
		touch(slot[i] = bench_alloc(type));
	}
	w->rng = rng;
}

static void fill(struct worker *w)
{
	w->slot = pages(SLOTS * sizeof(void *));
	w->rng.x = 2463534242u + w->number;
	for (int i = 0; i < SLOTS; i++)
		touch(w->slot[i] = bench_alloc(w->type));
}

static void *replacer(void *arg)
{
	struct worker *w = arg;

	pin(w->number);
	bench_thread_start();
	fill(w);
	while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
		replace(w, STEP);
		atomic_fetch_add_explicit(&w->done, STEP, memory_order_relaxed);
	}
	for (int i = 0; i < SLOTS; i++)
		bench_free(w->type, w->slot[i]);
	bench_thread_stop();
	return NULL;
}

static void watch(unsigned int n, double factor)
{
	_Atomic unsigned long *done[THREADS_MOST];

	for (unsigned int i = 0; i < n; i++)
		done[i] = &worker[i].done;
	time_threads(done, n, factor);
}

static void start(struct worker *w, void *(*body)(void *))
{
	if (pthread_create(&w->thread, NULL, body, w))
		fail("cannot create a thread");
}

void work_replace(void)
{
	unsigned int n = opt.threads, used = n < cpus() ? n : cpus();
	bench_t type = create(opt.size, NULL, (size_t)n * SLOTS);

	if (n > THREADS_MOST)
		fail("too many threads");
	for (unsigned int i = 0; i < n; i++) {
		worker[i].type = type;
		worker[i].number = i;
	}
	/* One thread is the first thread, in a process that never had another: some allocators go faster then. */
	if (n == 1) {
		fill(&worker[0]);
		time_pairs(replace, &worker[0], STEP);
		return;
	}
	for (unsigned int i = 0; i < n; i++)
		start(&worker[i], replacer);
	watch(n, used);
	atomic_store(&stop, true);
	for (unsigned int i = 0; i < n; i++)
		pthread_join(worker[i].thread, NULL);
}

/* --- hand-over --------------------------------------------------------------------------------------------------- */

/* One writer and one reader; each keeps what it last saw of the other's position beside its own. */
static struct {
	_Alignas(128) _Atomic unsigned long put;
	unsigned long taken_seen;
	_Alignas(128) _Atomic unsigned long taken;
	unsigned long put_seen;
	_Alignas(128) void *slot[RING];
} ring;

static void wait_turn(unsigned int *spins)
{
	relax();
	if (++*spins % 1024 == 0)
		sched_yield();
}

static bool send(void *object)
{
	unsigned long put = atomic_load_explicit(&ring.put, memory_order_relaxed);
	unsigned int spins = 0;

	while (put - ring.taken_seen == RING) {
		ring.taken_seen = atomic_load_explicit(&ring.taken, memory_order_acquire);
		if (put - ring.taken_seen < RING)
			break;
		if (atomic_load_explicit(&stop, memory_order_relaxed))
			return false;
		wait_turn(&spins);
	}
	ring.slot[put % RING] = object;
	atomic_store_explicit(&ring.put, put + 1, memory_order_release);
	return true;
}

static void *receive(void)
{
	unsigned long taken = atomic_load_explicit(&ring.taken, memory_order_relaxed);
	unsigned int spins = 0;
	void *object;

	while (ring.put_seen == taken) {
		ring.put_seen = atomic_load_explicit(&ring.put, memory_order_acquire);
		if (ring.put_seen != taken)
			break;
		if (atomic_load_explicit(&stop, memory_order_relaxed))
			return NULL;
		wait_turn(&spins);
	}
	object = ring.slot[taken % RING];
	atomic_store_explicit(&ring.taken, taken + 1, memory_order_release);
	return object;
}

static void *producer(void *arg)
{
	struct worker *w = arg;
	void *object;

	pin(0);
	bench_thread_start();
	do
		touch(object = bench_alloc(w->type));
	while (send(object));
	bench_free(w->type, object);
	bench_thread_stop();
	return NULL;
}

static void *consumer(void *arg)
{
	struct worker *w = arg;
	unsigned int n = 0;
	void *object;

	pin(1);
	bench_thread_start();
	while ((object = receive())) {
		if (*(volatile uintptr_t *)object != (uintptr_t)object)
			fail("an object changed on its way");
		bench_free(w->type, object);
		if (++n % STEP == 0)
			atomic_fetch_add_explicit(&w->done, STEP, memory_order_relaxed);
	}
	bench_thread_stop();
	return NULL;
}

/* Wall time per object that was allocated by one thread and freed by the other. */
void work_handover(void)
{
	bench_t type = create(opt.size, NULL, 2 * RING);

	if (cpus() < 2) {
		fprintf(stderr, "needs two CPUs\n");
		_Exit(77);
	}
	worker[0].type = worker[1].type = type;
	start(&worker[1], producer);
	start(&worker[0], consumer);
	watch(1, 1);
	atomic_store(&stop, true);
	pthread_join(worker[0].thread, NULL);
	pthread_join(worker[1].thread, NULL);
}
