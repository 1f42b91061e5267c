// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Forks of a process whose other threads are busy (docs/guarantees.md, 1).
 *
 * At risk: a child that waits for a lock whose holder is not there, a list that was being changed, an object that is free
 * in two places. KMEM_STRESS=<forks> (default 300) for the largest.
 */
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "ktest.h"
#include "slow_report.h"
#include "util.h"

enum { CACHES = 20, THREADS = 6 };

static struct kmem_cache *caches[CACHES];
static int stop;
static long rounds[THREADS];

static void build(void *object)
{
	*(uint64_t *)object = 42;
}

static void make_caches(void)
{
	for (int c = 0; c < CACHES; c++) {
		char name[32];

		snprintf(name, sizeof(name), "fork_%d", c);
		caches[c] = kmem_cache_create(name, 40 + 50 * (unsigned int)c, 0,
					      (c % 5 == 4 ? SLAB_RED_ZONE | SLAB_POISON : 0) | SLAB_NO_MERGE,
					      c % 5 == 3 ? build : NULL);
	}
}

/* Stamps of its own over each object, and what they were before it is freed. */
static bool use(int from, int to, uint64_t stamp)
{
	static __thread uint64_t *objects[CACHES][70];
	bool good = true;

	for (int c = from; c < to; c++) {
		size_t words = (40 + 50 * (size_t)c) / 8;

		for (size_t i = 0; i < ARRAY_LEN(objects[c]); i++) {
			objects[c][i] = kmem_cache_alloc(caches[c], GFP_KERNEL);
			if (!objects[c][i])
				return false;
			good &= c % 5 != 3 || objects[c][i][0] == 42;
			for (size_t w = c % 5 == 3; w < words; w++)
				objects[c][i][w] = stamp + i + w;
		}
	}
	for (int c = from; c < to; c++) {
		size_t words = (40 + 50 * (size_t)c) / 8;

		for (size_t i = 0; i < ARRAY_LEN(objects[c]); i++) {
			for (size_t w = c % 5 == 3; w < words; w++)
				good &= objects[c][i][w] == stamp + i + w;
			kmem_cache_free(caches[c], objects[c][i]);
		}
	}
	return good;
}

static void *be_busy(void *number)
{
	long *done = number;

	for (long n = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); n++) {
		if (!use((int)(n % CACHES), CACHES, (uint64_t)(uintptr_t)number << 32))
			abort();
		if (n % 4 == 0)
			kmem_cache_shrink(caches[n / 4 % CACHES]);
		if (n % 8 == 0) {
			struct kmem_cache *own = kmem_cache_create("own", 24 + n % 512, 0, SLAB_NO_MERGE, NULL);

			kmem_cache_free(own, kmem_cache_alloc(own, GFP_KERNEL));
			kmem_cache_destroy(own);
		}
		__atomic_add_fetch(done, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void *shrink_first(void *unused)
{
	kmem_cache_shrink(caches[0]);
	kmem_cache_free(caches[1], kmem_cache_alloc(caches[1], GFP_KERNEL));
	return unused;
}

/* Threads that come and go. */
static void *come_and_go(void *unused)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		pthread_t thread;

		pthread_create(&thread, NULL, shrink_first, NULL);
		pthread_join(thread, NULL);
		if (!use(0, 3, 7))
			abort();
	}
	return unused;
}

/* What a child does, and its child, and so on. Exits with 0 if all is well; an alarm ends one that waits. */
static void be_a_child(int depth)
{
	struct kmem_cache *own;
	int wstatus = 0;

again:
	alarm(20);
	if (!use(0, CACHES, 0xc0ffee00))
		_exit(1);
	own = kmem_cache_create("in_child", 80, 0, SLAB_NO_MERGE, NULL);
	if (!own || slabinfo_row("in_child").stride != 80)
		_exit(2);
	kmem_cache_free(own, kmem_cache_alloc(own, GFP_KERNEL));
	kmem_cache_destroy(own);
	if (depth > 0) {
		pid_t pid = fork();

		depth--;
		if (pid == 0)
			goto again;
		if (waitpid(pid, &wstatus, 0) != pid || wstatus != 0)
			_exit(3);
		if (!use(0, CACHES, 0xc0ffee00))
			_exit(4);
	}
	for (int c = 0; c < CACHES; c++)
		kmem_cache_shrink(caches[c]);
	kmem_reclaim();
	if (!use(0, CACHES, 0xdecade00))
		_exit(5);
	if (*ktest_said())
		_exit(6);
	/* What other threads had in their hands is missed now, and said to be; that is all. */
	close(STDERR_FILENO);
	kmem_cache_destroy(caches[0]);
	_exit(0);
}

static void fork_under_load(struct kunit *test, long forks)
{
	pthread_t threads[THREADS], coming;

	make_caches();
	for (int t = 0; t < THREADS; t++)
		pthread_create(&threads[t], NULL, be_busy, &rounds[t]);
	pthread_create(&coming, NULL, come_and_go, NULL);
	for (long i = 0; i < forks; i++) {
		int wstatus = 0;
		pid_t pid = fork();

		if (pid == 0)
			be_a_child(i % 10 == 0 ? 2 : 0);
		KUNIT_ASSERT_TRUE(test, waitpid(pid, &wstatus, 0) == pid);
		if (wstatus != 0)
			ktest_fail(test, "child %ld ended with %s %d", i, WIFSIGNALED(wstatus) ? "signal" : "status",
				   WIFSIGNALED(wstatus) ? WTERMSIG(wstatus) : WEXITSTATUS(wstatus));
		if (test->failures > 3)
			break;
		ktest_hush();
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (int t = 0; t < THREADS; t++) {
		pthread_join(threads[t], NULL);
		KUNIT_EXPECT_GT(test, rounds[t], 0);
	}
	pthread_join(coming, NULL);
	/* The parent has lost nothing. */
	for (int c = 0; c < CACHES; c++) {
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(caches[c]), 0);
		kmem_cache_destroy(caches[c]);
	}
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	KTEST_EXPECT_SILENT(test);
}

static void g1_child_may_do_everything_at_once(struct kunit *test)
{
	fork_under_load(test, stress(300));
}

/* Each call takes the list lock: threads sleep on it when the process forks. */
static void g1_contended_locks(struct kunit *test)
{
	fork_under_load(test, stress(100));
}

/* What lies in quarantine is on lists of its own. */
static void g1_quarantine(struct kunit *test)
{
	fork_under_load(test, stress(100));
}

static void *use_in_a_child(void *test)
{
	int wstatus = 0;
	pid_t pid;

	for (int i = 0; i < 20; i++) {
		pid = fork();
		if (pid == 0)
			be_a_child(0);
		if (waitpid(pid, &wstatus, 0) != pid || wstatus != 0)
			ktest_fail(test, "child ended with %d", wstatus);
	}
	return NULL;
}

static void g1_several_threads_fork(struct kunit *test)
{
	pthread_t threads[THREADS];

	make_caches();
	for (int t = 0; t < THREADS; t++)
		pthread_create(&threads[t], NULL, use_in_a_child, test);
	for (int t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	for (int c = 0; c < CACHES; c++)
		kmem_cache_destroy(caches[c]);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static pthread_barrier_t barrier;

static void *park(void *unused)
{
	void *objects[50];

	for (int i = 0; i < 50; i++)
		objects[i] = kmem_cache_alloc(caches[0], GFP_KERNEL);
	for (int i = 0; i < 50; i++)
		kmem_cache_free(caches[0], objects[i]);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return unused;
}

/* The arrays of threads that are not in a call come back in the child, without anybody asking. */
static void g1_idle_threads_lose_nothing(struct kunit *test)
{
	struct timespec pause = { 1, 100000000 };
	pthread_t threads[THREADS];
	int wstatus = 0;
	pid_t pid;

	make_caches();
	pthread_barrier_init(&barrier, NULL, THREADS + 1);
	for (int t = 0; t < THREADS; t++)
		pthread_create(&threads[t], NULL, park, NULL);
	pthread_barrier_wait(&barrier);
	pid = fork();
	if (pid == 0) {
		struct kmem_cache_usage usage = { .size = sizeof(usage) };
		void *object = kmem_cache_alloc(caches[1], GFP_KERNEL);

		alarm(20);
		nanosleep(&pause, NULL);
		/* Any slow path of any cache, a while later. */
		for (int i = 0; i < 10; i++) {
			pause = (struct timespec){ 0, 20000000 };
			nanosleep(&pause, NULL);
			kmem_cache_free_bulk(caches[2], 0, &object);
		}
		kmem_cache_usage(caches[0], &usage);
		if (usage.live_objects != 0)
			_exit(1);
		kmem_cache_free(caches[1], object);
		for (int c = 0; c < CACHES; c++) {
			if (kmem_cache_shrink(caches[c]) != 0)
				_exit(2);
			kmem_cache_destroy(caches[c]);
		}
		_exit(slabinfo_rows() == 0 && ktest_said()[0] == '\0' ? 0 : 3);
	}
	KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	pthread_barrier_wait(&barrier);
	for (int t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	for (int c = 0; c < CACHES; c++)
		kmem_cache_destroy(caches[c]);
	KTEST_EXPECT_SILENT(test);
}

static int around[3];
static void *kept[3];

static void use_around_a_fork(int when)
{
	void *object = kmem_cache_alloc(caches[0], GFP_ATOMIC);

	if (object)
		memset(object, 1, 40);
	if (kept[when])
		kmem_cache_free(caches[0], kept[when]);
	kept[when] = object;
	around[when]++;
}

static void before(void) { use_around_a_fork(0); }
static void after_in_parent(void) { use_around_a_fork(1); }
static void after_in_child(void) { use_around_a_fork(2); }

/* The program's own handlers for forks, and those of libraries that were loaded before this one, may use it. */
static void g1_other_handlers_for_the_fork(struct kunit *test)
{
	make_caches();
	pthread_atfork(before, after_in_parent, after_in_child);
	for (int i = 0; i < 50; i++) {
		int wstatus = 0;
		pid_t pid = fork();

		if (pid == 0)
			_exit(around[2] == 1 && use(0, CACHES, 1) ? 0 : 1);
		KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
		KUNIT_EXPECT_EQ(test, wstatus, 0);
	}
	KUNIT_EXPECT_EQ(test, around[0], 50);
	KUNIT_EXPECT_EQ(test, around[1], 50);
	kmem_cache_free(caches[0], kept[0]);
	kmem_cache_free(caches[0], kept[1]);
	for (int c = 0; c < CACHES; c++)
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(caches[c]), 0);
	KTEST_EXPECT_SILENT(test);
}

static int told;

static void fork_to_tell(void *data, int level, const char *text, size_t len)
{
	int wstatus = 0;
	pid_t pid;

	(void)level;
	(void)text;
	(void)len;
	if (told++)
		return;
	pid = fork();
	if (pid == 0) {
		alarm(20);
		_exit(use(0, CACHES, 3) ? 0 : 1);
	}
	if (waitpid(pid, &wstatus, 0) != pid || wstatus != 0)
		ktest_fail(data, "child ended with %d", wstatus);
}

/* A log handler that starts a program, say, in the middle of a report. */
static void g1_fork_in_a_log_handler(struct kunit *test)
{
	char local[64];

	make_caches();
	kmem_set_log_handler(fork_to_tell, test);
	kmem_cache_free(caches[0], kmem_cache_alloc(caches[0], GFP_KERNEL));
	kmem_cache_free(caches[0], local);
	kmem_cache_shrink(caches[0]);
	KUNIT_EXPECT_GT(test, told, 1);
	KUNIT_EXPECT_TRUE(test, use(0, CACHES, 4));
}

/* The thread that forks has its array in the hands of another one, which stays in a report about what it found there. */
static void g1_a_report_about_the_forking_thread(struct kunit *test)
{
	pthread_t reporter;
	int wstatus = -1;
	char local[64];
	pid_t pid;

	make_caches();
	kmem_cache_free(caches[0], kmem_cache_alloc(caches[0], GFP_KERNEL));
	kmem_cache_free(caches[0], local);
	reporter = report_begin(test, shrink_and_report, caches[0]);
	pid = fork();
	if (pid == 0) {
		long before = sleeps();
		bool good;

		alarm(20);
		for (int i = 0; i < 3; i++)
			kmem_cache_shrink(caches[0]);
		good = use(0, CACHES, 6);
		_exit(good && sleeps() - before < 50 ? 0 : 1);
	}
	KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	report_end(reporter);
	KUNIT_EXPECT_TRUE(test, use(0, CACHES, 7));
}

static void *free_twice(void *object)
{
	kmem_cache_free(caches[0], object);
	kmem_cache_free(caches[0], object);
	return NULL;
}

/* Another thread stays in a report about a slab: in the child nobody looks at that slab any more. */
static void g1_a_report_about_a_slab(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("reported", 200, 0, SLAB_POISON | SLAB_CONSISTENCY_CHECKS, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL), *other = kmem_cache_alloc(cache, GFP_KERNEL);
	pthread_t reporter;
	int wstatus = -1;
	pid_t pid;

	caches[0] = cache;
	reporter = report_begin(test, free_twice, object);
	pid = fork();
	if (pid == 0) {
		alarm(20);
		kmem_set_log_handler(NULL, NULL);
		kmem_cache_free(cache, other);
		kmem_cache_destroy(cache);
		_exit(kmem_errors() == 0 && slabinfo_rows() == 0 ? 0 : 1);
	}
	KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	report_end(reporter);
	kmem_cache_free(cache, other);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static bool stay_in_poll(struct kmem_rcu_flavor *flavor, unsigned long *state, bool may_sleep)
{
	(void)flavor, (void)state, (void)may_sleep;
	if (told++ == 0) {
		pthread_barrier_wait(&barrier);
		pthread_barrier_wait(&barrier);
	}
	return true;
}

static void fork_in_the_handler(int signal)
{
	pid_t pid = fork();

	(void)signal;
	if (pid == 0)
		_exit(0);
	around[0] += waitpid(pid, NULL, 0) == pid;
}

static void *interrupt(void *thread)
{
	usleep(20000);
	pthread_kill(*(pthread_t *)thread, SIGUSR1);
	return NULL;
}

/* A fork waits for the thread that asks about readers; a handler comes that forks, too. */
static void g1_fork_in_a_handler_in_a_fork(struct kunit *test)
{
	struct kmem_rcu_flavor flavor = { .poll = stay_in_poll };
	pthread_t self = pthread_self(), asking, interrupting;
	int wstatus = -1;
	void *object;
	pid_t pid;

	make_caches();
	caches[0] = kmem_cache_create("read", 4096, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	kmem_rcu_register(&flavor);
	object = kmem_cache_alloc(caches[0], GFP_KERNEL);
	kmem_cache_free(caches[0], object);
	pthread_barrier_init(&barrier, NULL, 2);
	signal(SIGUSR1, fork_in_the_handler);
	pthread_create(&asking, NULL, shrink_and_report, caches[0]);
	pthread_barrier_wait(&barrier);
	pthread_create(&interrupting, NULL, interrupt, &self);
	pid = fork();
	if (pid == 0)
		_exit(use(1, CACHES, 8) ? 0 : 1);
	KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	pthread_join(interrupting, NULL);
	KUNIT_EXPECT_EQ(test, around[0], 1);
	pthread_barrier_wait(&barrier);
	pthread_join(asking, NULL);
	KUNIT_EXPECT_TRUE(test, use(1, CACHES, 9));
	kmem_rcu_unregister(&flavor);
	KTEST_EXPECT_SILENT(test);
}

static void fork_once(void *object)
{
	*(int *)object = 1;
	if (told++ == 0) {
		pid_t pid = fork();
		int wstatus = 0;

		if (pid == 0) {
			alarm(20);
			_exit(use(0, CACHES, 5) ? 0 : 1);
		}
		told += waitpid(pid, &wstatus, 0) == pid && wstatus == 0 ? 0 : 10000;
	}
}

static void g1_fork_in_a_constructor(struct kunit *test)
{
	struct kmem_cache *cache;

	make_caches();
	cache = kmem_cache_create("forking", 100, 0, SLAB_NO_MERGE, fork_once);
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	KUNIT_EXPECT_GT(test, told, 1);
	KUNIT_EXPECT_LT(test, told, 10000);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double forks_take(int count)
{
	double begin = seconds();

	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	return (seconds() - begin) / count;
}

/* All locks of 10,000 caches cost less than a tenth of a second. */
static void g1_ten_thousand_caches(struct kunit *test)
{
	static struct kmem_cache *many[10000];
	double without = forks_take(20), with;

	for (size_t i = 0; i < ARRAY_LEN(many); i++) {
		many[i] = kmem_cache_create("many", 64, 0, SLAB_NO_MERGE, NULL);
		KUNIT_ASSERT_NOT_NULL(test, many[i]);
	}
	with = forks_take(20);
	printf("# fork: %.0f us, with 10000 caches %.0f us\n", without * 1e6, with * 1e6);
	KUNIT_EXPECT_LT(test, (with - without) * 1e6, 100000);
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		kmem_cache_destroy(many[i]);
}

KTEST_MAIN(
	KTEST(g1_child_may_do_everything_at_once, .seconds = 3000),
	KTEST(g1_contended_locks, .cmdline = "kmem.harden=1", .seconds = 3000),
	KTEST(g1_quarantine, .cmdline = "kmem.harden=2", .seconds = 3000),
	KTEST(g1_several_threads_fork),
	KTEST(g1_idle_threads_lose_nothing),
	KTEST(g1_other_handlers_for_the_fork),
	KTEST(g1_fork_in_a_log_handler), KTEST(g1_a_report_about_the_forking_thread),
	KTEST(g1_a_report_about_a_slab),
	KTEST(g1_fork_in_a_handler_in_a_fork, .seconds = 20),
	KTEST(g1_fork_in_a_constructor),
	KTEST(g1_ten_thousand_caches))
