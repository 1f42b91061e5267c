// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Threads that end, in whatever way (docs/guarantees.md, 3).
 *
 * At risk: an array that its thread took with it, a lock that a cancelled thread holds, a free after the thread's table is
 * gone, an exit of the process while others are in the middle of calls.
 */
#include <pthread.h>
#include <sched.h>

#include "ktest.h"
#include "util.h"

static struct kmem_cache *cache;
static int started, stop, told;

static void *alloc_and_free_for_ever(void *unused)
{
	void *objects[100];

	__atomic_add_fetch(&started, 1, __ATOMIC_RELEASE);
	for (;;) {
		for (int i = 0; i < 100; i++)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		for (int i = 0; i < 100; i++)
			kmem_cache_free(cache, objects[i]);
		/* No call of the library is a place to be cancelled, so a thread has nothing in its hands here. */
		pthread_testcancel();
	}
	return unused;
}

static void wait_for(int *what, int count)
{
	while (__atomic_load_n(what, __ATOMIC_ACQUIRE) < count)
		sched_yield();
}

static void g3_cancelled_threads_leave_nothing(struct kunit *test)
{
	enum { N = 8 };
	pthread_t threads[N];
	void *result;

	cache = kmem_cache_create("cancelled", 200, 0, SLAB_NO_MERGE, NULL);
	for (int round = 0; round < 40; round++) {
		started = 0;
		for (int t = 0; t < N; t++)
			pthread_create(&threads[t], NULL, alloc_and_free_for_ever, NULL);
		wait_for(&started, N);
		for (int t = 0; t < N; t++)
			pthread_cancel(threads[t]);
		for (int t = 0; t < N; t++) {
			pthread_join(threads[t], &result);
			KUNIT_EXPECT_PTR_EQ(test, result, PTHREAD_CANCELED);
		}
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void say_slowly(void *data, int level, const char *text, size_t len)
{
	(void)data;
	(void)level;
	(void)text;
	(void)len;
	__atomic_add_fetch(&told, 1, __ATOMIC_RELEASE);
	/* Each a place to be cancelled. */
	usleep(1000);
	pthread_testcancel();
	if (write(STDERR_FILENO, "", 0) != 0)
		abort();
}

static void *free_twice(void *finished)
{
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	__atomic_add_fetch((int *)finished, 1, __ATOMIC_RELEASE);
	pthread_testcancel();
	return NULL;
}

/* A report runs to its end, with all that it is part of. */
static void g3_cancelled_in_a_report(struct kunit *test)
{
	pthread_t thread;
	int finished = 0;
	void *result;

	cache = kmem_cache_create("cancelled", 200, 0, SLAB_NO_MERGE, NULL);
	kmem_set_log_handler(say_slowly, NULL);
	pthread_create(&thread, NULL, free_twice, &finished);
	wait_for(&told, 1);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	KUNIT_EXPECT_PTR_EQ(test, result, PTHREAD_CANCELED);
	KUNIT_EXPECT_EQ(test, finished, 1);
	kmem_set_log_handler(NULL, NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void build_slowly(void *object)
{
	*(int *)object = 42;
	__atomic_add_fetch(&told, 1, __ATOMIC_RELEASE);
	usleep(1000);
	pthread_testcancel();
}

static void *alloc_one(void *object)
{
	*(void **)object = kmem_cache_alloc(cache, GFP_KERNEL);
	pthread_testcancel();
	return NULL;
}

static void g3_cancelled_in_a_constructor(struct kunit *test)
{
	pthread_t thread;
	int *object = NULL;
	void *result;

	cache = kmem_cache_create("built", 1000, 0, SLAB_NO_MERGE, build_slowly);
	pthread_create(&thread, NULL, alloc_one, &object);
	wait_for(&told, 1);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	KUNIT_EXPECT_PTR_EQ(test, result, PTHREAD_CANCELED);
	KUNIT_ASSERT_NOT_NULL(test, object);
	KUNIT_EXPECT_EQ(test, *object, 42);
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void *compute(void *unused)
{
	volatile unsigned long sum = 0;
	void *objects[100];

	for (int i = 0; i < 100; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (int i = 0; i < 100; i++)
		kmem_cache_free(cache, objects[i]);
	/* As POSIX has it, only what calls nothing may be cancelled at any moment. */
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	__atomic_add_fetch(&started, 1, __ATOMIC_RELEASE);
	for (;;)
		sum += 1;
	return unused;
}

static void g3_cancelled_at_any_moment_outside(struct kunit *test)
{
	pthread_t thread;

	cache = kmem_cache_create("computing", 200, 0, SLAB_NO_MERGE, NULL);
	for (int round = 1; round <= 50; round++) {
		pthread_create(&thread, NULL, compute, NULL);
		wait_for(&started, round);
		pthread_cancel(thread);
		pthread_join(thread, NULL);
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static pthread_barrier_t barrier;

static void *be_one_of_many(void *unused)
{
	void *objects[40];

	pthread_barrier_wait(&barrier);
	for (int i = 0; i < 40; i++)
		memset(objects[i] = kmem_cache_alloc(cache, GFP_KERNEL), 1, 500);
	for (int i = 0; i < 40; i++)
		kmem_cache_free(cache, objects[i]);
	pthread_barrier_wait(&barrier);
	return unused;
}

static void g3_a_thousand_threads(struct kunit *test)
{
	enum { N = 1000 };
	static pthread_t threads[N];
	struct kmem_usage usage = { .size = sizeof(usage) };
	pthread_attr_t attr;
	size_t before;
	int n = 0;

	cache = kmem_cache_create("thousand", 500, 0, SLAB_NO_MERGE, NULL);
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_reclaim();
	kmem_usage(&usage);
	before = usage.committed_bytes - usage.clean_bytes;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 128 << 10);
	pthread_barrier_init(&barrier, NULL, N + 1);
	while (n < N && pthread_create(&threads[n], &attr, be_one_of_many, NULL) == 0)
		n++;
	if (n < N)
		kunit_skip(test, "no thousand threads here");
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	for (int t = 0; t < N; t++)
		pthread_join(threads[t], NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_reclaim();
	kmem_usage(&usage);
	/* A page or two of the heap may stay. */
	KUNIT_EXPECT_LE(test, usage.committed_bytes - usage.clean_bytes, before + (64 << 10));
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void *use_until_the_end(void *unused)
{
	void *objects[100];

	__atomic_add_fetch(&started, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		for (int i = 0; i < 100; i++)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		for (int i = 0; i < 100; i++)
			kmem_cache_free(cache, objects[i]);
	}
	return unused;
}

/* exit() with detached threads in the middle of calls, 50 times. */
static void g3_detached_threads_at_exit(struct kunit *test)
{
	for (int round = 0; round < 50; round++) {
		int wstatus = 0;
		pid_t pid = fork();

		if (pid == 0) {
			alarm(20);
			cache = kmem_cache_create("detached", 200, 0, SLAB_NO_MERGE, NULL);
			for (int t = 0; t < 4; t++) {
				pthread_t thread;

				pthread_create(&thread, NULL, use_until_the_end, NULL);
				pthread_detach(thread);
			}
			wait_for(&started, 4);
			/* Some of them end while the process does. */
			stop = round & 1;
			exit(17);
		}
		KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
		KUNIT_EXPECT_TRUE(test, WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 17);
	}
	KTEST_EXPECT_SILENT(test);
}

static void *leave_by_pthread_exit(void *unused)
{
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	pthread_exit(unused);
}

/* The main thread ends first; the last one takes the process with it. */
static void g3_main_thread_ends_first(struct kunit *test)
{
	int wstatus = 0;
	pid_t pid = fork();

	if (pid == 0) {
		pthread_t thread;

		alarm(20);
		cache = kmem_cache_create("first", 200, 0, SLAB_NO_MERGE, NULL);
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
		pthread_create(&thread, NULL, leave_by_pthread_exit, NULL);
		pthread_exit(NULL);
	}
	KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	KTEST_EXPECT_SILENT(test);
}

static pthread_key_t keys[200];

/* A program with many keys: ours is not among the first, for which glibc has room in the thread's descriptor. */
static void g3_after_many_keys(struct kunit *test)
{
	pthread_t threads[8];

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		pthread_key_create(&keys[i], NULL);
	cache = kmem_cache_create("keys", 200, 0, SLAB_NO_MERGE, NULL);
	pthread_barrier_init(&barrier, NULL, 1);
	for (size_t t = 0; t < ARRAY_LEN(threads); t++) {
		pthread_create(&threads[t], NULL, leave_by_pthread_exit, NULL);
		pthread_join(threads[t], NULL);
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(
	KTEST(g3_cancelled_threads_leave_nothing),
	KTEST(g3_cancelled_in_a_report),
	KTEST(g3_cancelled_in_a_constructor),
	KTEST(g3_cancelled_at_any_moment_outside),
	KTEST(g3_a_thousand_threads, .seconds = 120),
	KTEST(g3_detached_threads_at_exit, .seconds = 120),
	KTEST(g3_main_thread_ends_first),
	KTEST(g3_after_many_keys))
