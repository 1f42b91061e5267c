// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * The moments in which the library reads its options (docs/guarantees.md, 1 and 2).
 *
 * The program's own getenv stands in front of the C library's, and something happens in the middle of a first call: a
 * signal, a fork, a call of another thread. At risk: who waits for a reader that is himself, or not there; options that
 * are lost, or come too late; text that the program has overwritten.
 */
#include <pthread.h>

#include "ktest.h"
#include "util.h"

extern char **environ;

static int reads, moment;
static void (*happen)(void);

char *getenv(const char *name)
{
	size_t len = strlen(name);

	if (strcmp(name, "KMEM_CMDLINE") == 0 && __atomic_add_fetch(&reads, 1, __ATOMIC_SEQ_CST) == moment)
		happen();
	for (char **entry = environ; *entry; entry++)
		if (strncmp(*entry, name, len) == 0 && (*entry)[len] == '=')
			return *entry + len + 1;
	return NULL;
}

static bool good = true;

/* Has something happen each time that the first kmalloc of a process reads; `after` is asked at the end. */
static void in_each_moment(struct kunit *test, void (*what)(void), bool (*after)(void))
{
	enum { NONE_LEFT = 3 };
	int wstatus = 0;

	for (moment = 1;; moment++) {
		pid_t pid;

		reads = 0;
		happen = what;
		pid = fork();
		if (pid == 0) {
			alarm(10);
			good &= kmem_kmalloc(64, GFP_KERNEL) != NULL;
			if (reads < moment)
				_exit(NONE_LEFT);
			_exit(good && after() ? 0 : 1);
		}
		KUNIT_ASSERT_TRUE(test, waitpid(pid, &wstatus, 0) == pid);
		if (WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == NONE_LEFT)
			break;
		if (wstatus != 0)
			ktest_fail(test, "reading %d: ended with %s %d", moment, WIFSIGNALED(wstatus) ? "signal" : "status",
				   WIFSIGNALED(wstatus) ? WTERMSIG(wstatus) : WEXITSTATUS(wstatus));
	}
	KUNIT_EXPECT_GT(test, moment, 1);
	KTEST_EXPECT_SILENT(test);
}

static void allocate(int signal)
{
	(void)signal;
	good &= kmem_kmalloc(64, GFP_ATOMIC) != NULL;
}

static void be_interrupted(void)
{
	raise(SIGUSR1);
}

static bool options_are_in_force(void)
{
	struct kmem_fault_attr attr;

	kmem_failslab_get(&attr);
	return attr.interval == 3 && attr.times == 7;
}

static void g2_a_handler_in_the_middle(struct kunit *test)
{
	signal(SIGUSR1, allocate);
	in_each_moment(test, be_interrupted, options_are_in_force);
}

static void *fork_and_allocate(void *unused)
{
	int wstatus = -1;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(5);
		_exit(kmem_kmalloc(64, GFP_KERNEL) && options_are_in_force() ? 0 : 1);
	}
	good &= waitpid(pid, &wstatus, 0) == pid && wstatus == 0;
	return unused;
}

static void in_another_thread(void *(*work)(void *))
{
	pthread_t thread;

	pthread_create(&thread, NULL, work, NULL);
	pthread_join(thread, NULL);
}

static void fork_elsewhere(void)
{
	in_another_thread(fork_and_allocate);
}

static void g1_a_fork_in_the_middle(struct kunit *test)
{
	in_each_moment(test, fork_elsewhere, options_are_in_force);
}

static void *say_something_else(void *unused)
{
	struct kmem_fault_attr attr;

	kmem_failslab_get(&attr);
	attr.interval = 9;
	kmem_failslab_set(&attr);
	return unused;
}

static void set_elsewhere(void)
{
	in_another_thread(say_something_else);
}

static bool what_was_set_stays(void)
{
	struct kmem_fault_attr attr;

	kmem_failslab_get(&attr);
	return attr.interval == 9 && attr.times == 7;
}

/* What the program says itself comes after what it was started with. */
static void another_thread_sets_failslab(struct kunit *test)
{
	in_each_moment(test, set_elsewhere, what_was_set_stays);
}

static char line[] = "KMEM_CMDLINE=slab_debug=FZPU,late";

static void overwrite_and_create(struct kunit *test)
{
	struct kmem_cache *late;
	char text[64];

	memset(line + strlen("KMEM_CMDLINE="), 'x', strlen("slab_debug=FZPU,late"));
	late = kmem_cache_create("late", 100, 0, SLAB_NO_MERGE, NULL);
	KUNIT_EXPECT_GT(test, kmem_cache_attr_show(late, "red_zone", text, sizeof(text)), 0);
	KUNIT_EXPECT_TRUE(test, strcmp(text, "1\n") == 0);
	KTEST_EXPECT_SILENT(test);
}

/* As daemons do that show a title in place of their arguments and environment. */
static void overwritten_after_the_first_cache(struct kunit *test)
{
	putenv(line);
	KUNIT_ASSERT_NOT_NULL(test, kmem_cache_create("early", 100, 0, SLAB_NO_MERGE, NULL));
	overwrite_and_create(test);
}

static void overwritten_before_the_first_cache(struct kunit *test)
{
	struct kmem_fault_attr attr;

	putenv(line);
	kmem_failslab_get(&attr);
	overwrite_and_create(test);
}

KTEST_MAIN(
	KTEST(g2_a_handler_in_the_middle, .cmdline = "failslab=3,0,0,7"),
	KTEST(g1_a_fork_in_the_middle, .cmdline = "failslab=3,0,0,7"),
	KTEST(another_thread_sets_failslab, .cmdline = "failslab=3,0,0,7"),
	KTEST(overwritten_after_the_first_cache),
	KTEST(overwritten_before_the_first_cache))
