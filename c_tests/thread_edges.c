// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Threads at their limits: hardly any stack, errno, a destroy that two call, the end of a thread; and message handlers
 * that call back.
 *
 * At risk: what happens once in a program's life and in no other test.
 */
#include <limits.h>
#include <pthread.h>
#include <sched.h>

#include "ktest.h"
#include "util.h"
#include "edges.h"

static struct kmem_cache *shared;

static void *free_one_twice(void *unused)
{
	void *object = kmem_cache_alloc(shared, GFP_KERNEL);

	kmem_cache_free(shared, object);
	kmem_cache_free(shared, object);
	return unused;
}

static void run_on_stack(struct kunit *test, size_t bytes, void *(*work)(void *))
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	KUNIT_ASSERT_TRUE(test, pthread_attr_setstacksize(&attr, bytes) == 0);
	KUNIT_ASSERT_TRUE(test, pthread_create(&thread, &attr, work, NULL) == 0);
	pthread_join(thread, NULL);
}

/* The thread's variables come out of its stack too. */
static char *small_objects[2000];

static void *alloc_and_free_on_little(void *unused)
{
	for (int i = 0; i < 2000; i++) {
		small_objects[i] = kmem_cache_alloc(shared, GFP_KERNEL);
		memset(small_objects[i], i, 100);
	}
	for (int i = 0; i < 1000; i++)
		kmem_cache_free(shared, small_objects[i]);
	kmem_cache_free_bulk(shared, 1000, (void **)small_objects + 1000);
	kmem_cache_shrink(shared);
	return unused;
}

static void small_stack(struct kunit *test)
{
	shared = kmem_cache_create("stack", 100, 0, SLAB_NO_MERGE, NULL);
	run_on_stack(test, PTHREAD_STACK_MIN, alloc_and_free_on_little);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, slabinfo_row("stack").slabs, 0);
	run_on_stack(test, 64 << 10, free_one_twice);
	KTEST_EXPECT_SAID(test, "BUG stack (Not tainted): Object already free\n");
	KTEST_EXPECT_SAID(test, "FIX stack: Object at 0x");
}

static void small_stack_hardened(struct kunit *test)
{
	small_stack(test);
}

static int errno_changes;

static void *keep_errno(void *unused)
{
	void *objects[70], *bulk[70];

	for (int round = 0; round < 3000; round++) {
		errno = 12345;
		for (size_t i = 0; i < ARRAY_LEN(objects); i++)
			objects[i] = kmem_cache_alloc(shared, GFP_KERNEL);
		for (size_t i = 0; i < ARRAY_LEN(objects); i++)
			kmem_cache_free(shared, objects[i]);
		if (kmem_cache_alloc_bulk(shared, GFP_KERNEL, ARRAY_LEN(bulk), bulk))
			kmem_cache_free_bulk(shared, ARRAY_LEN(bulk), bulk);
		if (round % 100 == 0)
			kmem_cache_shrink(shared);
		if (errno != 12345)
			__atomic_add_fetch(&errno_changes, 1, __ATOMIC_RELAXED);
	}
	return unused;
}

static void errno_survives(struct kunit *test)
{
	pthread_t threads[4];
	char local[64];
	void *object;

	shared = kmem_cache_create("errno", 600, 0, SLAB_NO_MERGE, NULL);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		pthread_create(&threads[i], NULL, keep_errno, NULL);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		pthread_join(threads[i], NULL);
	KUNIT_EXPECT_EQ(test, errno_changes, 0);
	/* Reports that cannot be written, and memory that cannot be had. */
	object = kmem_cache_alloc(shared, GFP_KERNEL);
	close(STDERR_FILENO);
	errno = 12345;
	kmem_cache_free(shared, object);
	kmem_cache_free(shared, object);
	KUNIT_EXPECT_EQ(test, errno, 12345);
	kmem_cache_free(shared, local);
	kmem_cache_shrink(shared);
	KUNIT_EXPECT_EQ(test, errno, 12345);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(NULL, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, errno, 12345);
	while (kmem_cache_alloc(shared, GFP_KERNEL))
		;
	KUNIT_EXPECT_EQ(test, errno, 12345);
}

static void errno_survives_hardened(struct kunit *test)
{
	errno_survives(test);
}

static int refusals;

static void count_refusals(void *data, int level, const char *text, size_t len)
{
	(void)data;
	(void)level;
	if (memmem(text, len, "is not a slab cache\n", 20))
		__atomic_add_fetch(&refusals, 1, __ATOMIC_RELAXED);
}

static pthread_barrier_t barrier;
enum { ROUNDS = 500 };
static int arrived;

/* Waits for the other thread without going to sleep, so that both go on at the same moment. */
static void meet(int number)
{
	__atomic_add_fetch(&arrived, 1, __ATOMIC_ACQ_REL);
	for (int tries = 0; __atomic_load_n(&arrived, __ATOMIC_ACQUIRE) < 2 * number; tries++)
		if (tries > 1000)
			sched_yield();
}

static void *destroy_too(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		meet(2 * i + 1);
		kmem_cache_destroy(shared);
		meet(2 * i + 2);
	}
	return unused;
}

/* A handle that two threads give up at once is given up by one of them. */
static void destroyed_by_two_at_once(struct kunit *test)
{
	pthread_t thread;

	kmem_set_log_handler(count_refusals, NULL);
	pthread_create(&thread, NULL, destroy_too, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		shared = kmem_cache_create("twice", 64, 0, SLAB_NO_MERGE, NULL);
		kmem_cache_free(shared, kmem_cache_alloc(shared, GFP_KERNEL));
		meet(2 * i + 1);
		kmem_cache_destroy(shared);
		meet(2 * i + 2);
		KUNIT_EXPECT_EQ(test, refusals, i + 1);
	}
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static struct kmem_cache *two[2];

static void *park_and_wait(void *unused)
{
	void *objects[100];

	for (int c = 0; c < 2; c++) {
		for (size_t i = 0; i < ARRAY_LEN(objects); i++)
			memset(objects[i] = kmem_cache_alloc(two[c], GFP_KERNEL), 1, 1000);
		for (size_t i = 0; i < ARRAY_LEN(objects); i++)
			kmem_cache_free(two[c], objects[i]);
	}
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return unused;
}

static void reclaim(struct kunit *test)
{
	enum { N = 50000, STEP = 5000 };
	static unsigned char *objects[N];
	long before, full, after;
	pthread_t thread;

	two[0] = kmem_cache_create("one", 1000, 0, SLAB_NO_MERGE, NULL);
	two[1] = kmem_cache_create("two", 1040, 0, SLAB_NO_MERGE, NULL);
	memset(objects, 1, sizeof(objects));
	pthread_barrier_init(&barrier, NULL, 2);
	before = private_dirty_kib();
	for (int i = 0; i < N; i++) {
		objects[i] = kmem_cache_alloc(two[i / (N / 2)], GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, objects[i]);
		memset(objects[i], i % 251, 1000);
	}
	full = private_dirty_kib();
	KUNIT_EXPECT_GE(test, full - before, 48000);
	pthread_create(&thread, NULL, park_and_wait, NULL);
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < N; i++)
		if (i % STEP)
			kmem_cache_free(two[i / (N / 2)], objects[i]);
	kmem_reclaim();
	after = private_dirty_kib();
	KUNIT_EXPECT_LE(test, after - before, 1024);
	/* No slab but those of the live objects: nothing stays in the idle thread's arrays. */
	for (int c = 0; c < 2; c++) {
		struct slabinfo_row row = slabinfo_row(c ? "two" : "one");

		KUNIT_EXPECT_EQ(test, row.active, N / STEP / 2);
		KUNIT_EXPECT_EQ(test, row.slabs, N / STEP / 2);
	}
	for (int i = 0; i < N; i += STEP) {
		KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], 1000, (unsigned char)(i % 251)));
		kmem_cache_free(two[i / (N / 2)], objects[i]);
	}
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, slabinfo_row("one").slabs + slabinfo_row("two").slabs, 0);
	KTEST_EXPECT_SILENT(test);
}

static void *alloc_and_free_1000(void *unused)
{
	void **objects = calloc(1000, sizeof(*objects));

	for (int i = 0; i < 1000; i++)
		objects[i] = kmem_cache_alloc(shared, GFP_KERNEL);
	for (int i = 0; i < 1000; i++)
		kmem_cache_free(shared, objects[i]);
	free(objects);
	return unused;
}

static void threads_leave_nothing(struct kunit *test)
{
	pthread_t threads[8];

	shared = kmem_cache_create("leaving", 64, 0, SLAB_NO_MERGE, NULL);
	for (int i = 0; i < 200 / 8; i++) {
		for (int t = 0; t < 8; t++)
			pthread_create(&threads[t], NULL, alloc_and_free_1000, NULL);
		for (int t = 0; t < 8; t++)
			pthread_join(threads[t], NULL);
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	KUNIT_EXPECT_EQ(test, slabinfo_row("leaving").slabs, 0);
	KTEST_EXPECT_SILENT(test);
}

static pthread_key_t late_key;
static int late_runs;

/* Runs after the library's own: its key is younger, and it runs again in the next round of destructors. */
static void use_the_cache_late(void *value)
{
	void **objects = value, *more[10];

	late_runs++;
	for (int i = 0; i < 10; i++)
		kmem_cache_free(shared, objects[10 * late_runs + i]);
	kmem_cache_free_bulk(shared, 10, objects + 50 + 10 * late_runs);
	for (int i = 0; i < 10; i++)
		memset(more[i] = kmem_cache_alloc(shared, GFP_KERNEL), 1, 64);
	kmem_cache_free_bulk(shared, 10, more);
	if (late_runs < 3)
		pthread_setspecific(late_key, value);
}

static void *leave_objects_to_a_destructor(void *objects)
{
	void **array = objects;

	for (int i = 0; i < 100; i++)
		array[i] = kmem_cache_alloc(shared, GFP_KERNEL);
	pthread_setspecific(late_key, objects);
	return NULL;
}

static void frees_after_the_thread_has_ended(struct kunit *test)
{
	void *objects[100];
	pthread_t thread;

	shared = kmem_cache_create("late", 64, 0, SLAB_NO_MERGE, NULL);
	kmem_cache_free(shared, kmem_cache_alloc(shared, GFP_KERNEL));
	pthread_key_create(&late_key, use_the_cache_late);
	pthread_create(&thread, NULL, leave_objects_to_a_destructor, objects);
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, late_runs, 3);
	kmem_cache_shrink(shared);
	KUNIT_EXPECT_EQ(test, slabinfo_row("late").active, 40);
	for (int i = 0; i < 10; i++)
		kmem_cache_free(shared, objects[i]);
	kmem_cache_free_bulk(shared, 20, objects + 40);
	kmem_cache_free_bulk(shared, 10, objects + 90);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	KUNIT_EXPECT_EQ(test, slabinfo_row("late").slabs, 0);
	KTEST_EXPECT_SILENT(test);
}

static __thread int inside;
static int handled;

static void *create_alloc_destroy(void *unused)
{
	struct kmem_cache *cache = kmem_cache_create("inner", 77, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	memset(object, 1, 77);
	kmem_cache_free(cache, object);
	kmem_cache_shrink(cache);
	slabinfo_rows();
	kmem_reclaim();
	kmem_cache_destroy(cache);
	return unused;
}

static void handler_that_calls_back(void *data, int level, const char *text, size_t len)
{
	(void)data;
	(void)level;
	(void)text;
	(void)len;
	handled++;
	if (inside++ == 0)
		create_alloc_destroy(NULL);
	inside--;
}

static void handler_may_call_back(struct kunit *test)
{
	struct kmem_cache *cache;
	void *object;
	int before;

	kmem_set_log_handler(handler_that_calls_back, NULL);
	cache = kmem_cache_create("outer", 64, 0, SLAB_NO_MERGE, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	KUNIT_EXPECT_GE(test, handled, 1);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	before = handled;
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_GT(test, handled, before);
	before = handled;
	kmem_cache_create("refused", 0, 0, 0, NULL);
	KUNIT_EXPECT_GT(test, handled, before);
	KUNIT_EXPECT_NOT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	before = handled;
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_GT(test, handled, before);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void handler_with_a_thread(void *data, int level, const char *text, size_t len)
{
	pthread_t thread;

	(void)data;
	(void)level;
	if (!memmem(text, len, "Object is not a Slab page!", 26))
		return;
	handled++;
	pthread_create(&thread, NULL, create_alloc_destroy, NULL);
	pthread_join(thread, NULL);
}

/* No lock is held while a handler runs: it may wait for a thread that uses the library for the first time. */
static void handler_may_wait_for_another_thread(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("outer", 64, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);
	char local[64];

	kmem_set_log_handler(handler_with_a_thread, NULL);
	/* Found by the shrink at the latest, which empties the arrays of all threads. */
	kmem_cache_free(cache, local);
	kmem_cache_free(cache, object);
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, handled, 1);
}

static int parked;

static void *park_until_told(void *lines)
{
	void *objects[50];
	char byte;

	for (int i = 0; i < 50; i++)
		objects[i] = kmem_cache_alloc(shared, GFP_KERNEL);
	for (int i = 0; i < 50; i++)
		kmem_cache_free(shared, objects[i]);
	__atomic_store_n(&parked, 1, __ATOMIC_RELEASE);
	return read(((int *)lines)[0], &byte, 1) == 1 ? NULL : lines;
}

/* What other threads had parked is still there in a child, and can be taken from them. */
static void fork_with_an_idle_thread(struct kunit *test)
{
	int wstatus, lines[2];
	pthread_t thread;
	char byte = 0;
	pid_t pid;

	shared = kmem_cache_create("forked", 200, 0, SLAB_NO_MERGE, NULL);
	pthread_create(&thread, NULL, alloc_and_free_1000, NULL);
	pthread_join(thread, NULL);
	KUNIT_ASSERT_TRUE(test, pipe(lines) == 0);
	pthread_create(&thread, NULL, park_until_told, lines);
	while (__atomic_load_n(&parked, __ATOMIC_ACQUIRE) == 0)
		sched_yield();
	pid = fork();
	if (pid == 0) {
		void *object;

		alarm(5);
		object = kmem_cache_alloc(shared, GFP_KERNEL);
		kmem_cache_free(shared, object);
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
		kmem_cache_destroy(shared);
		kmem_cache_destroy(kmem_cache_create("in_child", 64, 0, 0, NULL));
		KTEST_EXPECT_SILENT(test);
		_exit(test->failures);
	}
	KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	KUNIT_EXPECT_EQ(test, write(lines[1], &byte, 1), 1);
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	kmem_cache_destroy(shared);
}

KTEST_MAIN(
	KTEST(fork_with_an_idle_thread),
	KTEST(small_stack),
	KTEST(small_stack_hardened, .cmdline = "kmem.harden=1"),
	KTEST(errno_survives, .cmdline = "kmem.arena=32M"),
	KTEST(errno_survives_hardened, .cmdline = "kmem.arena=32M kmem.harden=1"),
	KTEST(destroyed_by_two_at_once),
	KTEST(reclaim),
	KTEST(threads_leave_nothing),
	KTEST(frees_after_the_thread_has_ended),
	KTEST(handler_may_call_back, .cmdline = "nonsense", .seconds = 10),
	KTEST(handler_may_wait_for_another_thread, .seconds = 10))
