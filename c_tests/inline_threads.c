// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * The fast path compiled into the caller, and who comes in between: other threads, handlers for signals, a fork, the end of
 * its thread, a coroutine that changes threads.
 *
 * At risk: an object that two have, because the inline code went on with what it had read before.
 */
#include "at_hand.h"

#include <pthread.h>
#include <time.h>
#include <ucontext.h>

#ifdef KMEM_INLINE_BLOCK

static struct kmem_cache *shared;

struct stamped {
	uintptr_t owner, again;
	char rest[48];
};

static int wrong_stamps, stop;

/* Takes an object, says whose it is, and looks whether it stays so. */
static void stamp_one(uintptr_t owner, int turns)
{
	struct stamped *volatile object = kmem_cache_alloc(shared, GFP_KERNEL);

	__atomic_store_n(&object->owner, owner, __ATOMIC_RELAXED);
	__atomic_store_n(&object->again, owner, __ATOMIC_RELAXED);
	for (volatile int i = 0; i < turns; i++)
		;
	if (__atomic_load_n(&object->owner, __ATOMIC_RELAXED) != owner ||
	    __atomic_load_n(&object->again, __ATOMIC_RELAXED) != owner)
		__atomic_add_fetch(&wrong_stamps, 1, __ATOMIC_RELAXED);
	kmem_cache_free(shared, object);
}

static void *stamp_until_told(void *number)
{
	enum { HELD = 100 };
	struct stamped *held[HELD];

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		for (int i = 0; i < 200; i++)
			stamp_one((uintptr_t)number, i % 8);
		for (int i = 0; i < HELD; i++) {
			held[i] = kmem_cache_alloc(shared, GFP_KERNEL);
			held[i]->owner = (uintptr_t)number + (uintptr_t)i * 100;
		}
		for (int i = 0; i < HELD; i++) {
			if (held[i]->owner != (uintptr_t)number + (uintptr_t)i * 100)
				__atomic_add_fetch(&wrong_stamps, 1, __ATOMIC_RELAXED);
			kmem_cache_free(shared, held[i]);
		}
	}
	return NULL;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void drained_by_another_thread(struct kunit *test)
{
	pthread_t threads[4];
	double end;

	shared = kmem_cache_create("drained", sizeof(struct stamped), 0, SLAB_NO_MERGE, NULL);
	for (size_t t = 0; t < ARRAY_LEN(threads); t++)
		pthread_create(&threads[t], NULL, stamp_until_told, (void *)(t + 1));
	for (end = seconds() + 0.7; seconds() < end;)
		kmem_cache_shrink(shared);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (size_t t = 0; t < ARRAY_LEN(threads); t++)
		pthread_join(threads[t], NULL);
	KUNIT_EXPECT_EQ(test, wrong_stamps, 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	KUNIT_EXPECT_EQ(test, slabinfo_row("drained").slabs, 0);
	KTEST_EXPECT_SILENT(test);
}

static volatile int handler_runs;

static void handler(int signal)
{
	(void)signal;
	handler_runs++;
	stamp_one(2, 3);
}

static void *send_signals(void *to)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		pthread_kill(*(pthread_t *)to, SIGUSR1);
		sched_yield();
	}
	return NULL;
}

/* A handler between any two instructions of the inline code. The code outside it never leaves the array. */
static void interrupted_by_a_handler(struct kunit *test)
{
	pthread_t sender, self = pthread_self();
	double end;

	shared = kmem_cache_create("handler", sizeof(struct stamped), 0, SLAB_NO_MERGE, NULL);
	stamp_one(1, 0);
	signal(SIGUSR1, handler);
	pthread_create(&sender, NULL, send_signals, &self);
	for (end = seconds() + 20; handler_runs < 2000 && seconds() < end;)
		for (int i = 0; i < 1000; i++)
			stamp_one(1, 0);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(sender, NULL);
	KUNIT_EXPECT_GT(test, handler_runs, 0);
	KUNIT_EXPECT_EQ(test, wrong_stamps, 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	KTEST_EXPECT_SILENT(test);
}

static void in_a_child(struct kunit *test)
{
	void *object;
	int wstatus;
	pid_t pid;

	shared = kmem_cache_create("child", sizeof(struct stamped), 0, SLAB_NO_MERGE, NULL);
	kmem_cache_free(shared, object = kmem_cache_alloc(shared, GFP_KERNEL));
	pid = fork();
	if (pid == 0) {
		KUNIT_EXPECT_TRUE(test, is_at_hand(shared));
		KUNIT_EXPECT_PTR_EQ(test, kmem_cache_alloc(shared, GFP_KERNEL), object);
		kmem_cache_free(shared, object);
		drained_by_another_thread(test);
		ktest_done(test);
	}
	KUNIT_ASSERT_TRUE(test, waitpid(pid, &wstatus, 0) == pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_alloc(shared, GFP_KERNEL), object);
	kmem_cache_free(shared, object);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
}

static pthread_key_t late_key;
static int late_rounds;

/* Runs in several rounds: in the later ones the library has taken the thread's arrays back. */
static void use_the_cache_late(void *test)
{
	bool late = late_rounds++ > 0;

	for (int i = 0; i < 100; i++)
		stamp_one(3, 0);
	KUNIT_EXPECT_TRUE((struct kunit *)test, late ? !is_at_hand(shared) : true);
	if (late_rounds < 3)
		pthread_setspecific(late_key, test);
}

static void *end_with_a_destructor(void *test)
{
	stamp_one(3, 0);
	KUNIT_EXPECT_TRUE((struct kunit *)test, is_at_hand(shared));
	pthread_setspecific(late_key, test);
	return NULL;
}

static void at_the_end_of_a_thread(struct kunit *test)
{
	pthread_t thread;

	shared = kmem_cache_create("late", sizeof(struct stamped), 0, SLAB_NO_MERGE, NULL);
	stamp_one(1, 0);
	pthread_key_create(&late_key, use_the_cache_late);
	pthread_create(&thread, NULL, end_with_a_destructor, test);
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, late_rounds, 3);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	KUNIT_EXPECT_EQ(test, slabinfo_row("late").slabs, 0);
	KTEST_EXPECT_SILENT(test);
}

static ucontext_t coroutine, resumer;
static struct kmem_inline_slot *seen[2];

/* One loop that goes on in another thread after each turn. */
static void wander(void)
{
	for (int turn = 0;; turn++) {
		seen[turn % 2] = kmem_inline_slot_of((uintptr_t)shared);
		for (int i = 0; i < 100; i++)
			stamp_one(4, 0);
		swapcontext(&coroutine, &resumer);
	}
}

static void *resume(void *unused)
{
	for (int i = 0; i < 100; i++)
		stamp_one(5, 0);
	swapcontext(&resumer, &coroutine);
	return unused;
}

static void in_a_coroutine(struct kunit *test)
{
	static char stack[1 << 16];
	pthread_t thread;

	shared = kmem_cache_create("wander", sizeof(struct stamped), 0, SLAB_NO_MERGE, NULL);
	getcontext(&coroutine);
	coroutine.uc_stack.ss_sp = stack;
	coroutine.uc_stack.ss_size = sizeof(stack);
	makecontext(&coroutine, wander, 0);
	for (int i = 0; i < 20; i++) {
		resume(NULL);
		pthread_create(&thread, NULL, resume, NULL);
		pthread_join(thread, NULL);
		KUNIT_EXPECT_PTR_NE(test, seen[0], seen[1]);
	}
	KUNIT_EXPECT_EQ(test, wrong_stamps, 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(KTEST(drained_by_another_thread), KTEST(interrupted_by_a_handler), KTEST(in_a_child),
	   KTEST(at_the_end_of_a_thread), KTEST(in_a_coroutine))

#else

AT_HAND_SKIP

#endif
