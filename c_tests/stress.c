// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Owner tokens: every object carries its owner and a sequence number over its full length, checked when it is
 * allocated (nobody else's stamp may change under a live object), at random while it is held, and before it is freed.
 *
 * At risk: an object that two threads have, a page that goes back to the system under a live object, an object that
 * is lost between arrays. Threads run for some seconds and are started anew all the while, so that arrays are left behind;
 * another thread shrinks and reclaims. From the environment: KMEM_STRESS=<objects> asks for more (1000000 are the
 * default, and are 3 seconds); KMEM_STRESS_THREADS and KMEM_STRESS_SECONDS say it directly.
 */
#include <pthread.h>
#include <time.h>

#include "ktest.h"
#include "util.h"

enum { CACHES = 10, HELD = 400, RING = 256, LIFE = 20000, MOST_THREADS = 1024 };

static const size_t sizes[CACHES] = { 8, 24, 64, 96, 256, 520, 1024, 2048, 4096, 12000 };
static struct kmem_cache *caches[CACHES];
static int over;
static long wrong, missing, allocated, freed, lives;

struct held {
	uint64_t *object, token;
	int cache;
};

static void stamp(const struct held *held)
{
	for (size_t i = 0; i < sizes[held->cache] / 8; i++)
		held->object[i] = held->token + i;
}

static void check(const struct held *held)
{
	for (size_t i = 0; i < sizes[held->cache] / 8; i++) {
		if (held->object[i] != held->token + i) {
			__atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
			return;
		}
	}
}

struct worker {
	pthread_t thread;
	uint64_t token, random;
};

static void take(struct worker *worker, struct held *held)
{
	held->cache = (int)(random_next(&worker->random) % CACHES);
	held->object = kmem_cache_alloc(caches[held->cache], GFP_KERNEL);
	if (!held->object) {
		__atomic_add_fetch(&missing, 1, __ATOMIC_RELAXED);
		return;
	}
	held->token = worker->token++ << 12;
	stamp(held);
	__atomic_add_fetch(&allocated, 1, __ATOMIC_RELAXED);
}

static void give(struct held *held)
{
	check(held);
	/* Whoever else has it finds this. */
	memset(held->object, 0xee, sizes[held->cache]);
	kmem_cache_free(caches[held->cache], held->object);
	held->object = NULL;
	__atomic_add_fetch(&freed, 1, __ATOMIC_RELAXED);
}

/* Objects between threads. */
static struct held ring[RING];
static pthread_mutex_t ring_locks[RING];

static void trade(struct worker *worker, struct held *held)
{
	size_t at = random_next(&worker->random) % RING;
	struct held theirs;

	pthread_mutex_lock(&ring_locks[at]);
	theirs = ring[at];
	ring[at] = *held;
	pthread_mutex_unlock(&ring_locks[at]);
	*held = theirs;
}

static void bulk(struct worker *worker)
{
	struct held some[30];
	void *objects[ARRAY_LEN(some)];
	int c = (int)(random_next(&worker->random) % CACHES);

	if (!kmem_cache_alloc_bulk(caches[c], GFP_KERNEL, ARRAY_LEN(some), objects)) {
		__atomic_add_fetch(&missing, 1, __ATOMIC_RELAXED);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(some); i++) {
		some[i] = (struct held){ objects[i], worker->token++ << 12, c };
		stamp(&some[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(some); i++)
		check(&some[i]);
	kmem_cache_free_bulk(random_next(&worker->random) & 1 ? caches[c] : NULL, ARRAY_LEN(some), objects);
	__atomic_add_fetch(&allocated, ARRAY_LEN(some), __ATOMIC_RELAXED);
	__atomic_add_fetch(&freed, ARRAY_LEN(some), __ATOMIC_RELAXED);
}

/* One life of a thread: what it holds in the end it frees, or leaves to others. */
static void *live(void *arg)
{
	struct worker *worker = arg;
	struct held *held = calloc(HELD, sizeof(*held));

	for (int n = 0; n < LIFE && !__atomic_load_n(&over, __ATOMIC_RELAXED); n++) {
		struct held *slot = &held[random_next(&worker->random) % HELD];

		switch (random_next(&worker->random) % 16) {
		case 0:
			bulk(worker);
			break;
		case 1 ... 3:
			if (slot->object)
				check(slot);
			break;
		case 4 ... 7:
			trade(worker, slot);
			break;
		case 8:
			for (int i = 0; i < 100; i++) {
				struct held own;

				take(worker, &own);
				if (own.object)
					give(&own);
			}
			break;
		default:
			if (slot->object)
				give(slot);
			else
				take(worker, slot);
		}
	}
	for (int i = 0; i < HELD; i++)
		if (held[i].object)
			give(&held[i]);
	free(held);
	__atomic_add_fetch(&lives, 1, __ATOMIC_RELAXED);
	return NULL;
}

/* Keeps a place filled with one thread after another. */
static void *keep_alive(void *arg)
{
	struct worker *worker = arg;

	while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, live, worker) != 0)
			abort();
		pthread_join(thread, NULL);
	}
	return NULL;
}

static void *disturb(void *arg)
{
	uint64_t random = 88172645463325252ull;

	while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
		struct kmem_usage usage = { .size = sizeof(usage) };

		kmem_cache_shrink(caches[random_next(&random) % CACHES]);
		if (random_next(&random) % 8 == 0)
			kmem_reclaim();
		kmem_usage(&usage);
		if (usage.live_objects + usage.parked_objects + usage.free_objects != usage.total_objects)
			__atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
		usleep((useconds_t)(random_next(&random) % 3000));
	}
	return arg;
}

static long number(const char *name, long otherwise)
{
	return getenv(name) ? atol(getenv(name)) : otherwise;
}

static void owner_tokens(struct kunit *test)
{
	static struct worker workers[MOST_THREADS];
	long seconds = number("KMEM_STRESS_SECONDS", 3 * number("KMEM_STRESS", 1000000) / 1000000);
	long threads = number("KMEM_STRESS_THREADS", 8);
	pthread_t disturber;

	if (threads > MOST_THREADS)
		threads = MOST_THREADS;
	for (int c = 0; c < CACHES; c++) {
		caches[c] = kmem_cache_create("token", sizes[c], 0, SLAB_NO_MERGE, NULL);
		KUNIT_ASSERT_NOT_NULL(test, caches[c]);
	}
	for (size_t i = 0; i < RING; i++)
		pthread_mutex_init(&ring_locks[i], NULL);
	for (long t = 0; t < threads; t++) {
		workers[t].token = (uint64_t)(t + 1) << 38;
		workers[t].random = 88172645463325252ull + (uint64_t)t;
		KUNIT_ASSERT_TRUE(test, pthread_create(&workers[t].thread, NULL, keep_alive, &workers[t]) == 0);
	}
	pthread_create(&disturber, NULL, disturb, NULL);
	for (time_t end = time(NULL) + (seconds > 0 ? seconds : 1); time(NULL) < end;)
		usleep(50000);
	__atomic_store_n(&over, 1, __ATOMIC_RELAXED);
	for (long t = 0; t < threads; t++)
		pthread_join(workers[t].thread, NULL);
	pthread_join(disturber, NULL);
	for (size_t i = 0; i < RING; i++)
		if (ring[i].object)
			give(&ring[i]);
	printf("# %ld objects, %ld threads came and went\n", allocated, lives);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, missing, 0);
	KUNIT_EXPECT_EQ(test, allocated, freed);
	for (int c = 0; c < CACHES; c++) {
		struct kmem_cache_usage usage = { .size = sizeof(usage) };

		KUNIT_EXPECT_EQ(test, kmem_cache_usage(caches[c], &usage), 0);
		KUNIT_EXPECT_EQ(test, usage.live_objects, 0);
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(caches[c]), 0);
		kmem_cache_destroy(caches[c]);
	}
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(KTEST(owner_tokens, .seconds = 600))
