// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Locks of threads that somebody has for long: in a report that a drain found, and over forks (docs/guarantees.md, 1).
 *
 * At risk: a log handler that waits for a lock of its own thread, a child in which nobody lets go of one.
 */
#include <pthread.h>
#include <time.h>

#include "ktest.h"
#include "slow_report.h"
#include "util.h"

/* Who waits for a thread's lock goes to sleep thousands of times before he gives up. */
enum { FEW = 200 };

static struct kmem_cache *wrong, *other;
static char local[64];
static bool parked, leave;

static void make_caches(void)
{
	wrong = kmem_cache_create("wrong", 64, 0, SLAB_NO_MERGE, NULL);
	other = kmem_cache_create("other", 64, 0, SLAB_NO_MERGE, NULL);
}

/* Arrays for both caches. One has a mistake in it, which the next drain finds. */
static void park_a_mistake(void)
{
	kmem_cache_free(wrong, kmem_cache_alloc(wrong, GFP_KERNEL));
	kmem_cache_free(wrong, local);
	kmem_cache_free(other, kmem_cache_alloc(other, GFP_KERNEL));
}

static void *park_in_a_thread(void *unused)
{
	park_a_mistake();
	__atomic_store_n(&parked, true, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&leave, __ATOMIC_ACQUIRE))
		usleep(1000);
	return unused;
}

static pthread_t begin_thread(struct kunit *test)
{
	pthread_t thread;

	KUNIT_ASSERT_TRUE(test, pthread_create(&thread, NULL, park_in_a_thread, NULL) == 0);
	while (!__atomic_load_n(&parked, __ATOMIC_ACQUIRE))
		usleep(1000);
	return thread;
}

static void end_thread(pthread_t thread)
{
	__atomic_store_n(&leave, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
}

static int told;

static void look_around(void *data, int level, const char *text, size_t len)
{
	struct kmem_cache_usage one = { .size = sizeof(one) };
	struct kmem_usage all = { .size = sizeof(all) };
	struct kunit *test = data;
	long before;

	(void)level, (void)text, (void)len;
	if (told++)
		return;
	before = sleeps();
	KUNIT_EXPECT_EQ(test, kmem_cache_usage(wrong, &one), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_usage(other, &one), 0);
	KUNIT_EXPECT_EQ(test, kmem_usage(&all), 0);
	kmem_cache_shrink(wrong);
	kmem_cache_shrink(other);
	KUNIT_EXPECT_EQ(test, kmem_fail_nth(1), 0);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(wrong, GFP_NOWAIT | __GFP_NOWARN));
	KUNIT_EXPECT_EQ(test, kmem_fail_nth(0), 0);
	KUNIT_EXPECT_LT(test, sleeps() - before, FEW);
}

/* The array that the report is about is the thread's own. */
static void log_handler_does_not_wait_for_itself(struct kunit *test)
{
	make_caches();
	kmem_set_log_handler(look_around, test);
	park_a_mistake();
	kmem_cache_shrink(wrong);
	KUNIT_EXPECT_GT(test, told, 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(other), 0);
}

/* The array is another thread's, whose lock the thread in the log handler has. */
static void log_handler_has_another_threads_lock(struct kunit *test)
{
	pthread_t thread;

	make_caches();
	kmem_set_log_handler(look_around, test);
	thread = begin_thread(test);
	kmem_cache_shrink(wrong);
	KUNIT_EXPECT_GT(test, told, 1);
	end_thread(thread);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(other), 0);
}

static long fork_slept;
static pid_t forked = -1;

static void fork_and_go_on(void *unused, int level, const char *text, size_t len)
{
	long before = sleeps();

	(void)unused, (void)level, (void)text, (void)len;
	if (told++)
		return;
	forked = fork();
	fork_slept = sleeps() - before;
	if (forked == 0)
		alarm(20);
}

/* Parent and child come out of the report in which the process was forked, and everything works there. */
static void go_on_after_the_report(struct kunit *test, int leftovers)
{
	long before = sleeps();
	int wstatus = -1;

	KUNIT_EXPECT_GT(test, told, 1);
	kmem_set_log_handler(NULL, NULL);
	if (forked == 0) {
		unsigned long errors = kmem_errors();

		kmem_cache_shrink(wrong);
		if (kmem_cache_shrink(other) != 0)
			_exit(1);
		park_a_mistake();
		kmem_cache_shrink(wrong);
		kmem_cache_destroy(other);
		kmem_cache_destroy(wrong);
		if (kmem_errors() != errors + 1 || slabinfo_rows() != 0)
			_exit(2);
		_exit(sleeps() - before < FEW && fork_slept < FEW ? 0 : 3);
	}
	KUNIT_ASSERT_TRUE(test, forked > 0);
	KUNIT_EXPECT_EQ(test, waitpid(forked, &wstatus, 0), forked);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	KUNIT_EXPECT_LT(test, fork_slept, FEW);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(other), leftovers);
}

static void g1_fork_with_the_own_lock(struct kunit *test)
{
	make_caches();
	kmem_set_log_handler(fork_and_go_on, NULL);
	park_a_mistake();
	kmem_cache_shrink(wrong);
	go_on_after_the_report(test, 0);
}

static void g1_fork_with_another_threads_lock(struct kunit *test)
{
	pthread_t thread;

	make_caches();
	kmem_set_log_handler(fork_and_go_on, NULL);
	thread = begin_thread(test);
	kmem_cache_shrink(wrong);
	go_on_after_the_report(test, 0);
	end_thread(thread);
}

static void *end_the_report(void *unused)
{
	usleep(200000);
	__atomic_store_n(&report_may_end, true, __ATOMIC_RELEASE);
	return unused;
}

/*
 * A child has the arrays of a thread that is not there. One of its threads is in a report about them when another
 * forks: what the second child does.
 */
static void fork_twice(struct kunit *test, bool report_ends, int (*in_second_child)(void))
{
	pthread_t thread;
	int wstatus = -1;
	pid_t pid;

	make_caches();
	thread = begin_thread(test);
	pid = fork();
	if (pid == 0) {
		pthread_t reporter, timer;
		pid_t second;

		alarm(20);
		reporter = report_begin(test, shrink_and_report, wrong);
		if (report_ends)
			pthread_create(&timer, NULL, end_the_report, NULL);
		second = fork();
		if (second == 0) {
			long before = sleeps();
			int status;

			alarm(20);
			kmem_set_log_handler(NULL, NULL);
			status = in_second_child();
			_exit(status ?: sleeps() - before < FEW ? 0 : 9);
		}
		if (waitpid(second, &wstatus, 0) != second || wstatus != 0)
			_exit(WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) : 10);
		report_end(reporter);
		/* It has let go of what it had. */
		_exit(kmem_cache_shrink(other) == 0 ? 0 : 11);
	}
	KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	end_thread(thread);
}

static int all_is_there(void)
{
	unsigned long errors = kmem_errors();

	if (kmem_cache_shrink(wrong) || kmem_cache_shrink(other))
		return 1;
	kmem_cache_destroy(wrong);
	kmem_cache_destroy(other);
	return kmem_errors() == errors && slabinfo_rows() == 0 ? 0 : 2;
}

/* The fork waits for the report, and nothing is lost. */
static void g1_fork_beside_a_vanished_threads_lock(struct kunit *test)
{
	fork_twice(test, true, all_is_there);
}

static int all_works(void)
{
	struct kmem_cache_usage usage = { .size = sizeof(usage) };

	for (int i = 0; i < 3; i++) {
		kmem_cache_shrink(wrong);
		kmem_cache_shrink(other);
		if (kmem_cache_usage(other, &usage) != 0)
			return 1;
		park_a_mistake();
	}
	kmem_reclaim();
	return 0;
}

/* A report that does not end: what it is about is lost, and nobody waits for it. */
static void g1_a_report_about_a_vanished_thread(struct kunit *test)
{
	fork_twice(test, false, all_works);
}

static void *free_many_and_report(void *unused)
{
	enum { MANY = 400, SIZE = 128 << 10 };
	static void *objects[MANY];
	struct kmem_cache *huge = kmem_cache_create("huge", SIZE, 0, SLAB_NO_MERGE, NULL);

	for (int i = 0; i < MANY; i++)
		objects[i] = kmem_cache_alloc(huge, GFP_KERNEL);
	/* No more arrays are kept soon, and what comes next goes to the slabs while the thread's own is marked. */
	for (int i = 0; i < MANY; i++) {
		kmem_cache_free(huge, objects[i]);
		if (i == MANY - 20)
			kmem_cache_free(huge, local);
	}
	return unused;
}

static long own_sleeps(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw;
}

/* Arrays that nobody has touched for a while are taken from their threads, but from one that is in a report. */
static void decay_does_not_wait_for_a_report(struct kunit *test)
{
	struct timespec pause = { 0, 50000000 };
	void *object[1];
	pthread_t reporter;
	long before;

	make_caches();
	reporter = report_begin(test, free_many_and_report, NULL);
	before = own_sleeps();
	for (time_t end = time(NULL) + 5; time(NULL) < end;) {
		nanosleep(&pause, NULL);
		if (kmem_cache_alloc_bulk(other, GFP_KERNEL, 1, object))
			kmem_cache_free_bulk(other, 1, object);
	}
	KUNIT_EXPECT_LT(test, own_sleeps() - before, 5000 / 50 + FEW);
	report_end(reporter);
}

KTEST_MAIN(
	KTEST(log_handler_does_not_wait_for_itself), KTEST(log_handler_has_another_threads_lock),
	KTEST(g1_fork_with_the_own_lock), KTEST(g1_fork_with_another_threads_lock),
	KTEST(decay_does_not_wait_for_a_report, .cmdline = "kmem.arena=256M"), KTEST(g1_fork_beside_a_vanished_threads_lock), KTEST(g1_a_report_about_a_vanished_thread))
