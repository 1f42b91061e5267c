// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Decay and reclaim: what nobody needs goes back to the system, whatever calls the program makes.
 *
 * At risk: memory that waits for a call which never comes; arrays of threads that sleep; tables and records of threads
 * that are gone.
 */
#include <pthread.h>

#include "ktest.h"
#include "util.h"

enum { N = 200000, SIZE = 256, MIB = 1024 };
static void *objects[N];
static struct kmem_cache *cache;

/* Private memory in KiB above what it was when the case began. */
static long before;
static long above(void)
{
	return private_dirty_kib() - before;
}

static void start(void)
{
	memset(objects, 1, sizeof(objects));
	cache = kmem_cache_create("burst", SIZE, 0, SLAB_NO_MERGE, NULL);
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	before = private_dirty_kib();
}

/* 50 MiB come and go, one by one. */
static void burst(struct kunit *test)
{
	start();
	for (int i = 0; i < N; i++)
		memset(objects[i] = kmem_cache_alloc(cache, GFP_KERNEL), 1, SIZE);
	KUNIT_EXPECT_GE(test, above(), 48 * MIB);
	for (int i = 0; i < N; i++)
		kmem_cache_free(cache, objects[i]);
}

/* Makes one call per millisecond until the memory is gone, 10 s at most. */
static void until_gone(struct kunit *test, void (*call)(void))
{
	int ms = 0;

	for (; ms < 10000 && (ms % 100 || above() > MIB); ms++) {
		call();
		usleep(1000);
	}
	KUNIT_EXPECT_LE(test, above(), MIB);
}

static void bulk_call(void)
{
	void *some[16];

	if (kmem_cache_alloc_bulk(cache, GFP_KERNEL, ARRAY_LEN(some), some))
		kmem_cache_free_bulk(cache, ARRAY_LEN(some), some);
}

static void with_bulk_calls_only(struct kunit *test)
{
	start();
	for (int i = 0; i < N; i += 100)
		kmem_cache_alloc_bulk(cache, GFP_KERNEL, 100, objects + i);
	for (int i = 0; i < N; i++)
		memset(objects[i], 1, SIZE);
	KUNIT_EXPECT_GE(test, above(), 48 * MIB);
	for (int i = 0; i < N; i += 100)
		kmem_cache_free_bulk(cache, 100, objects + i);
	until_gone(test, bulk_call);
	kmem_cache_destroy(cache);
}

/* One object out and in: after the first time the array always has it at hand. */
static void pair(void)
{
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
}

static void with_single_objects_only(struct kunit *test)
{
	burst(test);
	until_gone(test, pair);
	kmem_cache_destroy(cache);
}

/* The same at full speed. */
static void many_pairs(void)
{
	for (int i = 0; i < 10000; i++)
		pair();
}

static void with_single_objects_at_full_speed(struct kunit *test)
{
	burst(test);
	until_gone(test, many_pairs);
	kmem_cache_destroy(cache);
}

static struct kmem_cache *other;

static void pair_of_another_cache(void)
{
	kmem_cache_free(other, kmem_cache_alloc(other, GFP_KERNEL));
}

static void with_another_cache_only(struct kunit *test)
{
	other = kmem_cache_create("other", 64, 0, SLAB_NO_MERGE, NULL);
	pair_of_another_cache();
	burst(test);
	until_gone(test, pair_of_another_cache);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(other);
}

static void nothing(void)
{
}

static void without_any_call(struct kunit *test)
{
	burst(test);
	until_gone(test, nothing);
	kmem_cache_destroy(cache);
}

/* Asked to keep what it has, the library gives it back when it is told to. */
static void turned_off(struct kunit *test)
{
	burst(test);
	for (int ms = 0; ms < 6000; ms++) {
		bulk_call();
		pair();
		usleep(1000);
	}
	KUNIT_EXPECT_GE(test, above(), 48 * MIB);
	kmem_reclaim();
	KUNIT_EXPECT_LE(test, above(), MIB);
	kmem_cache_destroy(cache);
}

enum { THREADS = 256, EACH = 1000 };
static pthread_barrier_t barrier;

/* Takes the stack that the rest will need before it is measured. */
__attribute__((noinline)) static void touch_stack(void)
{
	volatile char bytes[40 << 10];

	for (size_t i = 0; i < sizeof(bytes); i += 1024)
		bytes[i] = 1;
}

static void *alloc_and_free(void *unused)
{
	void *mine[EACH];

	touch_stack();
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < EACH; i++)
		memset(mine[i] = kmem_cache_alloc(cache, GFP_KERNEL), 1, SIZE);
	for (int i = 0; i < EACH; i++)
		kmem_cache_free(cache, mine[i]);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return unused;
}

static pthread_t threads[THREADS];

/* Starts them; they wait to be told, with their stacks in place. */
static void start_threads(struct kunit *test)
{
	pthread_attr_t attr;

	start();
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 << 10);
	pthread_barrier_init(&barrier, NULL, THREADS + 1);
	for (int t = 0; t < THREADS; t++)
		KUNIT_ASSERT_TRUE(test, pthread_create(&threads[t], &attr, alloc_and_free, NULL) == 0);
	pthread_barrier_wait(&barrier);
	before = private_dirty_kib();
}

static void end_threads(void)
{
	pthread_barrier_wait(&barrier);
	for (int t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
}

/* 256 threads that have used 1000 objects each, and sleep: 32 KiB each, hardly more than their tables after a reclaim. */
static void idle_threads(struct kunit *test)
{
	start_threads(test);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	KUNIT_EXPECT_LE(test, above(), THREADS * 32);
	kmem_reclaim();
	KUNIT_EXPECT_LE(test, above(), 4 * MIB);
	end_threads();
	KUNIT_EXPECT_LE(test, above(), MIB);
}

/* What they parked decays while one thread does something else. */
static void idle_threads_are_drained(struct kunit *test)
{
	struct kmem_cache_usage usage = { .size = sizeof(usage) };

	other = kmem_cache_create("other", 64, 0, SLAB_NO_MERGE, NULL);
	start_threads(test);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	for (int ms = 0; ms < 10000; ms += 10) {
		void *some[200];

		for (size_t i = 0; i < ARRAY_LEN(some); i++)
			some[i] = kmem_cache_alloc(other, GFP_KERNEL);
		for (size_t i = 0; i < ARRAY_LEN(some); i++)
			kmem_cache_free(other, some[i]);
		kmem_cache_usage(cache, &usage);
		if (usage.total_objects == 0)
			break;
		usleep(10000);
	}
	KUNIT_EXPECT_EQ(test, usage.parked_objects, 0);
	KUNIT_EXPECT_EQ(test, usage.total_objects, 0);
	KUNIT_EXPECT_EQ(test, usage.live_objects, 0);
	end_threads();
}

/* Empty slabs go, however many others of the cache are partly used. What is freed last becomes free in a slab first. */
static void empty_slabs_among_many(struct kunit *test)
{
	enum { PER_SLAB = 64, SLABS = 400, EMPTY = 90, USED = 100 };
	struct kmem_cache_usage usage = { .size = sizeof(usage) };

	cache = kmem_cache_create("mixed", 64, 0, SLAB_NO_MERGE, NULL);
	other = kmem_cache_create("other", 64, 0, SLAB_NO_MERGE, NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_store(cache, "min_partial", "100", 3), 3);
	for (int i = 0; i < SLABS * PER_SLAB; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (int slab = USED; slab < SLABS; slab++)
		kmem_cache_free(cache, objects[slab * PER_SLAB]);
	for (int i = 0; i < EMPTY * PER_SLAB; i++)
		kmem_cache_free(cache, objects[i]);
	for (int ms = 0; ms < 10000; ms += 10) {
		kmem_cache_free(other, kmem_cache_alloc(other, GFP_KERNEL));
		kmem_cache_alloc_bulk(other, GFP_KERNEL, 1, &objects[N - 1]);
		kmem_cache_free_bulk(other, 1, &objects[N - 1]);
		kmem_cache_usage(cache, &usage);
		if (usage.slabs <= SLABS - EMPTY)
			break;
		usleep(10000);
	}
	KUNIT_EXPECT_LE(test, usage.slabs, SLABS - EMPTY);
}

KTEST_MAIN(
	KTEST(empty_slabs_among_many),
	KTEST(idle_threads_are_drained),
	KTEST(with_bulk_calls_only), KTEST(with_single_objects_only), KTEST(with_single_objects_at_full_speed),
	KTEST(with_another_cache_only), KTEST(without_any_call, .cmdline = "kmem.background=1"),
	KTEST(turned_off, .cmdline = "kmem.decay=0 kmem.background=1"), KTEST(idle_threads))
