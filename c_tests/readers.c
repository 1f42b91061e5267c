// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmem_rcu_register(): what the library asks of a program's own read-copy update, when, and where.
 *
 * At risk: a reader that is not waited for; a function that is called when it is gone, under a lock, or in itself; pages that
 * nobody gives back.
 */
#include <pthread.h>

#include "ktest.h"
#include "util.h"

enum { SIZE = 1000, OBJECTS = 400, BYTES = OBJECTS * SIZE };

/* A read-copy update with one reader. */
struct readers {
	struct kmem_rcu_flavor flavor;
	bool reading, needs_sleep;
	unsigned long begun;	 /* grace periods */
	unsigned long state;	 /* that it was asked about last */
	int asked, asked_to_sleep;
	void (*meanwhile)(void);
};

static bool poll_readers(struct kmem_rcu_flavor *flavor, unsigned long *state, bool may_sleep)
{
	struct readers *readers = (struct readers *)flavor;

	readers->asked++;
	readers->asked_to_sleep += may_sleep;
	readers->state = *state;
	if (readers->meanwhile)
		readers->meanwhile();
	if (!*state && readers->needs_sleep && !may_sleep)
		return false;
	if (!*state)
		*state = ++readers->begun + 100;
	return !readers->reading;
}

#define READERS { .flavor = { .poll = poll_readers } }
static struct readers first = READERS, second = READERS;

static size_t in_slabs(void)
{
	struct kmem_usage usage = { .size = sizeof(usage) };

	return kmem_usage(&usage) == 0 ? usage.slab_bytes : 0;
}

static void *objects[OBJECTS];

static struct kmem_cache *fill(unsigned long flags)
{
	struct kmem_cache *cache = kmem_cache_create("read", SIZE, 0, SLAB_TYPESAFE_BY_RCU | flags, NULL);

	for (int i = 0; i < OBJECTS; i++)
		memset(objects[i] = kmem_cache_alloc(cache, GFP_KERNEL), 7, SIZE);
	return cache;
}

static void empty(struct kmem_cache *cache)
{
	for (int i = 0; i < OBJECTS; i++)
		kmem_cache_free(cache, objects[i]);
}

static void fill_and_destroy(void)
{
	struct kmem_cache *cache = fill(0);

	empty(cache);
	kmem_cache_destroy(cache);
}

static void g10_a_reader_is_waited_for(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kmem_rcu_register(&first.flavor), 0);
	KUNIT_EXPECT_EQ(test, kmem_rcu_register(&first.flavor), 0);
	first.reading = true;
	fill_and_destroy();
	KUNIT_EXPECT_GE(test, kmem_rcu_settle(), BYTES);
	KUNIT_EXPECT_GE(test, in_slabs(), BYTES);
	KUNIT_EXPECT_EQ(test, first.begun, 1);
	KUNIT_EXPECT_EQ(test, first.state, 101);
	for (int i = 0; i < OBJECTS; i++)
		KUNIT_ASSERT_TRUE(test, *(char *)objects[i] == 7);
	/* What comes now begins to wait when that is over. */
	fill_and_destroy();
	KUNIT_EXPECT_EQ(test, first.begun, 1);
	KUNIT_EXPECT_GE(test, kmem_rcu_settle(), 2 * BYTES);
	first.reading = false;
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	KUNIT_EXPECT_EQ(test, first.begun, 2);
	KUNIT_EXPECT_LT(test, in_slabs(), BYTES);
	/* Nothing waits: nobody is asked. */
	first.asked = 0;
	kmem_rcu_settle();
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, first.asked, 0);
	KTEST_EXPECT_SILENT(test);
}

static void g10_all_are_waited_for(struct kunit *test)
{
	kmem_rcu_register(&first.flavor);
	kmem_rcu_register(&second.flavor);
	first.reading = second.reading = true;
	fill_and_destroy();
	KUNIT_EXPECT_GT(test, kmem_rcu_settle(), 0);
	second.reading = false;
	KUNIT_EXPECT_GT(test, kmem_rcu_settle(), 0);
	/* In its turn the second one is asked from the beginning. */
	second.reading = true;
	first.reading = false;
	KUNIT_EXPECT_GT(test, kmem_rcu_settle(), 0);
	KUNIT_EXPECT_EQ(test, second.begun, 1);
	second.reading = false;
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	KUNIT_EXPECT_EQ(test, second.begun, 1);
}

static void g10_who_has_gone_is_not_asked(struct kunit *test)
{
	kmem_rcu_register(&first.flavor);
	kmem_rcu_register(&second.flavor);
	first.reading = second.reading = true;
	fill_and_destroy();
	kmem_rcu_unregister(&first.flavor);
	memset(&first, 0xff, sizeof(first));
	KUNIT_EXPECT_GT(test, kmem_rcu_settle(), 0);
	KUNIT_EXPECT_EQ(test, second.begun, 1);
	kmem_rcu_unregister(&second.flavor);
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	fill_and_destroy();
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	/* And may come again. */
	first = (struct readers)READERS;
	first.reading = true;
	KUNIT_EXPECT_EQ(test, kmem_rcu_register(&first.flavor), 0);
	fill_and_destroy();
	KUNIT_EXPECT_GT(test, kmem_rcu_settle(), 0);
	kmem_rcu_unregister(&first.flavor);
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	kmem_rcu_unregister(&first.flavor);
	kmem_rcu_unregister(NULL);
	KTEST_EXPECT_SILENT(test);
}

static void g10_what_is_none_is_refused(struct kunit *test)
{
	struct kmem_rcu_flavor none = { NULL };

	KUNIT_EXPECT_EQ(test, kmem_rcu_register(NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, kmem_rcu_register(&none), -EINVAL);
	fill_and_destroy();
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
}

/* With more than there is room for, nobody knows whether all readers are done. */
static void g10_too_many(struct kunit *test)
{
	static struct readers many[65];

	for (int i = 0; i < 65; i++) {
		many[i] = (struct readers)READERS;
		KUNIT_EXPECT_EQ(test, kmem_rcu_register(&many[i].flavor), i < 64 ? 0 : -ENOMEM);
	}
	fill_and_destroy();
	KUNIT_EXPECT_GE(test, kmem_rcu_settle(), BYTES);
	KUNIT_EXPECT_EQ(test, many[63].begun, 1);
	KUNIT_EXPECT_GE(test, kmem_rcu_settle(), BYTES);
	KUNIT_EXPECT_EQ(test, *(char *)objects[0], 7);
}

/* A free may come from a signal handler: there the function hears that it must not sleep. */
static void g10_only_where_it_may(struct kunit *test)
{
	struct kmem_cache *cache;
	int slept;

	first.needs_sleep = true;
	kmem_rcu_register(&first.flavor);
	cache = fill(SLAB_RED_ZONE);
	first.asked = first.asked_to_sleep = 0;
	empty(cache);
	KUNIT_EXPECT_GT(test, first.asked, 0);
	KUNIT_EXPECT_EQ(test, first.asked_to_sleep, 0);
	KUNIT_EXPECT_EQ(test, first.begun, 0);
	KUNIT_EXPECT_GE(test, in_slabs(), BYTES);
	/* An allocation that may not sleep does not ask it to either. */
	for (int i = 0; i < OBJECTS; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_ATOMIC);
	KUNIT_EXPECT_EQ(test, first.asked_to_sleep, 0);
	empty(cache);
	KUNIT_EXPECT_GE(test, in_slabs(), 2 * BYTES);
	for (int i = 0; i < OBJECTS; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_GT(test, first.asked_to_sleep, 0);
	KUNIT_EXPECT_GE(test, first.begun, 1);
	empty(cache);
	slept = first.asked_to_sleep;
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_GT(test, first.asked_to_sleep, slept);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
}

static struct kmem_cache *another;
static pthread_t helper;

static void *help(void *unused)
{
	kmem_cache_shrink(another);
	fill_and_destroy();
	return unused;
}

/* In the function the program does as it likes, and other threads, too: no lock is held. */
static void use_library(void)
{
	void *object = kmem_cache_alloc(another, GFP_KERNEL);

	kmem_cache_free(another, object);
	kmem_cache_shrink(another);
	kmem_rcu_register(&second.flavor);
	if (!helper) {
		pthread_create(&helper, NULL, help, NULL);
		pthread_join(helper, NULL);
	}
}

static void g10_no_lock_is_held(struct kunit *test)
{
	another = fill(SLAB_NO_MERGE);
	first.meanwhile = use_library;
	kmem_rcu_register(&first.flavor);
	first.reading = true;
	fill_and_destroy();
	kmem_rcu_settle();
	first.reading = false;
	/* Each time it is asked it gives up a slab. */
	KUNIT_EXPECT_LT(test, kmem_rcu_settle(), BYTES);
	first.meanwhile = NULL;
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	KUNIT_EXPECT_GE(test, first.begun, 2);
	KTEST_EXPECT_SILENT(test);
}

static int child_status;

static void fork_in_it(void)
{
	pid_t child = fork();

	if (!child) {
		alarm(30);
		first.meanwhile = NULL;
		fill_and_destroy();
		_exit(0);
	}
	if (child < 0 || waitpid(child, &child_status, 0) != child)
		child_status = -1;
	first.meanwhile = NULL;
}

static void g10_a_fork_in_it(struct kunit *test)
{
	child_status = -1;
	first.meanwhile = fork_in_it;
	kmem_rcu_register(&first.flavor);
	fill_and_destroy();
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	KUNIT_EXPECT_EQ(test, child_status, 0);
	KTEST_EXPECT_SILENT(test);
}

static bool inside;

/* Longer than anybody else waits for it. */
static void stay_inside(void)
{
	__atomic_store_n(&inside, true, __ATOMIC_SEQ_CST);
	usleep(700000);
	__atomic_store_n(&inside, false, __ATOMIC_SEQ_CST);
}

static void *settle(void *unused)
{
	kmem_rcu_settle();
	return unused;
}

/* What unregisters it may take its code away next. */
static void g10_nobody_is_in_it_when_it_has_gone(struct kunit *test)
{
	pthread_t thread;

	kmem_rcu_register(&first.flavor);
	first.reading = true;
	fill_and_destroy();
	first.meanwhile = stay_inside;
	pthread_create(&thread, NULL, settle, NULL);
	while (!__atomic_load_n(&inside, __ATOMIC_SEQ_CST))
		usleep(1000);
	kmem_rcu_unregister(&first.flavor);
	KUNIT_EXPECT_FALSE(test, __atomic_load_n(&inside, __ATOMIC_SEQ_CST));
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
}

static void unregister_it(void)
{
	kmem_rcu_unregister(&first.flavor);
}

/* Which it should not do. */
static void g10_it_does_not_wait_for_itself(struct kunit *test)
{
	kmem_rcu_register(&first.flavor);
	first.meanwhile = unregister_it;
	alarm(20);
	fill_and_destroy();
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	KTEST_EXPECT_SILENT(test);
}

/* Other threads may read until the process has ended. */
static void at_exit(void)
{
	kmem_rcu_unregister(&first.flavor);
	fill_and_destroy();
	_exit(kmem_rcu_settle() >= BYTES && *(char *)objects[0] == 7 ? 0 : 1);
}

static void g10_an_exit_forgets_nobody(struct kunit *test)
{
	int status;
	pid_t child = fork();

	if (!child) {
		first.reading = true;
		atexit(at_exit);
		kmem_rcu_register(&first.flavor);
		exit(2);
	}
	waitpid(child, &status, 0);
	KUNIT_EXPECT_EQ(test, status, 0);
}

KTEST_MAIN(
	KTEST(g10_a_reader_is_waited_for),
	KTEST(g10_all_are_waited_for),
	KTEST(g10_who_has_gone_is_not_asked),
	KTEST(g10_what_is_none_is_refused),
	KTEST(g10_too_many),
	KTEST(g10_only_where_it_may),
	KTEST(g10_no_lock_is_held),
	KTEST(g10_a_fork_in_it),
	KTEST(g10_nobody_is_in_it_when_it_has_gone),
	KTEST(g10_it_does_not_wait_for_itself),
	KTEST(g10_an_exit_forgets_nobody))
