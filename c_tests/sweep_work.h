/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Pieces of work that together call every exported function, for sweep.c and cancel_sweep.c. Each undoes what it does.
 * Functions that the library calls are places where a thread could be cancelled.
 */
#ifndef SWEEP_WORK_H
#define SWEEP_WORK_H

#include <kmem/print.h>
#include <kmem/shrinker.h>

#include "refuse.h"
#include "util.h"

enum { MOST_NAMES = 256 };
static const char *names[MOST_NAMES];
static bool well;

static const char *last_name;

static void note(const char *name)
{
	last_name = name;
	for (int i = 0; i < MOST_NAMES; i++) {
		if (names[i] == name)
			return;
		if (!names[i]) {
			names[i] = name;
			return;
		}
	}
	abort();
}

/* The function, whose name is noted. */
#define DO(function) (note(#function), function)

/* Whether a call succeeded. */
static bool got(bool success)
{
	well &= success;
	return success;
}

/* What the work does itself, and a thread might be cancelled in. */
#define NOT_CANCELLED(statement)                                                 \
	do {                                                                     \
		int cancel_state;                                                \
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);   \
		statement;                                                       \
		pthread_setcancelstate(cancel_state, NULL);                      \
	} while (0)

/* What must be so whatever fails. */
#define MUST(x)                                                                        \
	do {                                                                           \
		if (!(x)) {                                                            \
			dprintf(ktest_diag_fd, "%s:%d: not so: %s\n", __FILE__, __LINE__, #x); \
			_exit(60);                                                     \
		}                                                                      \
	} while (0)

static void build(void *object)
{
	*(int *)object = 42;
	pthread_testcancel();
}

static bool is_filled(const void *object, int byte, size_t len)
{
	const unsigned char *bytes = object;

	return bytes[0] == (unsigned char)byte && !memcmp(bytes, bytes + 1, len - 1);
}

/* A child process in which the library is as it was at the start; like fork(). */
static pid_t fresh_process(void)
{
	pid_t pid;

	ktest_hush();
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		alarm(60);
	return pid;
}

#include "sweep_caches.h"
#include "sweep_memory.h"

static const struct work {
	const char *name;
	void (*run)(void);
	bool own_faults; /* sets failslab's attributes itself */
	bool keeps;	 /* keeps what it has made once */
} works[] = {
	{ .name = "caches", .run = caches },
	{ .name = "objects", .run = objects },
	{ .name = "threads", .run = threads },
	{ .name = "figures", .run = figures },
	{ .name = "faults", .run = faults, .own_faults = true },
	{ .name = "shrinkers", .run = shrinkers },
	{ .name = "readers", .run = readers },
	{ .name = "messages", .run = messages },
	{ .name = "sizes", .run = sizes },
	{ .name = "pages", .run = pages },
	{ .name = "buckets", .run = buckets, .keeps = true },
	{ .name = "copies", .run = copies },
	{ .name = "pools", .run = pools },
};

#endif /* SWEEP_WORK_H */
