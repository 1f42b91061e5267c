// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Forks of signal handlers that interrupted a fork when it had everything locked (docs/guarantees.md, 1).
 *
 * At risk: locks that the inner fork lets go under the outer one.
 */
#include <pthread.h>

#include "ktest.h"
#include "util.h"

static int forked;

/* What POSIX allows in such a child. */
static void fork_in_a_handler(int signal)
{
	pid_t pid = fork();

	(void)signal;
	if (pid == 0)
		_exit(0);
	forked += waitpid(pid, NULL, 0) == pid;
}

static void expect_child(struct kunit *test, pid_t pid)
{
	int wstatus = -1;

	KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
}

static bool works(void)
{
	struct kmem_cache *cache = kmem_cache_create("works", 64, 0, SLAB_NO_MERGE, NULL);

	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_cache_destroy(cache);
	return cache && slabinfo_rows() == 0;
}

static int inside, open_locks, early;

static int look(struct kmem_cache *cache, void *data)
{
	(void)cache, (void)data;
	return 0;
}

/* A handler for forks that was registered before the library's runs with everything locked. */
static void interrupt(void)
{
	if (!inside)
		return;
	/* Not again for the fork within. */
	inside = 0;
	raise(SIGUSR1);
	open_locks += kmem_cache_for_each(look, NULL) != -EBUSY;
	inside = 1;
}

static void register_early(void)
{
	early = pthread_atfork(interrupt, interrupt, interrupt) == 0;
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(void) = register_early;

static void g1_with_everything_locked(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("there", 64, 0, SLAB_NO_MERGE, NULL);
	pid_t pid;

	if (!early)
		kunit_skip(test, "no functions before those of shared libraries");
	signal(SIGUSR1, fork_in_a_handler);
	inside = 1;
	pid = fork();
	inside = 0;
	if (pid == 0) {
		kmem_cache_destroy(cache);
		_exit(open_locks == 0 && forked == 2 && works() ? 0 : 1);
	}
	expect_child(test, pid);
	KUNIT_EXPECT_EQ(test, forked, 2);
	KUNIT_EXPECT_EQ(test, open_locks, 0);
	kmem_cache_destroy(cache);
	/* And the next one is a fork as any other. */
	pid = fork();
	if (pid == 0)
		_exit(works() ? 0 : 1);
	expect_child(test, pid);
	KUNIT_EXPECT_TRUE(test, works());
}

KTEST_MAIN(KTEST(g1_with_everything_locked, .seconds = 20))
