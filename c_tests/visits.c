// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Caches that a thread looks at while another one destroys them, or forks.
 *
 * At risk: a destroy that returns with nothing destroyed, because somebody looks, or reports objects that somebody has in
 * his hands; a cache that is gone under who looks; a child that goes on to wait for who looked.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "ktest.h"
#include "util.h"

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static atomic_int stop;

static void *ask_for_usage(void *unused)
{
	struct kmem_usage usage = { .size = sizeof(usage) };

	while (!stop)
		kmem_usage(&usage);
	return unused;
}

static void *ask_for_work(void *unused)
{
	while (!stop) {
		kmem_reclaim();
		kmem_validate();
	}
	return unused;
}

static void count_leftovers(void *data, int level, const char *text, size_t len)
{
	static const char words[] = " still has objects when called from destroy_is_done_on_return+";
	atomic_int *said = data;

	(void)level;
	*said += memmem(text, len, words, strlen(words)) != NULL;
}

/* What another thread looks at is destroyed all the same, by who says so. */
static void destroy_is_done_on_return(struct kunit *test)
{
	enum { ROUNDS = 300 };
	int found = 0, uncounted = 0, merged = 0;
	atomic_int said = 0;
	pthread_t looker;

	kmem_set_log_handler(count_leftovers, &said);
	for (unsigned int i = 0; i < 3; i++)
		KUNIT_ASSERT_NOT_NULL(test, kmem_cache_create("kept", 3000 + 100 * i, 0, SLAB_NO_MERGE, NULL));
	pthread_create(&looker, NULL, ask_for_usage, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		struct kmem_cache *old = kmem_cache_create("old", 104, 0, 0, NULL), *new;
		unsigned long errors = kmem_errors();

		(void)!kmem_cache_alloc(old, GFP_KERNEL);
		kmem_cache_destroy(old);
		uncounted += kmem_errors() == errors;
		found += kmem_cache_find("old") != NULL;
		new = kmem_cache_create("new", 104, 0, 0, NULL);
		merged += kmem_cache_find("new") != new;
		kmem_cache_destroy(new);
	}
	stop = 1;
	pthread_join(looker, NULL);
	KUNIT_EXPECT_EQ(test, found, 0);
	KUNIT_EXPECT_EQ(test, uncounted, 0);
	KUNIT_EXPECT_EQ(test, merged, 0);
	KUNIT_EXPECT_EQ(test, said, ROUNDS);
}

/* What another thread has in its hands is no leftover. */
static void work_is_no_leftover(struct kunit *test)
{
	double end = seconds() + 4;
	pthread_t workers[16];
	void *objects[2000];

	for (size_t t = 0; t < ARRAY_LEN(workers); t++)
		pthread_create(&workers[t], NULL, ask_for_work, NULL);
	for (int i = 0; i < 1000 && seconds() < end; i++) {
		struct kmem_cache *cache = kmem_cache_create("clean", 64, 0, SLAB_NO_MERGE, NULL);

		KUNIT_ASSERT_TRUE(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, ARRAY_LEN(objects), objects) != 0);
		kmem_cache_free_bulk(cache, ARRAY_LEN(objects), objects);
		kmem_cache_destroy(cache);
		KUNIT_ASSERT_TRUE(test, kmem_cache_find("clean") == NULL);
	}
	stop = 1;
	for (size_t t = 0; t < ARRAY_LEN(workers); t++)
		pthread_join(workers[t], NULL);
	KTEST_EXPECT_SILENT(test);
}

static int visited;

static int destroy_twice(struct kmem_cache *cache, void *which)
{
	visited++;
	if (cache == which) {
		kmem_cache_destroy(cache);
		kmem_cache_destroy(cache);
	}
	return 0;
}

static void twice_in_a_visit(struct kunit *test)
{
	struct kmem_cache *old = kmem_cache_create("old", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *new = kmem_cache_create("new", 64, 0, SLAB_NO_MERGE, NULL);

	KUNIT_EXPECT_EQ(test, kmem_cache_for_each(destroy_twice, new), 0);
	KUNIT_EXPECT_EQ(test, visited, 2);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("is not a slab cache\n"), 1);
	KTEST_EXPECT_SAID(test, "kmem_cache_destroy: 0x");
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 1);
	/* The walk had the descriptor to the end of the visit, and no longer. */
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_create("newer", 64, 0, SLAB_NO_MERGE, NULL), new);
	kmem_cache_destroy(old);
}

static atomic_int visiting, destroyed, sizes;

/* Stays for a while with the cache, and then asks something of it. */
static int stay(struct kmem_cache *cache, void *which)
{
	if (cache != which)
		return 0;
	visiting = 1;
	usleep(100000);
	sizes = (int)kmem_cache_size(cache);
	visiting = 0;
	return 1;
}

/* Stays until the cache is destroyed. */
static int stay_on(struct kmem_cache *cache, void *which)
{
	if (cache != which)
		return 0;
	visiting = 1;
	while (!destroyed)
		usleep(1000);
	return 1;
}

static void *visit_shortly(void *which)
{
	kmem_cache_for_each(stay, which);
	return NULL;
}

static void *visit_for_long(void *which)
{
	kmem_cache_for_each(stay_on, which);
	return NULL;
}

static pthread_t visit(struct kunit *test, void *(*how)(void *), struct kmem_cache *which)
{
	pthread_t visitor;

	KUNIT_ASSERT_TRUE(test, pthread_create(&visitor, NULL, how, which) == 0);
	while (!visiting)
		usleep(1000);
	return visitor;
}

static void destroy_waits_for_a_visit(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("visited", 72, 0, SLAB_NO_MERGE, NULL);
	pthread_t visitor = visit(test, visit_shortly, cache);

	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, visiting, 0);
	pthread_join(visitor, NULL);
	KUNIT_EXPECT_EQ(test, sizes, 72);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_create("next", 64, 0, SLAB_NO_MERGE, NULL), cache);
}

/* A visitor who waits for the destroyer does not wait for ever. */
static void destroy_does_not_wait_for_ever(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("visited", 72, 0, SLAB_NO_MERGE, NULL);
	pthread_t visitor = visit(test, visit_for_long, cache);

	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	/* The descriptor is still the visitor's. */
	KUNIT_EXPECT_PTR_NE(test, kmem_cache_create("other", 64, 0, SLAB_NO_MERGE, NULL), cache);
	destroyed = 1;
	pthread_join(visitor, NULL);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_create("next", 64, 0, SLAB_NO_MERGE, NULL), cache);
}

/* The shortest of some forks: others may have kept the processor from the rest. */
static double fork_takes(void)
{
	double least = 1;

	for (int i = 0; i < 4; i++) {
		double begin = seconds(), took;
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		took = seconds() - begin;
		waitpid(pid, NULL, 0);
		least = took < least ? took : least;
	}
	return least;
}

static void expect_child(struct kunit *test, pid_t pid)
{
	int wstatus = -1;

	KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
}

/* A thread that only looks is not waited for, and in the child it does not look any more. */
static void g1_beside_a_visit(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("visited", 72, 0, SLAB_NO_MERGE, NULL);
	pthread_t visitor = visit(test, visit_for_long, cache);
	double took = fork_takes();
	pid_t pid = fork();

	if (pid == 0) {
		double begin = seconds();

		alarm(20);
		kmem_cache_destroy(cache);
		if (seconds() - begin > 0.5 || slabinfo_rows() != 0)
			_exit(1);
		if (kmem_cache_create("next", 64, 0, SLAB_NO_MERGE, NULL) != cache)
			_exit(2);
		_exit(fork_takes() < 0.1 ? 0 : 3);
	}
	expect_child(test, pid);
	KUNIT_EXPECT_LT(test, took * 1e3, 100);
	destroyed = 1;
	pthread_join(visitor, NULL);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	KTEST_EXPECT_SILENT(test);
}

static struct kunit *forking;

static int fork_in_the_visit(struct kmem_cache *cache, void *other)
{
	double took = fork_takes();
	pid_t pid = fork();

	if (pid == 0) {
		alarm(20);
		kmem_cache_destroy(cache);
		/* The descriptor is in the hands of the thread that forked. */
		if (kmem_cache_create("next", 64, 0, SLAB_NO_MERGE, NULL) == cache)
			_exit(1);
		visited++;
		return 0;
	}
	expect_child(forking, pid);
	KUNIT_EXPECT_LT(forking, took * 1e3, 100);
	(void)other;
	return 0;
}

static void g1_in_a_visit(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("visited", 72, 0, SLAB_NO_MERGE, NULL);

	forking = test;
	kmem_cache_for_each(fork_in_the_visit, NULL);
	if (visited)
		_exit(kmem_cache_create("next", 64, 0, SLAB_NO_MERGE, NULL) == cache && !*ktest_said() ? 0 : 2);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	KTEST_EXPECT_SILENT(test);
}

/* Threads that go from cache to cache all the time. */
static void g1_beside_walks(struct kunit *test)
{
	struct kmem_cache *caches[10];
	pthread_t lookers[2];
	double least = 1;

	for (size_t i = 0; i < ARRAY_LEN(caches); i++) {
		caches[i] = kmem_cache_create("walked", 100 + 100 * (unsigned int)i, 0, SLAB_NO_MERGE, NULL);
		kmem_cache_free(caches[i], kmem_cache_alloc(caches[i], GFP_KERNEL));
	}
	for (int t = 0; t < 2; t++)
		pthread_create(&lookers[t], NULL, t ? ask_for_work : ask_for_usage, NULL);
	for (int i = 0; i < 50; i++) {
		double begin = seconds(), took;
		pid_t pid = fork();

		if (pid == 0) {
			alarm(20);
			for (size_t n = 0; n < ARRAY_LEN(caches); n++)
				kmem_cache_destroy(caches[n]);
			_exit(slabinfo_rows() == 0 && !*ktest_said() && fork_takes() < 0.1 ? 0 : 1);
		}
		took = seconds() - begin;
		least = took < least ? took : least;
		expect_child(test, pid);
	}
	KUNIT_EXPECT_LT(test, least * 1e3, 100);
	stop = 1;
	for (int t = 0; t < 2; t++)
		pthread_join(lookers[t], NULL);
	KTEST_EXPECT_SILENT(test);
}

static void *shrink_again(void *cache)
{
	while (!stop) {
		kmem_cache_shrink(cache);
		validate_slab_cache(cache);
	}
	return NULL;
}

/* Objects that another thread is about to move are there in the child. */
static void work_is_waited_for(struct kunit *test, void *(*work)(void *))
{
	struct kmem_cache *cache = kmem_cache_create("moved", 64, 0, SLAB_NO_MERGE, NULL);
	double end = seconds() + 4;
	static void *objects[20000];
	pthread_t worker;

	pthread_create(&worker, NULL, work, cache);
	for (int i = 0; i < 200 && seconds() < end; i++) {
		pid_t pid;

		KUNIT_ASSERT_TRUE(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, ARRAY_LEN(objects), objects) != 0);
		kmem_cache_free_bulk(cache, ARRAY_LEN(objects), objects);
		pid = fork();
		if (pid == 0) {
			alarm(20);
			kmem_cache_destroy(cache);
			_exit(kmem_errors() == 0 ? 0 : 1);
		}
		expect_child(test, pid);
	}
	stop = 1;
	pthread_join(worker, NULL);
	KTEST_EXPECT_SILENT(test);
}

static void g1_reclaim_is_waited_for(struct kunit *test)
{
	work_is_waited_for(test, ask_for_work);
}

static void g1_shrink_is_waited_for(struct kunit *test)
{
	work_is_waited_for(test, shrink_again);
}

static struct kmem_cache *named, *owner;
static void *stale;
static pthread_t destroyer, freer;
static atomic_int freeing;

static void *free_what_is_stale(void *unused)
{
	kmem_cache_free(named, stale);
	return unused;
}

/* In the report of the destroy another thread frees; that one stays in its report until the destroy is over. */
static void free_beside_a_destroy(void *data, int level, const char *text, size_t len)
{
	(void)data, (void)level, (void)text, (void)len;
	if (!pthread_equal(pthread_self(), destroyer)) {
		freeing = 1;
		while (!destroyed)
			usleep(1000);
	} else if (!freer) {
		pthread_create(&freer, NULL, free_what_is_stale, NULL);
		while (!freeing)
			usleep(1000);
	}
}

/* A wrong free finds the cache that its object was of, which is just going. */
static void wrong_free_beside_a_destroy(struct kunit *test)
{
	void *damaged;

	named = kmem_cache_create("named", 64, 0, SLAB_NO_MERGE, NULL);
	owner = kmem_cache_create("owner", 64, 0, SLAB_NO_MERGE | SLAB_POISON, NULL);
	damaged = kmem_cache_alloc(owner, GFP_KERNEL);
	stale = kmem_cache_alloc(owner, GFP_KERNEL);
	kmem_cache_free(owner, stale);
	kmem_cache_free(owner, damaged);
	((volatile char *)damaged)[5] = 0x42;
	destroyer = pthread_self();
	kmem_set_log_handler(free_beside_a_destroy, NULL);
	kmem_cache_destroy(owner);
	KUNIT_EXPECT_EQ(test, freeing, 1);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 1);
	KUNIT_EXPECT_PTR_NE(test, kmem_cache_create("other", 64, 0, SLAB_NO_MERGE, NULL), owner);
	destroyed = 1;
	pthread_join(freer, NULL);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 3);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_create("next", 64, 0, SLAB_NO_MERGE, NULL), owner);
}

KTEST_MAIN(
	KTEST(destroy_is_done_on_return), KTEST(work_is_no_leftover), KTEST(twice_in_a_visit),
	KTEST(destroy_waits_for_a_visit), KTEST(destroy_does_not_wait_for_ever),
	KTEST(g1_beside_a_visit), KTEST(g1_in_a_visit), KTEST(g1_beside_walks), KTEST(g1_reclaim_is_waited_for),
	KTEST(g1_shrink_is_waited_for), KTEST(wrong_free_beside_a_destroy, .cmdline = "kmem.harden=2"))
