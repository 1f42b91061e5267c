// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * idle.c - many threads that each allocate and free some objects and then sleep: what they keep
 *
 * Stacks are the driver's own and touched beforehand, so that only the allocator can make a difference between the
 * threads' first sleep, in which they have allocated nothing yet, and the second.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench.h"

enum { STACK = 256 << 10, OBJECTS = 1000, TOUCHED = 32 << 10 };

static pthread_barrier_t ready, go, done, leave;
static bench_t type;

static __attribute__((noinline)) void touch_stack(void)
{
	char deep[TOUCHED];

	memset(deep, 1, sizeof(deep));
	__asm__ volatile("" : : "r"(deep) : "memory");
}

static __attribute__((noinline)) void use(void)
{
	void *object[OBJECTS];

	for (int i = 0; i < OBJECTS; i++)
		touch(object[i] = bench_alloc(type));
	for (int i = 0; i < OBJECTS; i++)
		bench_free(type, object[i]);
}

static void *sleeper(void *arg)
{
	touch_stack();
	pthread_barrier_wait(&ready);
	pthread_barrier_wait(&go);
	bench_thread_start();
	use();
	pthread_barrier_wait(&done);
	pthread_barrier_wait(&leave);
	bench_thread_stop();
	return arg;
}

void work_idle(void)
{
	unsigned int n = opt.threads;
	pthread_t *thread = pages(n * sizeof(*thread));
	char *stacks;
	double before, empty;
	pthread_attr_t attr;

#ifdef BENCH_FIXED_POOL
	fprintf(stderr, "memory is set aside at creation\n");
	_Exit(77);
#endif
	type = create(opt.size, NULL, (size_t)n * OBJECTS);
	pthread_barrier_init(&ready, NULL, n + 1);
	pthread_barrier_init(&go, NULL, n + 1);
	pthread_barrier_init(&done, NULL, n + 1);
	pthread_barrier_init(&leave, NULL, n + 1);
	pthread_attr_init(&attr);
	resident();
	before = resident();
	stacks = mmap(NULL, (size_t)n * STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stacks == MAP_FAILED)
		fail("no memory for stacks");
	for (unsigned int i = 0; i < n; i++) {
		pthread_attr_setstack(&attr, stacks + (size_t)i * STACK, STACK);
		if (pthread_create(&thread[i], &attr, sleeper, NULL))
			fail("cannot create a thread");
	}
	pthread_barrier_wait(&ready);
	sleep_ms(20);
	empty = resident();
	pthread_barrier_wait(&go);
	pthread_barrier_wait(&done);
	sleep_ms(20);
	report("per_thread", (resident() - empty) / n);
	bench_reclaim(type);
	report("reclaimed", resident() - empty);
	pthread_barrier_wait(&leave);
	for (unsigned int i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	munmap(stacks, (size_t)n * STACK);
	report("exited", resident() - before);
	bench_reclaim(type);
	report("exited_reclaimed", resident() - before);
}
