// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Caches under debugging used by several threads, with validations, shrinks and damage among them.
 *
 * At risk: a report about what is only on its way from one state to another, a report made twice, a repair that hits
 * somebody else's bytes, and a lock that is held while a report is printed.
 */
#include <pthread.h>
#include <time.h>

#include "ktest.h"
#include "edges.h"
#include "util.h"

#define FZP (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

enum { THREADS = 4, HELD = 50, ROUNDS = 3000, SIZE = 72 };

static struct kmem_cache *cache;
static bool stop;

static void *use(void *arg)
{
	uint64_t random = (uintptr_t)arg + 1;
	unsigned char *held[HELD] = { NULL };
	long wrong = 0;

	for (int round = 0; round < ROUNDS; round++) {
		size_t at = random_next(&random) % HELD;
		unsigned char mark = (unsigned char)(at + (uintptr_t)arg);

		if (held[at]) {
			wrong += !all_bytes(held[at], SIZE, mark);
			if (random_next(&random) % 8)
				kmem_cache_free(cache, held[at]);
			else
				kmem_cache_free_bulk(cache, 1, (void **)&held[at]);
			held[at] = NULL;
		} else {
			held[at] = kmem_cache_alloc(cache, GFP_KERNEL);
			wrong += !held[at];
			if (held[at])
				memset(held[at], mark, SIZE);
		}
	}
	for (size_t at = 0; at < HELD; at++)
		kmem_cache_free(cache, held[at]);
	return (void *)wrong;
}

static void *look(void *arg)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		validate_slab_cache(cache);
		if (arg)
			kmem_cache_shrink(cache);
		kmem_validate();
	}
	return NULL;
}

static void several(struct kunit *test, unsigned long flags)
{
	pthread_t threads[THREADS], looker;

	cache = kmem_cache_create("threads", SIZE, 0, flags, NULL);
	KUNIT_ASSERT_TRUE(test, pthread_create(&looker, NULL, look, cache) == 0);
	for (uintptr_t t = 0; t < THREADS; t++)
		KUNIT_ASSERT_TRUE(test, pthread_create(&threads[t], NULL, use, (void *)t) == 0);
	for (size_t t = 0; t < THREADS; t++) {
		void *wrong;

		pthread_join(threads[t], &wrong);
		KUNIT_EXPECT_NULL(test, wrong);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(looker, NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
}

static void nothing_wrong(struct kunit *test)
{
	several(test, FZP);
	KTEST_EXPECT_SILENT(test);
}

static void nothing_wrong_with_tracks(struct kunit *test)
{
	several(test, FZP | SLAB_STORE_USER);
	KTEST_EXPECT_SILENT(test);
}

static void nothing_wrong_unchecked(struct kunit *test)
{
	several(test, SLAB_RED_ZONE);
	KTEST_EXPECT_SILENT(test);
}

static void nothing_wrong_by_rcu(struct kunit *test)
{
	several(test, FZP | SLAB_TYPESAFE_BY_RCU);
	KTEST_EXPECT_SILENT(test);
}

/* Each thread overruns an object now and then; each overrun is reported once. */
static void *overrun(void *arg)
{
	(void)arg;
	for (int i = 0; i < 200; i++) {
		unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

		object[SIZE] = i % 20 ? 0xcc : 0x12;
		kmem_cache_free(cache, object);
		if (i % 20 == 0)
			kmem_cache_free(cache, object);
	}
	return NULL;
}

static int overruns, repairs, refusals;

static void counting_handler(void *data, int level, const char *text, size_t len)
{
	(void)data, (void)level;
	__atomic_fetch_add(&overruns, !!memmem(text, len, "[Right Redzone overwritten]", 27), __ATOMIC_RELAXED);
	__atomic_fetch_add(&repairs, !!memmem(text, len, "Restoring Right Redzone", 23), __ATOMIC_RELAXED);
	__atomic_fetch_add(&refusals, !!memmem(text, len, "not freed", 9), __ATOMIC_RELAXED);
}

static void each_overrun_once(struct kunit *test)
{
	pthread_t threads[THREADS];

	cache = kmem_cache_create("threads", SIZE, 0, FZP, NULL);
	kmem_set_log_handler(counting_handler, NULL);
	for (size_t t = 0; t < THREADS; t++)
		KUNIT_ASSERT_TRUE(test, pthread_create(&threads[t], NULL, overrun, NULL) == 0);
	for (size_t t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	kmem_set_log_handler(NULL, NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), 10 * THREADS);
	KUNIT_EXPECT_EQ(test, overruns, 10 * THREADS);
	KUNIT_EXPECT_EQ(test, repairs, 10 * THREADS);
	KUNIT_EXPECT_EQ(test, refusals, 10 * THREADS);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

/* The padding of a slab belongs to nobody, so all who meet it find it damaged; one of them says so. */
static void *alloc_and_free(void *arg)
{
	(void)arg;
	for (int i = 0; i < 100; i++)
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	return NULL;
}

static void padding_once(struct kunit *test)
{
	pthread_t threads[THREADS];
	unsigned char *object;

	/* 17 slots of 232 bytes, and 152 bytes. */
	cache = kmem_cache_create("threads", 200, 0, FZP, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	*((unsigned char *)((uintptr_t)object | 4095)) = 0x12;
	for (size_t t = 0; t < THREADS; t++)
		KUNIT_ASSERT_TRUE(test, pthread_create(&threads[t], NULL, alloc_and_free, NULL) == 0);
	for (size_t t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	KUNIT_EXPECT_EQ(test, ktest_count("Padding overwritten"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("Restoring slab padding"), 1);
}

/* A constructor that makes a mistake in another cache while a slab is made. */
static void careless_constructor(void *object)
{
	unsigned char *other = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)object;
	other[SIZE] = 0x12;
	kmem_cache_free(cache, other);
	kmem_cache_free(cache, other);
	kmem_cache_free(cache, other);
}

static void in_a_constructor(struct kunit *test)
{
	struct kmem_cache *made = kmem_cache_create("made", 2000, 0, FZP, careless_constructor);

	cache = kmem_cache_create("threads", SIZE, 0, FZP, NULL);
	KUNIT_ASSERT_NOT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	KUNIT_ASSERT_NOT_NULL(test, kmem_cache_alloc(made, GFP_KERNEL));
	KUNIT_EXPECT_GE(test, ktest_count("[Right Redzone overwritten]"), 2);
	KUNIT_EXPECT_EQ(test, ktest_count("Object already free"), ktest_count("[Right Redzone overwritten]"));
}

/* A handler that uses the cache that the report is about, and makes a mistake of its own. */
static int said, depth;

static void careless_handler(void *data, int level, const char *text, size_t len)
{
	unsigned char *object;

	(void)data, (void)level, (void)text, (void)len;
	said++;
	if (depth > 0)
		return;
	depth++;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	object[-1] = 0x12;
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	validate_slab_cache(cache);
	kmem_cache_shrink(cache);
	depth--;
}

static void in_a_report(struct kunit *test)
{
	unsigned char *object;

	cache = kmem_cache_create("threads", SIZE, 0, FZP, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	object[SIZE] = 0x12;
	kmem_set_log_handler(careless_handler, NULL);
	kmem_cache_free(cache, object);
	kmem_set_log_handler(NULL, NULL);
	KUNIT_EXPECT_GT(test, said, 20);
	/* What is said inside a handler goes to standard error. */
	KTEST_EXPECT_SAID(test, "[Left Redzone overwritten]");
	ktest_hush();
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	KTEST_EXPECT_SILENT(test);
}

/* A second validation, in the middle of the first, hides no slab from it and shows it none twice. */
static long seen_inside;

static void validating_handler(void *data, int level, const char *text, size_t len)
{
	(void)data, (void)level, (void)text, (void)len;
	if (!seen_inside)
		seen_inside = validate_slab_cache(cache);
}

static void validation_in_a_validation(struct kunit *test)
{
	enum { N = 500 };
	static unsigned char *objects[N];
	long slabs;

	cache = kmem_cache_create("threads", SIZE, 0, FZP | SLAB_STORE_USER, NULL);
	for (int i = 0; i < N; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	slabs = validate_slab_cache(cache);
	KUNIT_EXPECT_GT(test, slabs, 10);
	KTEST_EXPECT_SILENT(test);
	objects[0][SIZE] = objects[N / 2][SIZE] = objects[N - 1][SIZE] = 0x12;
	kmem_set_log_handler(validating_handler, NULL);
	KUNIT_EXPECT_EQ(test, validate_slab_cache(cache), slabs);
	kmem_set_log_handler(NULL, NULL);
	KUNIT_EXPECT_EQ(test, seen_inside, slabs);
	ktest_hush();
	KUNIT_EXPECT_EQ(test, validate_slab_cache(cache), slabs);
	KTEST_EXPECT_SILENT(test);
}

/* The handler frees the last object of the slab that the report is about, which stays until the report is over. */
static void *left;

static void freeing_handler(void *data, int level, const char *text, size_t len)
{
	(void)data, (void)level, (void)text, (void)len;
	if (left) {
		void *object = left;

		left = NULL;
		kmem_cache_free(cache, object);
		kmem_cache_shrink(cache);
	}
}

static void slab_emptied_in_a_report(struct kunit *test)
{
	unsigned char *object;

	cache = kmem_cache_create("threads", SIZE, 0, FZP, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	left = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	object[5] = 0x12;
	kmem_set_log_handler(freeing_handler, NULL);
	validate_slab_cache(cache);
	kmem_set_log_handler(NULL, NULL);
	KUNIT_EXPECT_NULL(test, left);
	KUNIT_EXPECT_EQ(test, object[5], 0x6b);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	KTEST_EXPECT_SILENT(test);
}

/* Threads that do nothing wrong, in the slab that damage is found in. */
static void *use_rightly(void *arg)
{
	uint64_t random = (uintptr_t)arg + 1;
	unsigned char *held[12] = { NULL };
	long wrong = 0;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		size_t at = random_next(&random) % ARRAY_LEN(held);

		if (held[at]) {
			wrong += !all_bytes(held[at], SIZE, 0x11);
			kmem_cache_free(cache, held[at]);
			held[at] = NULL;
		} else {
			held[at] = kmem_cache_alloc(cache, GFP_KERNEL);
			memset(held[at], 0x11, SIZE);
		}
	}
	for (size_t at = 0; at < ARRAY_LEN(held); at++)
		kmem_cache_free(cache, held[at]);
	return (void *)wrong;
}

/* A validation that finds damage says nothing of other objects that change hands meanwhile, and repairs nothing there. */
static void damage_in_a_busy_slab(struct kunit *test)
{
	enum { PER_SLAB = 39, OVERRUNS = 1000 };
	unsigned char *objects[PER_SLAB], *last = NULL;
	pthread_t threads[2];
	void *wrong;

	cache = kmem_cache_create("threads", SIZE, 0, FZP, NULL);
	for (size_t i = 0; i < PER_SLAB; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		last = objects[i] > last ? objects[i] : last;
	}
	KUNIT_ASSERT_TRUE(test, slabinfo_row("threads").slabs == 1);
	for (size_t i = 0; i < PER_SLAB; i++)
		if (objects[i] != last)
			kmem_cache_free(cache, objects[i]);
	kmem_set_log_handler(counting_handler, NULL);
	for (uintptr_t t = 0; t < ARRAY_LEN(threads); t++)
		KUNIT_ASSERT_TRUE(test, pthread_create(&threads[t], NULL, use_rightly, (void *)t) == 0);
	for (int i = 0; i < OVERRUNS; i++) {
		last[SIZE] = 0x12;
		validate_slab_cache(cache);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (size_t t = 0; t < ARRAY_LEN(threads); t++) {
		pthread_join(threads[t], &wrong);
		KUNIT_EXPECT_NULL(test, wrong);
	}
	kmem_set_log_handler(NULL, NULL);
	KUNIT_EXPECT_EQ(test, overruns, OVERRUNS);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), OVERRUNS);
	KTEST_EXPECT_SILENT(test);
}

/* Whoever writes behind his object and puts back what was there: seen or not, it is a byte. */
static unsigned char *passing;

static void *write_and_put_back(void *arg)
{
	volatile unsigned char *behind = passing + SIZE + 3;

	(void)arg;
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		*behind = 0x12;
		*behind = 0xcc;
	}
	return NULL;
}

static void damage_that_comes_and_goes(struct kunit *test)
{
	time_t began = time(NULL);
	pthread_t thread;

	cache = kmem_cache_create("threads", SIZE, 0, FZP, NULL);
	passing = kmem_cache_alloc(cache, GFP_KERNEL);
	memset(passing, 0x11, SIZE);
	kmem_set_log_handler(counting_handler, NULL);
	KUNIT_ASSERT_TRUE(test, pthread_create(&thread, NULL, write_and_put_back, NULL) == 0);
	for (int i = 0; i < 200000 && time(NULL) <= began + 3; i++)
		validate_slab_cache(cache);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	kmem_set_log_handler(NULL, NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), overruns);
	KUNIT_EXPECT_TRUE(test, all_bytes(passing, SIZE, 0x11));
	kmem_cache_free(cache, passing);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(KTEST(nothing_wrong), KTEST(nothing_wrong_with_tracks), KTEST(nothing_wrong_unchecked),
	   KTEST(nothing_wrong_by_rcu), KTEST(each_overrun_once), KTEST(padding_once), KTEST(in_a_constructor),
	   KTEST(in_a_report), KTEST(validation_in_a_validation), KTEST(slab_emptied_in_a_report), KTEST(damage_in_a_busy_slab),
	   KTEST(damage_that_comes_and_goes))
