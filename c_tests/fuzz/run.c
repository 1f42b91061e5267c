// SPDX-License-Identifier: MIT OR Apache-2.0
/* Runs a program, operation by operation, on three threads that take turns, and looks at what is left at the end. */
#include <pthread.h>
#include <semaphore.h>

#include "fuzz.h"

unsigned int op_at, current_thread;

static const struct {
	const char *name;
	void (*run)(struct operands);
} operations[] = {
#define ENTRY(name) { #name, name },
	OPERATIONS(ENTRY)
#undef ENTRY
};
const unsigned int n_operations = sizeof(operations) / sizeof(operations[0]);

/* Threads 1 and 2; 0 is the one that runs the program. */
static struct worker {
	pthread_t thread;
	sem_t go, done;
	void (*what)(void *);
	void *argument;
	bool runs;
} workers[3];

/* A signal of the fuzzing engine is no reason to go on. */
static void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0)
		;
}

static void *work(void *argument)
{
	struct worker *w = argument;

	for (;;) {
		wait_for(&w->go);
		if (!w->what)
			return NULL;
		w->what(w->argument);
		sem_post(&w->done);
	}
}

static void on_thread(unsigned int which, void (*what)(void *), void *argument)
{
	struct worker *w = &workers[which];
	unsigned int caller = current_thread;

	current_thread = which;
	if (which == 0) {
		what(argument);
	} else {
		if (!w->runs) {
			sem_init(&w->go, 0, 0);
			sem_init(&w->done, 0, 0);
			if (pthread_create(&w->thread, NULL, work, w) != 0)
				abort();
			w->runs = true;
		}
		w->what = what;
		w->argument = argument;
		sem_post(&w->go);
		wait_for(&w->done);
	}
	current_thread = caller;
}

void elsewhere(void (*what)(void *), void *argument)
{
	on_thread(current_thread == 1 ? 2 : 1, what, argument);
}

/* From thread 0. */
void everywhere(void (*what)(void *), void *argument)
{
	for (unsigned int i = 0; i < 3; i++)
		on_thread(i, what, argument);
}

/* Ends a thread, with what its arrays hold; the next operation on it gets a new one. */
void restart_worker(unsigned int which)
{
	struct worker *w = &workers[which];

	if (!w->runs || which == current_thread)
		return;
	w->what = NULL;
	sem_post(&w->go);
	pthread_join(w->thread, NULL);
	w->runs = false;
}

static void run_one(void *argument)
{
	const uint8_t *op = argument;

	operations[op[0] % 64 % n_operations].run((struct operands){ op[1], op[2], op[3] });
}

static void check_errors(void)
{
	if (kmem_errors() != expected)
		fail("%lu reports, not %lu", kmem_errors(), expected);
}

/* Everything is given back; nothing may be left. */
static void finish(void)
{
	model_check_all();
	check_usage();
	state_end();
	while (n_live)
		release(live[n_live - 1]);
	check_errors();
	check_usage();
	for (struct cache *c = caches; c < caches + MAX_CACHES; c++)
		while (c->handle)
			destroy_cache(c);
	kmem_reclaim();
	check_usage();
	if (kmem_validate() < 0)
		fail("kmem_validate");
	check_errors();
}

void run_program(const uint8_t *data, size_t size)
{
	unsigned int n = size / OP_BYTES > MAX_OPS ? MAX_OPS : (unsigned int)(size / OP_BYTES);

	model_begin();
	for (op_at = 0; op_at < n; op_at++) {
		const uint8_t *op = data + op_at * OP_BYTES;

		on_thread((op[0] >> 6) % 3, run_one, (void *)op);
		check_errors();
		if (n_live)
			model_check(live[op[3] % n_live]);
	}
	finish();
}

const char *operation_name(const uint8_t *op)
{
	return operations[op[0] % 64 % n_operations].name;
}
