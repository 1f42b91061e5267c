// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Memory pools: the reserve, waiting, resizing, failure at every step.
 * At risk: an element lost or handed out twice, a waiter that nobody wakes, a callback under a lock.
 */
#include <pthread.h>
#include <time.h>

#include "ktest.h"
#include "util.h"

#include <kmem/mempool.h>

/* An allocator that fails on request and counts what it has out. */
static struct {
	int allowed; /* allocations until the next fails; negative: no limit */
	int out, calls;
	gfp_t flags[64];
	mempool_t *reenter;
} backing = { .allowed = -1 };

static void *backing_alloc(gfp_t flags, void *data)
{
	int call = __atomic_fetch_add(&backing.calls, 1, __ATOMIC_RELAXED);

	(void)data;
	if (call < 64)
		backing.flags[call] = flags;
	if (backing.allowed == 0)
		return NULL;
	if (backing.allowed > 0)
		backing.allowed--;
	__atomic_fetch_add(&backing.out, 1, __ATOMIC_RELAXED);
	return malloc(16);
}

static void backing_free(void *element, void *data)
{
	(void)data;
	if (backing.reenter) /* the lock of the pool is not held */
		mempool_free(mempool_alloc_preallocated(backing.reenter), backing.reenter);
	__atomic_fetch_sub(&backing.out, 1, __ATOMIC_RELAXED);
	free(element);
}

static void reserve(struct kunit *test)
{
	mempool_t *pool = mempool_create(3, backing_alloc, backing_free, NULL);
	void *p[4];

	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_EXPECT_EQ(test, backing.out, 3);
	KUNIT_EXPECT_TRUE(test, mempool_initialized(pool) && mempool_is_saturated(pool));
	p[0] = mempool_alloc(pool, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 3);
	backing.allowed = 0;
	for (int i = 1; i < 4; i++)
		p[i] = mempool_alloc(pool, GFP_NOIO);
	KUNIT_EXPECT_TRUE(test, p[1] && p[2] && p[3] && p[1] != p[2] && p[2] != p[3] && p[1] != p[3]);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 0);
	KUNIT_EXPECT_NULL(test, mempool_alloc(pool, GFP_ATOMIC));
	KUNIT_EXPECT_NULL(test, mempool_alloc_preallocated(pool));
	for (int i = 0; i < 4; i++)
		mempool_free(p[i], pool);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 3);
	KUNIT_EXPECT_EQ(test, backing.out, 3);
	mempool_free(NULL, pool);
	mempool_destroy(pool);
	mempool_destroy(NULL);
	KUNIT_EXPECT_EQ(test, backing.out, 0);
	KTEST_EXPECT_SILENT(test);
}

/* The first attempt neither sleeps nor starts I/O, the second may; none warns. */
static void flags_of_attempts(struct kunit *test)
{
	mempool_t *pool = mempool_create(1, backing_alloc, backing_free, NULL);
	gfp_t added = __GFP_NOMEMALLOC | __GFP_NORETRY | __GFP_NOWARN;
	void *p, *q;

	KUNIT_EXPECT_EQ(test, backing.flags[0], GFP_KERNEL);
	p = mempool_alloc_preallocated(pool);
	backing.calls = backing.allowed = 0;
	q = mempool_alloc(pool, GFP_ATOMIC);
	KUNIT_EXPECT_NULL(test, q);
	KUNIT_EXPECT_EQ(test, backing.calls, 1);
	KUNIT_EXPECT_EQ(test, backing.flags[0], GFP_ATOMIC | added);
	mempool_free(p, pool);
	backing.calls = 0;
	p = mempool_alloc(pool, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, backing.calls, 1);
	KUNIT_EXPECT_EQ(test, backing.flags[0], (GFP_KERNEL | added) & ~(__GFP_DIRECT_RECLAIM | __GFP_IO));
	mempool_free(p, pool);
	mempool_destroy(pool);
}

static void failing_creation(struct kunit *test)
{
	for (int n = 0; n < 5; n++) {
		mempool_t embedded;

		backing.allowed = n;
		KUNIT_EXPECT_NULL(test, mempool_create(5, backing_alloc, backing_free, NULL));
		KUNIT_EXPECT_EQ(test, backing.out, 0);
		backing.allowed = n;
		KUNIT_EXPECT_EQ(test, mempool_init(&embedded, 5, backing_alloc, backing_free, NULL), -ENOMEM);
		KUNIT_EXPECT_EQ(test, backing.out, 0);
		KUNIT_EXPECT_FALSE(test, mempool_initialized(&embedded));
		mempool_exit(&embedded);
	}
}

static void embedded(struct kunit *test)
{
	mempool_t pool = { 0 };

	mempool_exit(&pool);
	KUNIT_EXPECT_EQ(test, mempool_init(&pool, 2, backing_alloc, backing_free, NULL), 0);
	mempool_exit(&pool);
	mempool_exit(&pool);
	KUNIT_EXPECT_EQ(test, backing.out, 0);
}

static void resize(struct kunit *test)
{
	mempool_t *pool = mempool_create(4, backing_alloc, backing_free, NULL);

	KUNIT_EXPECT_EQ(test, mempool_resize(pool, 9), 0);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 9);
	KUNIT_EXPECT_EQ(test, mempool_resize(pool, 2), 0);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 2);
	KUNIT_EXPECT_EQ(test, backing.out, 2);
	backing.allowed = 1;
	KUNIT_EXPECT_EQ(test, mempool_resize(pool, 6), 0);
	KUNIT_EXPECT_EQ(test, pool->curr_nr, 3);
	KUNIT_EXPECT_EQ(test, pool->min_nr, 6);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, mempool_resize(pool, 0), -EINVAL);
	backing.reenter = pool;
	KUNIT_EXPECT_EQ(test, mempool_resize(pool, 1), 0);
	backing.reenter = NULL;
	mempool_destroy(pool);
	KUNIT_EXPECT_EQ(test, backing.out, 0);
}

static void helpers(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("pool", 72, 0, SLAB_NO_MERGE, NULL);
	mempool_t *slab = mempool_create_slab_pool(4, cache), *kmalloced = mempool_create_kmalloc_pool(4, 300);
	mempool_t *paged = mempool_create_page_pool(2, 1), kv;
	void *p;

	KUNIT_EXPECT_EQ(test, slabinfo_row("pool").slabs, 1);
	p = mempool_alloc(slab, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, ksize(p), 72);
	mempool_free(p, slab);
	p = mempool_alloc(kmalloced, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, ksize(p), 512);
	mempool_free(p, kmalloced);
	p = mempool_alloc(paged, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, ksize(p), 8192);
	mempool_free(p, paged);
	KUNIT_EXPECT_EQ(test, mempool_init_kvmalloc_pool(&kv, 1, 5 << 20), 0);
	p = mempool_alloc(&kv, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, is_vmalloc_addr(p));
	mempool_free(p, &kv);
	mempool_exit(&kv);
	mempool_destroy(slab);
	mempool_destroy(kmalloced);
	mempool_destroy(paged);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static mempool_t *shared;

static void *free_later(void *element)
{
	struct timespec pause = { .tv_nsec = 100000000 };

	nanosleep(&pause, NULL);
	mempool_free(element, shared);
	return NULL;
}

/* A request that may sleep gets the element that another thread gives back, at once. */
static void waits(struct kunit *test)
{
	struct timespec start, end;
	pthread_t thread;
	void *p, *q;

	shared = mempool_create(1, backing_alloc, backing_free, NULL);
	backing.allowed = 0;
	p = mempool_alloc(shared, GFP_KERNEL);
	pthread_create(&thread, NULL, free_later, p);
	clock_gettime(CLOCK_MONOTONIC, &start);
	q = mempool_alloc(shared, GFP_KERNEL);
	clock_gettime(CLOCK_MONOTONIC, &end);
	KUNIT_EXPECT_PTR_EQ(test, p, q);
	KUNIT_EXPECT_LE(test, end.tv_sec - start.tv_sec, 3);
	pthread_join(thread, NULL);
	mempool_free(q, shared);
	mempool_destroy(shared);
}

enum { THREADS = 6, RESERVE = 3, ROUNDS = 3000 };

static void *take_and_give(void *failed)
{
	for (int i = 0; i < ROUNDS; i++) {
		int *p = mempool_alloc(shared, GFP_NOIO);

		if (!p || __atomic_exchange_n(p, 1, __ATOMIC_ACQUIRE)) {
			__atomic_fetch_add((int *)failed, 1, __ATOMIC_RELAXED);
			continue;
		}
		if (i % 64 == 0)
			sched_yield();
		__atomic_store_n(p, 0, __ATOMIC_RELEASE);
		mempool_free(p, shared);
	}
	return NULL;
}

static void *zeroed_alloc(gfp_t flags, void *data)
{
	int *p = backing_alloc(flags, data);

	if (p)
		*p = 0;
	return p;
}

/* More threads than elements, and nothing but the reserve: everybody comes through, and no element has two owners. */
static void contended(struct kunit *test)
{
	pthread_t thread[THREADS];
	int failed = 0;

	shared = mempool_create(RESERVE, zeroed_alloc, backing_free, NULL);
	backing.allowed = 0;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&thread[i], NULL, take_and_give, &failed);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	KUNIT_EXPECT_EQ(test, failed, 0);
	KUNIT_EXPECT_EQ(test, shared->curr_nr, RESERVE);
	mempool_destroy(shared);
	KUNIT_EXPECT_EQ(test, backing.out, 0);
}

static bool enough;

/* Empties the reserve and fills it again. */
static void *take_and_give_all(void *unused)
{
	void *some[40];

	while (!__atomic_load_n(&enough, __ATOMIC_RELAXED)) {
		size_t n = 0;

		while (n < ARRAY_LEN(some) && (some[n] = mempool_alloc_preallocated(shared)))
			n++;
		while (n > 0)
			mempool_free(some[--n], shared);
	}
	return unused;
}

/* What comes back while the reserve becomes smaller is not kept in an array that is made for the new size. */
static void resize_while_elements_come_back(struct kunit *test)
{
	int too_many = 0;
	pthread_t thread;

	shared = mempool_create(40, backing_alloc, backing_free, NULL);
	pthread_create(&thread, NULL, take_and_give_all, NULL);
	for (int i = 0; i < 50000; i++) {
		KUNIT_ASSERT_TRUE(test, mempool_resize(shared, 2) == 0);
		too_many += __atomic_load_n(&shared->curr_nr, __ATOMIC_RELAXED) > 2;
		KUNIT_ASSERT_TRUE(test, mempool_resize(shared, 40) == 0);
	}
	__atomic_store_n(&enough, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, too_many, 0);
	mempool_destroy(shared);
	KUNIT_EXPECT_EQ(test, backing.out, 0);
}

static int handled;

static void use_pools(int signal)
{
	static mempool_t own[32];
	void *p = mempool_alloc(shared, GFP_ATOMIC);

	(void)signal;
	if (p)
		mempool_free(p, shared);
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (mempool_init(&own[i], 2, mempool_kmalloc, mempool_kfree, (void *)100) == 0)
			mempool_exit(&own[i]);
	handled++;
}

/* A handler finds the lock of any pool held by the thread that it interrupted. */
static void g2_handler_under_a_pools_lock(struct kunit *test)
{
	struct itimerspec soon = { .it_value = { 0, 50000 } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	timer_t timer;
	void *p;

	shared = mempool_create_kmalloc_pool(4, 100);
	signal(SIGUSR1, use_pools);
	KUNIT_ASSERT_TRUE(test, timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	for (int n = 0, armed = 0; n < 1000; n = __atomic_load_n(&handled, __ATOMIC_RELAXED)) {
		if (armed == n) {
			timer_settime(timer, 0, &soon, NULL);
			armed++;
		}
		p = mempool_alloc_preallocated(shared);
		KUNIT_ASSERT_NOT_NULL(test, p);
		mempool_free(p, shared);
	}
	timer_delete(timer);
	KUNIT_EXPECT_EQ(test, shared->curr_nr, 4);
	mempool_destroy(shared);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(KTEST(reserve), KTEST(flags_of_attempts), KTEST(failing_creation), KTEST(embedded), KTEST(resize), KTEST(helpers),
	   KTEST(waits), KTEST(contended), KTEST(resize_while_elements_come_back),
	   KTEST(g2_handler_under_a_pools_lock))
