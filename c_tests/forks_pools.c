// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Forks of a process whose other threads are busy with memory pools (docs/guarantees.md, 1).
 *
 * At risk: a pool that stays locked in the child, a reserve that was being changed, an element that is in it twice, a
 * waiter that nobody wakes. KMEM_STRESS=<forks> (default 500).
 */
#include <pthread.h>
#include <sched.h>

#include "ktest.h"
#include "util.h"

#include <kmem/mempool.h>

enum { POOLS = 4, BUSY = 4, SMALL = BUSY + 2, LARGE = 700 };

struct element {
	int held;
	int words[15];
};

static struct kmem_cache *cache;
/* Their reserves serve every request that may not sleep, and are made larger and smaller all the time. */
static mempool_t *pools[POOLS];
/* One element, for which two threads wait. */
static mempool_t *scarce;
static struct element the_only_one;
static int stop;
static long rounds;

/* Only the reserve itself is filled from the cache. */
static void *fill(gfp_t flags, void *data)
{
	struct element *e = flags & __GFP_DIRECT_RECLAIM ? kmem_cache_alloc(data, flags) : NULL;

	if (e)
		e->held = 0;
	return e;
}

static void *give_once(gfp_t flags, void *data)
{
	static bool given;

	(void)flags;
	return __atomic_exchange_n(&given, true, __ATOMIC_RELAXED) ? NULL : data;
}

static void keep(void *element, void *data)
{
	(void)element;
	(void)data;
}

static bool take(struct element *e)
{
	return __atomic_exchange_n(&e->held, 1, __ATOMIC_ACQUIRE) == 0;
}

static void put(struct element *e, mempool_t *pool)
{
	__atomic_store_n(&e->held, 0, __ATOMIC_RELEASE);
	mempool_free(e, pool);
}

static void *be_busy(void *unused)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		for (int p = 0; p < POOLS; p++) {
			struct element *e = p & 1 ? mempool_alloc_preallocated(pools[p]) : mempool_alloc(pools[p], GFP_ATOMIC);

			/* With one element for each thread and one more there is always one. */
			if (!e || !take(e))
				abort();
			put(e, pools[p]);
		}
		__atomic_add_fetch(&rounds, 1, __ATOMIC_RELAXED);
	}
	return unused;
}

static void *resize(void *unused)
{
	for (int n = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); n++) {
		if (mempool_resize(pools[n % POOLS], n / POOLS % 2 ? SMALL : LARGE) != 0)
			abort();
		sched_yield();
	}
	return unused;
}

static void *wait_for_it(void *unused)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		struct element *e = mempool_alloc(scarce, GFP_KERNEL);

		if (e != &the_only_one || !take(e))
			abort();
		sched_yield();
		put(e, scarce);
	}
	return unused;
}

static void *give_back(void *element)
{
	usleep(1000);
	put(element, scarce);
	return NULL;
}

/* All that a reserve has: no element twice, none that somebody holds, no more than there should be. */
static bool empty_and_fill(mempool_t *pool)
{
	static struct element *taken[LARGE + 1];
	int n = 0;

	while ((taken[n] = mempool_alloc_preallocated(pool))) {
		if (!take(taken[n]) || ++n > pool->min_nr)
			return false;
	}
	for (int i = 0; i < n; i++)
		put(taken[i], pool);
	return pool->curr_nr == n;
}

static void be_a_child(bool waits)
{
	struct element *e;
	mempool_t *own;

	alarm(20);
	for (int p = 0; p < POOLS; p++) {
		if (!empty_and_fill(pools[p]))
			_exit(1);
		if (mempool_resize(pools[p], SMALL) != 0 || mempool_resize(pools[p], LARGE) != 0 || pools[p]->curr_nr != LARGE)
			_exit(2);
		if (mempool_resize(pools[p], SMALL) != 0 || pools[p]->curr_nr != SMALL)
			_exit(3);
		e = mempool_alloc(pools[p], GFP_ATOMIC);
		if (!e || !take(e))
			_exit(4);
		put(e, pools[p]);
	}
	/* The thread that had the element may not be here. Nor are those that waited for it. */
	e = mempool_alloc_preallocated(scarce);
	if (e && !take(e))
		_exit(5);
	if (e && waits) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, give_back, e) != 0 || mempool_alloc(scarce, GFP_KERNEL) != e || !take(e))
			_exit(6);
		pthread_join(thread, NULL);
	}
	if (e)
		put(e, scarce);
	own = mempool_create(3, fill, mempool_free_slab, cache);
	if (!own || !empty_and_fill(own))
		_exit(7);
	mempool_destroy(own);
	for (int p = 0; p < POOLS; p++)
		mempool_destroy(pools[p]);
	mempool_destroy(scarce);
	_exit(*ktest_said() ? 8 : 0);
}

static void g1_pools_in_use(struct kunit *test)
{
	long forks = stress(500);
	void *(*work[])(void *) = { be_busy, be_busy, be_busy, be_busy, resize, wait_for_it, wait_for_it };
	pthread_t threads[ARRAY_LEN(work)];

	cache = kmem_cache_create("elements", sizeof(struct element), 0, SLAB_NO_MERGE, NULL);
	for (int p = 0; p < POOLS; p++)
		pools[p] = mempool_create(SMALL, fill, mempool_free_slab, cache);
	scarce = mempool_create(1, give_once, keep, &the_only_one);
	for (size_t t = 0; t < ARRAY_LEN(work); t++)
		pthread_create(&threads[t], NULL, work[t], NULL);
	for (long i = 0; i < forks && test->failures < 3; i++) {
		int wstatus = 0;
		pid_t pid = fork();

		if (pid == 0)
			be_a_child(i % 8 == 0);
		KUNIT_ASSERT_TRUE(test, waitpid(pid, &wstatus, 0) == pid);
		if (wstatus != 0)
			ktest_fail(test, "child %ld ended with %s %d", i, WIFSIGNALED(wstatus) ? "signal" : "status",
				   WIFSIGNALED(wstatus) ? WTERMSIG(wstatus) : WEXITSTATUS(wstatus));
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (size_t t = 0; t < ARRAY_LEN(work); t++)
		pthread_join(threads[t], NULL);
	KUNIT_EXPECT_GT(test, rounds, 0);
	/* The parent has lost nothing. */
	for (int p = 0; p < POOLS; p++) {
		KUNIT_EXPECT_TRUE(test, empty_and_fill(pools[p]));
		mempool_destroy(pools[p]);
	}
	KUNIT_EXPECT_TRUE(test, empty_and_fill(scarce));
	mempool_destroy(scarce);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(KTEST(g1_pools_in_use, .seconds = 3000))
