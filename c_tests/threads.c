// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Threads: every object carries its owner's stamp over its full length, checked before it is freed.
 *
 * At risk: an object given to two threads, a slab dismantled under an object, a count lost between threads.
 * Against the debug build every shrink walks all invariants of its cache. Sizes come from the environment:
 * KMEM_STRESS=<objects> (default 1000000) in all.
 */
#include <pthread.h>

#include "ktest.h"
#include "util.h"

enum { THREADS = 8, CACHES = 100, HELD = 2000, HANDED = 512 };

static struct kmem_cache *caches[CACHES];
static size_t sizes[CACHES];
static long objects_per_thread;

/* Objects on their way from one thread to another. */
static struct { void *object; int cache; } handed[HANDED];
static pthread_mutex_t handed_lock = PTHREAD_MUTEX_INITIALIZER;

struct held {
	uint64_t *object;
	int cache;
	uint64_t stamp;
};

struct worker {
	pthread_t thread;
	int number;
	long wrong, missing, freed;
};

static size_t words(int cache)
{
	return sizes[cache] / sizeof(uint64_t);
}

static void stamp(struct held *held)
{
	for (size_t i = 0; i < words(held->cache); i++)
		held->object[i] = held->stamp + i;
}

static bool stamped(const struct held *held)
{
	for (size_t i = 0; i < words(held->cache); i++)
		if (held->object[i] != held->stamp + i)
			return false;
	return true;
}

/* Frees an object, half of the time by way of another thread. */
static void give_up(struct worker *worker, struct held *held, uint64_t random)
{
	void *object = held->object;
	int cache = held->cache, at = (int)((random >> 32) % HANDED);

	if (!stamped(held))
		worker->wrong++;
	held->object = NULL;
	if (random & 1) {
		void *theirs;
		int their_cache;

		pthread_mutex_lock(&handed_lock);
		theirs = handed[at].object;
		their_cache = handed[at].cache;
		handed[at].object = object;
		handed[at].cache = cache;
		pthread_mutex_unlock(&handed_lock);
		object = theirs;
		cache = their_cache;
	}
	if (object) {
		kmem_cache_free(caches[cache], object);
		worker->freed++;
	}
}

static void *work(void *arg)
{
	struct worker *worker = arg;
	uint64_t random = 88172645463325252ull + (uint64_t)worker->number;
	struct held *held = calloc(HELD, sizeof(*held));

	for (long n = 0; n < objects_per_thread; n++) {
		struct held *slot = &held[random_next(&random) % HELD];

		if (slot->object)
			give_up(worker, slot, random_next(&random));
		slot->cache = (int)(random_next(&random) % CACHES);
		slot->object = kmem_cache_alloc(caches[slot->cache], GFP_KERNEL);
		if (!slot->object) {
			worker->missing++;
			continue;
		}
		slot->stamp = ((uint64_t)worker->number << 56) + ((uint64_t)n << 16);
		stamp(slot);
		if (n % 5000 == 0)
			kmem_cache_shrink(caches[random_next(&random) % CACHES]);
		if (n % 4001 == 0) {
			struct kmem_cache *own = kmem_cache_create("own", 24 + n % 512, 0, 0, NULL);

			kmem_cache_free(own, kmem_cache_alloc(own, GFP_KERNEL));
			kmem_cache_destroy(own);
		}
	}
	for (int i = 0; i < HELD; i++)
		if (held[i].object)
			give_up(worker, &held[i], 0);
	free(held);
	return NULL;
}

static void stamped_over_their_full_length(struct kunit *test)
{
	static struct worker workers[THREADS];
	long freed = 0;

	objects_per_thread = stress(1000000) / THREADS;
	for (int c = 0; c < CACHES; c++) {
		char name[32];

		snprintf(name, sizeof(name), "stress_%d", c);
		sizes[c] = 8 + (size_t)c * (c < 60 ? 8 : 40);
		caches[c] = kmem_cache_create(name, sizes[c], c % 7 ? 0 : 64,
					      c % 10 == 9 ? SLAB_RED_ZONE | SLAB_POISON : SLAB_NO_MERGE, NULL);
		KUNIT_ASSERT_NOT_NULL(test, caches[c]);
	}
	for (int t = 0; t < THREADS; t++) {
		workers[t].number = t;
		pthread_create(&workers[t].thread, NULL, work, &workers[t]);
	}
	for (int t = 0; t < THREADS; t++) {
		pthread_join(workers[t].thread, NULL);
		KUNIT_EXPECT_EQ(test, workers[t].wrong, 0);
		KUNIT_EXPECT_EQ(test, workers[t].missing, 0);
		freed += workers[t].freed;
	}
	for (int i = 0; i < HANDED; i++) {
		if (handed[i].object) {
			kmem_cache_free(caches[handed[i].cache], handed[i].object);
			freed++;
		}
	}
	KUNIT_EXPECT_EQ(test, freed, objects_per_thread * THREADS);
	for (int c = 0; c < CACHES; c++) {
		char name[32];

		snprintf(name, sizeof(name), "stress_%d", c);
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(caches[c]), 0);
		KUNIT_EXPECT_EQ(test, slabinfo_row(name).active, 0);
		kmem_cache_destroy(caches[c]);
	}
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	KTEST_EXPECT_SILENT(test);
}

/* Has slabinfo written by several threads at a time. */
static void slabinfo_to_nowhere(void)
{
	int fd = open("/dev/null", O_WRONLY);

	kmem_slabinfo_write(fd);
	close(fd);
}

static void *churn(void *arg)
{
	struct worker *worker = arg;

	for (int i = 0; i < 2000; i++) {
		char name[32];
		struct kmem_cache *cache;
		void *object;

		snprintf(name, sizeof(name), "churn_%d_%d", worker->number, i % 10);
		cache = kmem_cache_create(name, 64 + i % 5 * 8, 0, i & 1 ? SLAB_NO_MERGE : 0, NULL);
		object = kmem_cache_zalloc(cache, GFP_KERNEL);
		if (!object)
			worker->missing++;
		if (i % 50 == 0)
			slabinfo_to_nowhere();
		kmem_cache_free(cache, object);
		kmem_cache_destroy(cache);
	}
	return NULL;
}

/* Creation, merging, destruction and slabinfo from many threads at once. */
static void caches_come_and_go(struct kunit *test)
{
	static struct worker workers[THREADS];

	for (int t = 0; t < THREADS; t++) {
		workers[t].number = t;
		pthread_create(&workers[t].thread, NULL, churn, &workers[t]);
	}
	for (int t = 0; t < THREADS; t++) {
		pthread_join(workers[t].thread, NULL);
		KUNIT_EXPECT_EQ(test, workers[t].missing, 0);
	}
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(KTEST(stamped_over_their_full_length, .seconds = 300), KTEST(caches_come_and_go))
