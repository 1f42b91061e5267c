// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * SLAB_TYPESAFE_BY_RCU: what a reader has found stays an object of its cache as long as it reads, whatever becomes of the
 * object and of the cache; and the memory comes back when the reader is done.
 *
 * At risk: pages that are given to somebody else, cleared or returned to the system under a reader; pages that never come
 * back; a thread that waits for itself.
 */
#include <linux/rculist_nulls.h>
#include <linux/slab.h>
#include <pthread.h>
#include <sched.h>
#include <sys/time.h>
#include <time.h>

#include "ktest.h"
#include "util.h"

enum { SIZE = 200, OBJECTS = 5000 };

static struct kmem_cache *cache;
static unsigned char *objects[OBJECTS];

static size_t in_slabs(void)
{
	struct kmem_usage usage = { .size = sizeof(usage) };

	return kmem_usage(&usage) == 0 ? usage.slab_bytes : 0;
}

static void make(unsigned long flags)
{
	cache = kmem_cache_create("typesafe", SIZE, 0, flags | SLAB_NO_MERGE, NULL);
	for (int i = 0; i < OBJECTS; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		memset(objects[i], i % 251 + 1, SIZE);
	}
}

static void free_all(void)
{
	for (int i = 0; i < OBJECTS; i++)
		kmem_cache_free(cache, objects[i]);
}

/* How many objects look as they did when they were live. */
static int whole(void)
{
	int n = 0;

	for (int i = 0; i < OBJECTS && objects[i]; i++) {
		int at = 0;

		while (at < SIZE && objects[i][at] == i % 251 + 1)
			at++;
		n += at == SIZE;
	}
	return n;
}

/* Others use all the memory that there is for them. */
static void use_memory(void)
{
	enum { N = 4 * OBJECTS };
	static void *theirs[N], *pages[N / 50];
	struct kmem_cache *other = kmem_cache_create("other", SIZE, 0, SLAB_NO_MERGE, NULL);

	for (int i = 0; i < N; i++)
		memset(theirs[i] = kmem_cache_alloc(other, GFP_KERNEL), 0xee, SIZE);
	for (int i = 0; i < N / 50; i++)
		memset(pages[i] = kmalloc(16384, GFP_KERNEL), 0xee, 16384);
	for (int i = 0; i < N; i++)
		kmem_cache_free(other, theirs[i]);
	for (int i = 0; i < N / 50; i++)
		kfree(pages[i]);
	kmem_cache_destroy(other);
	kmem_reclaim();
}

/* --- a reader ---------------------------------------------------------------------------------------------------- */

static pthread_t guest_thread;
static int stage, seen; /* 1: it reads, 2: it is to look, 3: it has, 4: it is to leave */

static void wait_for(int wanted)
{
	while (__atomic_load_n(&stage, __ATOMIC_ACQUIRE) < wanted)
		usleep(100);
}

static void *guest(void *unused)
{
	rcu_read_lock();
	__atomic_store_n(&stage, 1, __ATOMIC_RELEASE);
	wait_for(2);
	seen = whole();
	__atomic_store_n(&stage, 3, __ATOMIC_RELEASE);
	wait_for(4);
	rcu_read_unlock();
	return unused;
}

static void reader_begins(void)
{
	stage = seen = 0;
	pthread_create(&guest_thread, NULL, guest, NULL);
	wait_for(1);
}

/* How many of the objects it finds whole. */
static int reader_sees(void)
{
	__atomic_store_n(&stage, 2, __ATOMIC_RELEASE);
	wait_for(3);
	return seen;
}

static void reader_ends(void)
{
	__atomic_store_n(&stage, 4, __ATOMIC_RELEASE);
	pthread_join(guest_thread, NULL);
}

/* --- what a reader sees ------------------------------------------------------------------------------------------ */

static void shrink(void)
{
	kmem_cache_shrink(cache);
}

static void destroy(void)
{
	kmem_cache_destroy(cache);
	cache = NULL;
}

/* Frees everything under a reader, has the slabs go by `go`, and does it again: nothing may be left of the first time. */
static void under_a_reader(struct kunit *test, unsigned long flags, void (*go)(void))
{
	struct kmem_usage first = { .size = sizeof(first) }, last = { .size = sizeof(last) };

	for (int turn = 0; turn < 3; turn++) {
		size_t full;

		make(flags | SLAB_TYPESAFE_BY_RCU);
		full = in_slabs();
		KUNIT_EXPECT_GE(test, full, (size_t)OBJECTS * SIZE);
		reader_begins();
		free_all();
		go();
		KUNIT_EXPECT_GE(test, kmem_rcu_settle(), (size_t)OBJECTS * SIZE);
		use_memory();
		KUNIT_EXPECT_EQ(test, reader_sees(), OBJECTS);
		KUNIT_EXPECT_GE(test, in_slabs(), kmem_rcu_settle());
		reader_ends();
		rcu_barrier();
		KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
		kmem_cache_destroy(cache);
		kmem_reclaim();
		KUNIT_EXPECT_LT(test, in_slabs(), full / 10);
		kmem_usage(turn == 1 ? &first : &last);
	}
	KUNIT_EXPECT_EQ(test, last.slab_bytes, first.slab_bytes);
	KUNIT_EXPECT_EQ(test, last.metadata_bytes, first.metadata_bytes);
	KTEST_EXPECT_SILENT(test);
}

static void g10_shrunk(struct kunit *test)
{
	under_a_reader(test, 0, shrink);
}

static void g10_destroyed(struct kunit *test)
{
	under_a_reader(test, 0, destroy);
}

static void g10_reclaimed(struct kunit *test)
{
	under_a_reader(test, 0, kmem_reclaim);
}

/* Without arrays each free sets the object's bit, and most slabs go at the free of their last object. */
static void nothing(void)
{
}

static void g10_freed(struct kunit *test)
{
	under_a_reader(test, SLAB_RED_ZONE, nothing);
}

static void g10_checked(struct kunit *test)
{
	under_a_reader(test, SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, destroy);
}

/* Idle slabs go by themselves while the program makes any call. */
static void decay(void)
{
	for (int i = 0; i < 600 && kmem_rcu_settle() < (size_t)OBJECTS * SIZE; i++) {
		kfree(kmalloc(20000, GFP_KERNEL));
		usleep(10000);
	}
}

static void g10_decayed(struct kunit *test)
{
	make(SLAB_TYPESAFE_BY_RCU);
	reader_begins();
	free_all();
	decay();
	KUNIT_EXPECT_GE(test, kmem_rcu_settle(), (size_t)OBJECTS * SIZE / 2);
	use_memory();
	KUNIT_EXPECT_EQ(test, reader_sees(), OBJECTS);
	reader_ends();
	/* Nobody asks for it: the next calls find that the reader has gone. */
	for (int i = 0; i < 600 && in_slabs() > (size_t)OBJECTS * SIZE / 2; i++) {
		kfree(kmalloc(20000, GFP_ATOMIC));
		usleep(10000);
	}
	KUNIT_EXPECT_LT(test, in_slabs(), (size_t)OBJECTS * SIZE / 2);
	kmem_cache_destroy(cache);
}

/* --- who does not wait ------------------------------------------------------------------------------------------- */

/* A reader that is done, in this thread and another one, keeps nothing. */
static void g10_without_a_reader(struct kunit *test)
{
	for (int turn = 0; turn < 2; turn++) {
		size_t full;

		make(SLAB_TYPESAFE_BY_RCU);
		full = in_slabs();
		free_all();
		kmem_cache_destroy(cache);
		KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
		KUNIT_EXPECT_LT(test, in_slabs(), full / 10);
		reader_begins();
		reader_sees();
		reader_ends();
		rcu_read_lock();
		rcu_read_unlock();
	}
	KTEST_EXPECT_SILENT(test);
}

static void g10_plain_caches_do_not_wait(struct kunit *test)
{
	size_t full;

	make(0);
	full = in_slabs();
	reader_begins();
	free_all();
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	KUNIT_EXPECT_LT(test, in_slabs(), full / 10);
	reader_sees();
	reader_ends();
}

/* As in Linux an object is free for its own cache at once. */
static void g10_objects_are_reused_at_once(struct kunit *test)
{
	size_t full;

	make(SLAB_TYPESAFE_BY_RCU);
	full = in_slabs();
	rcu_read_lock();
	free_all();
	for (int i = 0; i < OBJECTS; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_LE(test, in_slabs(), full);
	free_all();
	rcu_read_unlock();
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
}

/* Who reads may do all this himself. */
static void g10_in_the_reader(struct kunit *test)
{
	make(SLAB_TYPESAFE_BY_RCU);
	rcu_read_lock();
	free_all();
	shrink();
	kmem_cache_destroy(cache);
	use_memory();
	KUNIT_EXPECT_EQ(test, whole(), OBJECTS);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	KTEST_EXPECT_SILENT(test);
}

/* A stale free, under a reader too, is reported as for any cache. */
static void g10_stale_frees_are_reported(struct kunit *test)
{
	make(SLAB_TYPESAFE_BY_RCU);
	reader_begins();
	free_all();
	shrink();
	kmem_cache_free(cache, objects[0]);
	shrink();
	KTEST_EXPECT_SAID(test, "object is not in a slab page\n");
	KUNIT_EXPECT_EQ(test, reader_sees(), OBJECTS);
	reader_ends();
	rcu_barrier();
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
}

/* What may not be used is missing, and then an allocation fails: it does not wait for a reader, who may be the caller. */
static void out_of_memory(struct kunit *test)
{
	static void *theirs[4000];
	int n = 0, more = 0;

	make(SLAB_TYPESAFE_BY_RCU);
	rcu_read_lock();
	free_all();
	kmem_cache_destroy(cache);
	while (n < 4000 && (theirs[n] = kmalloc(16384, GFP_KERNEL | __GFP_NOWARN)))
		n++;
	KUNIT_EXPECT_LT(test, n, 4000);
	KUNIT_EXPECT_EQ(test, whole(), OBJECTS);
	rcu_read_unlock();
	while (n < 4000 && (theirs[n] = kmalloc(16384, GFP_KERNEL | __GFP_NOWARN)))
		n++, more++;
	KUNIT_EXPECT_GE(test, more, 30);
	while (n)
		kfree(theirs[--n]);
}

/* --- states of grace periods ------------------------------------------------------------------------------------- */

static void g10_states(struct kunit *test)
{
	unsigned long before, within;

	before = get_state_synchronize_rcu();
	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_rcu(before));
	reader_begins();
	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_rcu(before));
	within = start_poll_synchronize_rcu();
	for (int i = 0; i < 10; i++)
		KUNIT_EXPECT_FALSE(test, poll_state_synchronize_rcu(within));
	/* New readers neither see it nor hold it up. */
	rcu_read_lock();
	reader_sees();
	reader_ends();
	rcu_read_unlock();
	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_rcu(within));
	cond_synchronize_rcu(within);
	cond_synchronize_rcu(get_state_synchronize_rcu());
	rcu_read_lock();
	within = get_state_synchronize_rcu();
	KUNIT_EXPECT_FALSE(test, poll_state_synchronize_rcu(within));
	rcu_read_unlock();
	synchronize_rcu();
	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_rcu(within));
	/* One that has looked up the side, and counts itself when that has been left. */
	__atomic_add_fetch(&kmem_rcu.readers[!kmem_rcu.side][3].count, 1, __ATOMIC_SEQ_CST);
	within = get_state_synchronize_rcu();
	KUNIT_EXPECT_FALSE(test, poll_state_synchronize_rcu(within));
	__atomic_sub_fetch(&kmem_rcu.readers[0][3].count, kmem_rcu.readers[0][3].count, __ATOMIC_SEQ_CST);
	__atomic_sub_fetch(&kmem_rcu.readers[1][3].count, kmem_rcu.readers[1][3].count, __ATOMIC_SEQ_CST);
	KUNIT_EXPECT_TRUE(test, poll_state_synchronize_rcu(within));
}

/* --- fork and signals -------------------------------------------------------------------------------------------- */

static int child_ends_well(pid_t child)
{
	int status = 0;

	return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The parent's reader is not in the child, which is not held up by it; what waits for it there stays. */
static void g10_fork_beside_a_reader(struct kunit *test)
{
	pid_t child;

	make(SLAB_TYPESAFE_BY_RCU);
	reader_begins();
	free_all();
	shrink();
	child = fork();
	if (!child) {
		alarm(20);
		use_memory();
		destroy();
		make(SLAB_TYPESAFE_BY_RCU);
		free_all();
		destroy();
		kmem_reclaim();
		_exit(0);
	}
	KUNIT_EXPECT_TRUE(test, child_ends_well(child));
	use_memory();
	KUNIT_EXPECT_EQ(test, reader_sees(), OBJECTS);
	reader_ends();
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	child = fork();
	if (!child) {
		alarm(20);
		make(SLAB_TYPESAFE_BY_RCU);
		free_all();
		destroy();
		_exit(kmem_rcu_settle() != 0);
	}
	KUNIT_EXPECT_TRUE(test, child_ends_well(child));
	kmem_cache_destroy(cache);
}

static int stop;

/* Makes slabs and gives them up, all the time. */
static void *churn(void *unused)
{
	struct kmem_cache *own = kmem_cache_create("churn", 1000, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	void *some[100];

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		for (int i = 0; i < 100; i++)
			some[i] = kmem_cache_alloc(own, GFP_KERNEL);
		for (int i = 0; i < 100; i++)
			kmem_cache_free(own, some[i]);
		kmem_cache_shrink(own);
	}
	kmem_cache_destroy(own);
	return unused;
}

/* No thread is in the middle of a grace period at a fork: the child's do not wait for it. */
static void g10_fork_beside_churn(struct kunit *test)
{
	pthread_t threads[2];

	rcu_read_lock();
	rcu_read_unlock();
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, churn, NULL);
	for (int i = 0; i < 200; i++) {
		pid_t child = fork();

		if (!child) {
			alarm(20);
			rcu_read_lock();
			rcu_read_unlock();
			rcu_barrier();
			synchronize_rcu();
			make(SLAB_TYPESAFE_BY_RCU);
			free_all();
			destroy();
			_exit(kmem_rcu_settle() != 0);
		}
		KUNIT_ASSERT_TRUE(test, child_ends_well(child));
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

static struct kmem_cache *in_handler;

/* Frees what it has kept, and takes more. */
static void handle(int signal)
{
	static void *kept[30];

	(void)signal;
	for (int i = 0; i < 30; i++) {
		kmem_cache_free(in_handler, kept[i]);
		kept[i] = kmem_cache_alloc(in_handler, GFP_ATOMIC | __GFP_NOWARN);
	}
}

/* A handler that interrupts a grace period, or the library while it asks, frees the last object of a slab. */
static void g10_signals(struct kunit *test)
{
	struct itimerval timer = { { 0, 150 }, { 0, 150 } };
	struct timespec begun, now;
	sigset_t alarms;
	pthread_t thread;
	unsigned long rounds = 0;

	in_handler = kmem_cache_create("handler", 3000, 0, SLAB_TYPESAFE_BY_RCU | SLAB_RED_ZONE, NULL);
	/* Signals come to this thread alone. */
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarms, NULL);
	pthread_create(&thread, NULL, churn, NULL);
	pthread_sigmask(SIG_UNBLOCK, &alarms, NULL);
	signal(SIGALRM, handle);
	setitimer(ITIMER_REAL, &timer, NULL);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	do {
		void *some[40];

		rcu_read_lock();
		for (int i = 0; i < 40; i++)
			some[i] = kmem_cache_alloc(in_handler, GFP_KERNEL);
		for (int i = 0; i < 40; i++)
			kmem_cache_free(in_handler, some[i]);
		kmem_cache_shrink(in_handler);
		rcu_read_unlock();
		synchronize_rcu();
		kmem_rcu_settle();
		rounds++;
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < begun.tv_sec + 2);
	timer.it_value.tv_usec = 0;
	setitimer(ITIMER_REAL, &timer, NULL);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	printf("# %lu rounds\n", rounds);
}

KTEST_MAIN(
	KTEST(g10_shrunk),
	KTEST(g10_destroyed),
	KTEST(g10_reclaimed),
	KTEST(g10_freed),
	KTEST(g10_checked),
	KTEST(g10_decayed),
	{ .name = "shrunk_cleared", .run = g10_shrunk, .cmdline = "init_on_free=1 init_on_alloc=1" },
	{ .name = "destroyed_cleared", .run = g10_destroyed, .cmdline = "init_on_free=1" },
	{ .name = "shrunk_hardened", .run = g10_shrunk, .cmdline = "kmem.harden=1" },
	{ .name = "destroyed_hardened", .run = g10_destroyed, .cmdline = "kmem.harden=2" },
	{ .name = "destroyed_checked", .run = g10_destroyed, .cmdline = "slab_debug=FZPU" },
	{ .name = "shrunk_background", .run = g10_shrunk, .cmdline = "kmem.background=1" },
	KTEST(g10_without_a_reader),
	KTEST(g10_plain_caches_do_not_wait),
	KTEST(g10_objects_are_reused_at_once),
	KTEST(g10_in_the_reader),
	KTEST(g10_stale_frees_are_reported),
	{ .name = "out_of_memory", .run = out_of_memory, .cmdline = "kmem.arena=32M" },
	KTEST(g10_states),
	KTEST(g10_fork_beside_a_reader),
	KTEST(g10_fork_beside_churn),
	KTEST(g10_signals))
