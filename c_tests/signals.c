// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Signal handlers that allocate and free, whatever they interrupt (docs/guarantees.md, 2).
 *
 * At risk: a handler that waits for the lock its own thread holds, an object that two owners have, a free that gets lost
 * because it came at a bad moment. KMEM_STRESS=<handler calls> (default 30000) in all. The moment under the library's
 * locks (`under_locks.h`) is one that a storm of signals meets only now and then.
 */
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "ktest.h"
#include "slow_report.h"
#include "under_locks.h"
#include "util.h"

/* --- a storm --- */

enum { CACHES = 12, HELD = 64, SHARED = 32, NESTED = 2 };

static struct kmem_cache *caches[CACHES];
static size_t sizes[CACHES];
static long wrong, refused, handled, wanted;
static pthread_t target;

struct held {
	uint64_t *object;
	int cache;
	uint64_t stamp;
};

/* What each flow of control has: the main one, and each of two signals. */
static struct held held[1 + NESTED][HELD];
static uint64_t random_state[1 + NESTED] = { 0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb };
static long nr_stamps[1 + NESTED];
/* On the way from one flow to another. */
static void *shared[CACHES][SHARED];

/* A constructed object keeps its first word while it is free; an owner may change what follows. */
static const uint64_t BUILT = 0x6275696c74206f6b;

static void build(void *object)
{
	*(uint64_t *)object = BUILT;
}

static bool is_built(int cache)
{
	return cache % 4 == 3;
}

static void stamp_object(struct held *h)
{
	for (size_t i = is_built(h->cache); i < sizes[h->cache] / 8; i++)
		h->object[i] = h->stamp + i;
}

static bool is_stamped(const struct held *h)
{
	if (is_built(h->cache) && h->object[0] != BUILT)
		return false;
	for (size_t i = is_built(h->cache); i < sizes[h->cache] / 8; i++)
		if (h->object[i] != h->stamp + i)
			return false;
	return true;
}

static void count(long *what)
{
	__atomic_add_fetch(what, 1, __ATOMIC_RELAXED);
}

static void give_up(int flow, struct held *h)
{
	uint64_t random = random_next(&random_state[flow]);
	void *object = h->object;

	if (!is_stamped(h))
		count(&wrong);
	h->object = NULL;
	if (random & 1)
		object = __atomic_exchange_n(&shared[h->cache][random / 2 % SHARED], object, __ATOMIC_ACQ_REL);
	if (object && random & 64)
		kmem_cache_free_bulk(random & 128 ? caches[h->cache] : NULL, 1, &object);
	else if (object)
		kmem_cache_free(caches[h->cache], object);
}

static void step(int flow, gfp_t gfp)
{
	uint64_t random = random_next(&random_state[flow]);
	struct held *h = &held[flow][random % HELD];

	if (h->object)
		give_up(flow, h);
	h->cache = (int)(random / HELD % CACHES);
	if (random >> 60 == 0) {
		if (!kmem_cache_alloc_bulk(caches[h->cache], gfp, 1, (void **)&h->object))
			h->object = NULL;
	} else {
		h->object = kmem_cache_alloc(caches[h->cache], gfp);
	}
	if (!h->object) {
		count(&refused);
		return;
	}
	h->stamp = ((uint64_t)flow + 1) << 56 | (uint64_t)++nr_stamps[flow] << 8;
	if (is_built(h->cache) && h->object[0] != BUILT)
		count(&wrong);
	stamp_object(h);
}

static void handler(int signal)
{
	int flow = signal == SIGALRM ? 1 : 2, before = errno;

	errno = 4711;
	for (int i = 0; i < 4; i++)
		step(flow, i & 1 ? GFP_ATOMIC : GFP_NOWAIT);
	if (errno != 4711)
		count(&wrong);
	errno = before;
	count(&handled);
}

static void *send_signals(void *unused)
{
	while (__atomic_load_n(&handled, __ATOMIC_RELAXED) < wanted) {
		pthread_kill(target, SIGUSR1);
		for (int i = 0; i < 200; i++)
			__atomic_load_n(&handled, __ATOMIC_RELAXED);
		sched_yield();
	}
	return unused;
}

static void *use_too(void *unused)
{
	void *objects[40];

	while (__atomic_load_n(&handled, __ATOMIC_RELAXED) < wanted) {
		for (int c = 0; c < CACHES; c++) {
			for (size_t i = 0; i < ARRAY_LEN(objects); i++)
				if ((objects[i] = kmem_cache_alloc(caches[c], GFP_KERNEL)) && !is_built(c))
					memset(objects[i], 0xee, sizes[c]);
			for (size_t i = 0; i < ARRAY_LEN(objects); i++)
				kmem_cache_free(caches[c], objects[i]);
		}
	}
	return unused;
}

static void storm(struct kunit *test)
{
	static const unsigned long flags[4] = { 0, SLAB_RED_ZONE | SLAB_POISON, SLAB_TYPESAFE_BY_RCU, 0 };
	struct itimerspec often = { { 0, 50000 }, { 0, 50000 } };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM };
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
	pthread_t sender, user;
	long rounds = 0;
	timer_t timer;

	wanted = stress(30000);
	for (int c = 0; c < CACHES; c++) {
		sizes[c] = 32u << (c % 6);
		caches[c] = kmem_cache_create("storm", sizes[c], 0, flags[c % 4] | SLAB_NO_MERGE,
					      is_built(c) ? build : NULL);
	}
	target = pthread_self();
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	event._sigev_un._tid = gettid();
	KUNIT_ASSERT_TRUE(test, timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	timer_settime(timer, 0, &often, NULL);
	pthread_create(&sender, NULL, send_signals, NULL);
	pthread_create(&user, NULL, use_too, NULL);
	while (__atomic_load_n(&handled, __ATOMIC_RELAXED) < wanted) {
		step(0, GFP_KERNEL);
		rounds++;
		if (rounds % 1000 == 0)
			kmem_cache_shrink(caches[random_next(&random_state[0]) % CACHES]);
		if (rounds % 5000 == 0) {
			struct kmem_cache *own = kmem_cache_create("own", 100, 0, SLAB_NO_MERGE, NULL);

			kmem_cache_free(own, kmem_cache_alloc(own, GFP_KERNEL));
			kmem_cache_destroy(own);
		}
	}
	timer_delete(timer);
	pthread_join(sender, NULL);
	pthread_join(user, NULL);
	signal(SIGALRM, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	/* Handlers get some of what they ask for: how much depends on how long the flow that they interrupt is inside. */
	KUNIT_EXPECT_LT(test, refused, 4 * handled - handled / 25);
	for (int flow = 0; flow <= NESTED; flow++)
		for (int i = 0; i < HELD; i++)
			if (held[flow][i].object)
				give_up(flow, &held[flow][i]);
	for (int c = 0; c < CACHES; c++)
		for (int i = 0; i < SHARED; i++)
			kmem_cache_free(caches[c], shared[c][i]);
	for (int c = 0; c < CACHES; c++) {
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(caches[c]), 0);
		kmem_cache_destroy(caches[c]);
	}
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	KTEST_EXPECT_SILENT(test);
}

static void g2_storm(struct kunit *test)
{
	storm(test);
}

static void g2_storm_hardened(struct kunit *test)
{
	storm(test);
}

static void g2_storm_quarantine(struct kunit *test)
{
	storm(test);
}

/* --- by size, where the size that was asked for is kept under the list lock --- */

enum { SIZED = 4000 };
static char *sized[SIZED];

static void resize_and_free(int signal)
{
	static int at;
	char *object, *larger;
	int before = errno;

	(void)signal;
	if (at >= SIZED)
		return;
	object = sized[at];
	errno = 4711;
	/* 40 bytes at least, and no more than the cache's objects have. */
	if (kmem_ksize(object) < 40 || kmem_ksize(object) > 64 || object[0] != 1 || object[39] != 1)
		count(&wrong);
	switch (at % 3) {
	case 0:
		kmem_kfree_sensitive(object);
		break;
	case 1:
		larger = kmem_krealloc(object, 8, GFP_ATOMIC);
		if (larger != object)
			count(&wrong);
		kmem_kfree(larger);
		break;
	default:
		larger = kmem_krealloc(object, 100, GFP_ATOMIC | __GFP_ZERO);
		if (larger && (larger[39] != 1 || larger[99] != 0))
			count(&wrong);
		kmem_kvfree(larger ?: object);
	}
	if (errno != 4711)
		count(&wrong);
	errno = before;
	__atomic_store_n(&handled, ++at, __ATOMIC_RELAXED);
}

static void g2_sizes_are_asked_for_anywhere(struct kunit *test)
{
	struct itimerspec often = { { 0, 50000 }, { 0, 50000 } };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
	timer_t timer;

	for (int i = 0; i < SIZED; i++)
		memset(sized[i] = kmem_kmalloc(40, GFP_KERNEL), 1, 40);
	signal(SIGUSR1, resize_and_free);
	event._sigev_un._tid = gettid();
	KUNIT_ASSERT_TRUE(test, timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	timer_settime(timer, 0, &often, NULL);
	while (__atomic_load_n(&handled, __ATOMIC_RELAXED) < SIZED)
		kmem_kfree(kmem_kmalloc(40, GFP_KERNEL));
	timer_delete(timer);
	signal(SIGUSR1, SIG_IGN);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, slabinfo_row("kmalloc-64").active, 0);
	KTEST_EXPECT_SILENT(test);
}

/* --- the worst moment, on purpose --- */

enum { MANY = 3000 };
static struct kmem_cache *plain, *built, *other;
static void *objects[MANY], *from_handler[4];
static int entered;

/* Has the library call mprotect, with a lock held. */
static void interrupt(void (*work)(void))
{
	struct kmem_cache *cache = kmem_cache_create("growing", 1 << 20, 0, SLAB_NO_MERGE, NULL);
	void *large[64];
	int n = 0;

	under_locks = work;
	while (under_locks && n < 64)
		large[n++] = kmem_cache_alloc(cache, GFP_KERNEL);
	while (n > 0)
		kmem_cache_free(cache, large[--n]);
	kmem_cache_destroy(cache);
}

static void free_many(void)
{
	entered++;
	errno = 4711;
	for (int i = 0; i < MANY / 3; i++)
		kmem_cache_free(i & 1 ? plain : built, objects[i]);
	kmem_cache_free_bulk(NULL, MANY / 3, objects + MANY / 3);
	for (int i = 2 * MANY / 3; i < MANY; i += 2)
		kmem_cache_free_bulk(built, 1, objects + i);
	for (int i = 2 * MANY / 3 + 1; i < MANY; i += 2)
		kmem_cache_free_bulk(plain, 1, objects + i);
	if (errno != 4711)
		entered = -1000;
}

static void frees(struct kunit *test, bool destroy_at_once)
{
	plain = kmem_cache_create("plain", 1000, 0, SLAB_NO_MERGE, NULL);
	built = kmem_cache_create("built", 1000, 0, SLAB_NO_MERGE, build);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < MANY; i++)
			objects[i] = kmem_cache_alloc(i & 1 ? plain : built, GFP_KERNEL);
		for (int i = 0; i < MANY; i += 2)
			KUNIT_EXPECT_EQ(test, *(uint64_t *)objects[i], BUILT);
		/* A zone grows once and keeps what it has: more is asked for in each round. */
		interrupt(free_many);
		if (entered <= round)
			break;
		if (destroy_at_once)
			break;
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(plain) + kmem_cache_shrink(built), 0);
		KUNIT_EXPECT_EQ(test, slabinfo_row("plain").active, 0);
		KUNIT_EXPECT_EQ(test, slabinfo_row("built").active, 0);
	}
	KUNIT_EXPECT_GE(test, entered, 1);
	kmem_cache_destroy(plain);
	kmem_cache_destroy(built);
	KTEST_EXPECT_SILENT(test);
}

static void g2_a_free_under_a_lock_takes_effect(struct kunit *test)
{
	frees(test, false);
}

static void g2_a_free_under_a_lock_is_no_leak(struct kunit *test)
{
	frees(test, true);
}

static void free_wrongly(void)
{
	entered++;
	kmem_cache_free(plain, objects[0]);
	kmem_cache_free(plain, objects[0]);
	kmem_cache_free(built, objects[1]);
	kmem_cache_free(plain, (char *)objects[2] + 8);
}

/* What is wrong is said when it is found, not in the handler. */
static void g2_a_wrong_free_under_a_lock_is_reported_later(struct kunit *test)
{
	plain = kmem_cache_create("plain", 100, 0, SLAB_NO_MERGE, NULL);
	built = kmem_cache_create("built", 100, 0, SLAB_NO_MERGE, build);
	for (int i = 0; i < 3; i++)
		objects[i] = kmem_cache_alloc(plain, GFP_KERNEL);
	interrupt(free_wrongly);
	kmem_cache_shrink(plain);
	KUNIT_EXPECT_EQ(test, entered, 1);
	KTEST_EXPECT_SAID(test, "BUG plain (Not tainted): Object already free\n");
	KTEST_EXPECT_SAID(test, "Wrong slab cache. built but object is from plain\n");
	KTEST_EXPECT_SAID(test, "BUG plain (Tainted: G    B): Invalid object pointer");
	KUNIT_EXPECT_EQ(test, slabinfo_row("plain").active, 1);
	KUNIT_EXPECT_EQ(test, slabinfo_row("built").active, 0);
}

static void free_foreign(void)
{
	kmem_cache_free(plain, &plain);
}

/* A child that is forked while another thread reports such a free does not wait for that thread. */
static void g2_a_report_that_a_fork_leaves_behind(struct kunit *test)
{
	struct kmem_cache *growing;
	pthread_t reporter;
	int wstatus = -1;
	pid_t pid;

	plain = kmem_cache_create("plain", 100, 0, SLAB_NO_MERGE, NULL);
	growing = kmem_cache_create("growing", 1 << 20, 0, SLAB_NO_MERGE, NULL);
	under_locks = free_foreign;
	while (under_locks)
		kmem_cache_alloc(growing, GFP_KERNEL);
	reporter = report_begin(test, shrink_and_report, plain);
	pid = fork();
	if (pid == 0) {
		long before = sleeps();

		for (int i = 0; i < 3; i++)
			kmem_cache_shrink(plain);
		_exit(sleeps() - before < 50 ? 0 : 1);
	}
	KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	report_end(reporter);
}

static struct kmem_cache *checked;

static void free_what_is_said_about(void)
{
	kmem_cache_free(plain, &plain);
	kmem_cache_free(checked, objects[0]);
}

static void free_the_last(void)
{
	kmem_cache_free(checked, objects[0]);
}

/* Has a thread say something about frees that a handler makes under a lock; returns when it is about it. */
static pthread_t report_frees(struct kunit *test, void (*frees)(void))
{
	struct kmem_cache *growing = kmem_cache_create("growing", 1 << 20, 0, SLAB_NO_MERGE, NULL);

	under_locks = frees;
	while (under_locks)
		kmem_cache_alloc(growing, GFP_KERNEL);
	return report_begin(test, shrink_and_report, plain);
}

static void *end_soon(void *unused)
{
	usleep(200000);
	__atomic_store_n(&report_may_end, true, __ATOMIC_RELEASE);
	return unused;
}

/* What a thread has taken in and not yet dealt with is no leftover. */
static void g2_a_report_beside_a_destroy(struct kunit *test)
{
	pthread_t reporter, ender;

	plain = kmem_cache_create("plain", 100, 0, SLAB_NO_MERGE, NULL);
	checked = kmem_cache_create("checked", 100, 0, SLAB_NO_MERGE | SLAB_POISON, NULL);
	objects[0] = kmem_cache_alloc(checked, GFP_KERNEL);
	reporter = report_frees(test, free_what_is_said_about);
	pthread_create(&ender, NULL, end_soon, NULL);
	kmem_cache_destroy(checked);
	KUNIT_EXPECT_TRUE(test, report_may_end);
	pthread_join(ender, NULL);
	report_end(reporter);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_create("next", 100, 0, SLAB_NO_MERGE, NULL) == checked, 1);
}

/* Nor is a cache gone whose last slab a thread still looks at. */
static void g2_a_report_that_outlasts_a_destroy(struct kunit *test)
{
	const slab_flags_t flags = SLAB_NO_MERGE | SLAB_POISON | SLAB_RED_ZONE | SLAB_CONSISTENCY_CHECKS;
	pthread_t reporter;

	plain = kmem_cache_create("plain", 100, 0, SLAB_NO_MERGE, NULL);
	checked = kmem_cache_create("checked", 100, 0, flags, NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_store(checked, "min_partial", "0", 1), 1);
	objects[0] = kmem_cache_alloc(checked, GFP_KERNEL);
	objects[1] = kmem_cache_alloc(checked, GFP_KERNEL);
	kmem_cache_free(checked, objects[1]);
	((volatile char *)objects[1])[5] = 0x42;
	reporter = report_frees(test, free_the_last);
	kmem_cache_destroy(checked);
	KUNIT_EXPECT_EQ(test, slabinfo_row("checked").objects, 0);
	KUNIT_EXPECT_PTR_NE(test, kmem_cache_create("next", 100, 0, flags, NULL), checked);
	report_end(reporter);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 1);
}

static void allocate(void)
{
	entered++;
	from_handler[0] = kmem_cache_alloc(plain, GFP_ATOMIC);
	from_handler[1] = kmem_cache_zalloc(plain, GFP_NOWAIT);
	if (!kmem_cache_alloc_bulk(plain, GFP_ATOMIC, 2, from_handler + 2))
		from_handler[2] = NULL;
	/* There is no slab for these, and now is not the time to make one. */
	if (kmem_cache_alloc(other, GFP_ATOMIC) || kmem_cache_alloc_bulk(other, GFP_ATOMIC, 2, objects))
		entered = -1000;
}

static void g2_an_allocation_under_a_lock_takes_what_is_there(struct kunit *test)
{
	plain = kmem_cache_create("plain", 100, 0, SLAB_NO_MERGE, NULL);
	other = kmem_cache_create("other", 100, 0, SLAB_NO_MERGE, NULL);
	objects[0] = kmem_cache_alloc(plain, GFP_KERNEL);
	interrupt(allocate);
	KUNIT_EXPECT_EQ(test, entered, 1);
	for (int i = 0; i < 4; i++) {
		KUNIT_ASSERT_NOT_NULL(test, from_handler[i]);
		for (int j = 0; j < i; j++)
			KUNIT_EXPECT_PTR_NE(test, from_handler[i], from_handler[j]);
		kmem_cache_free(plain, from_handler[i]);
	}
	kmem_cache_free(plain, objects[0]);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_destroy(plain);
	kmem_cache_destroy(other);
	KTEST_EXPECT_SILENT(test);
}

static void call_what_waits(void)
{
	struct kmem_cache_usage usage = { .size = sizeof(usage) };

	entered++;
	if (kmem_cache_create("now", 100, 0, 0, NULL))
		entered = -1000;
	kmem_cache_destroy(plain);
	if (kmem_cache_shrink(plain) != 1)
		entered = -1000;
	kmem_reclaim();
	if (kmem_slabinfo_write(STDERR_FILENO) != -EBUSY || kmem_cache_usage(plain, &usage) != -EBUSY)
		entered = -1000;
	if (kmem_cache_size(plain) != 100)
		entered = -1000;
}

static void g2_what_would_wait_is_refused(struct kunit *test)
{
	plain = kmem_cache_create("plain", 100, 0, SLAB_NO_MERGE, NULL);
	objects[0] = kmem_cache_alloc(plain, GFP_KERNEL);
	interrupt(call_what_waits);
	KUNIT_EXPECT_EQ(test, entered, 1);
	KTEST_EXPECT_SAID(test, "kmem_cache_create(now) integrity check failed\n"
				"kmem_cache_create(now) failed with error -22\n");
	KTEST_EXPECT_SAID(test, "BUG: scheduling while atomic: signals/");
	KTEST_EXPECT_SAID(test, "kmem_cache_destroy(plain): called from a signal handler that interrupted the library, ignored\n");
	KTEST_EXPECT_SAID(test, "kmem_cache_shrink(plain): called from");
	KTEST_EXPECT_SAID(test, "kmem_reclaim(): called from");
	KUNIT_EXPECT_EQ(test, slabinfo_row("plain").active, slabinfo_row("plain").objects);
	kmem_cache_free(plain, objects[0]);
	kmem_cache_destroy(plain);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

KTEST_MAIN(
	KTEST(g2_storm, .seconds = 3000),
	KTEST(g2_storm_hardened, .cmdline = "kmem.harden=1", .seconds = 3000),
	KTEST(g2_storm_quarantine, .cmdline = "kmem.harden=2", .seconds = 3000),
	KTEST(g2_sizes_are_asked_for_anywhere, .cmdline = "slab_debug=ZU", .seconds = 30),
	{ .name = "g2_sizes_are_asked_for_anywhere_checked", .run = g2_sizes_are_asked_for_anywhere, .cmdline = "slab_debug", .seconds = 30 },
	KTEST(g2_a_free_under_a_lock_takes_effect),
	KTEST(g2_a_free_under_a_lock_is_no_leak),
	KTEST(g2_a_wrong_free_under_a_lock_is_reported_later), KTEST(g2_a_report_that_a_fork_leaves_behind),
	KTEST(g2_a_report_beside_a_destroy), KTEST(g2_a_report_that_outlasts_a_destroy),
	KTEST(g2_an_allocation_under_a_lock_takes_what_is_there),
	KTEST(g2_what_would_wait_is_refused))
