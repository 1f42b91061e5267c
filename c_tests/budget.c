// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * What tests of kernel data structures ask of an allocator: a budget for requests that may not sleep, a callback at the
 * allocation after a refusal, and exact counts of objects.
 *
 * At risk: an object out of a thread's array that nobody counted, or that was served beyond the budget.
 */
#include <limits.h>
#include <pthread.h>

#include "ktest.h"
#include "util.h"

static struct kmem_cache *plain(void)
{
	return kmem_cache_create("budget", 256, 256, SLAB_NO_MERGE, NULL);
}

static int succeed(struct kmem_cache *cache, gfp_t gfp, int n)
{
	int good = 0;

	for (int i = 0; i < n; i++) {
		void *object = kmem_cache_alloc(cache, gfp);

		good += !!object;
		kmem_cache_free(cache, object);
	}
	return good;
}

static void so_many_and_no_more(struct kunit *test)
{
	struct kmem_cache *cache = plain();

	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_NOWAIT, 100), 100);
	kmem_cache_set_non_kernel(cache, 3);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_KERNEL, 100), 100);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_NOWAIT, 100), 3);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_ATOMIC, 100), 0);
	KUNIT_EXPECT_EQ(test, succeed(cache, 0, 100), 0);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_KERNEL, 100), 100);
	kmem_cache_set_non_kernel(cache, 0);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_NOWAIT, 100), 0);
	kmem_cache_set_non_kernel(cache, UINT_MAX);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_NOWAIT, 100), 100);
	KTEST_EXPECT_SILENT(test);
	/* Arrays are in use again. */
	KUNIT_EXPECT_GT(test, slabinfo_row("budget").active, 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
}

static void other_caches_are_spared(struct kunit *test)
{
	struct kmem_cache *cache = plain(), *other = kmem_cache_create("other", 256, 0, SLAB_NO_MERGE, NULL);

	kmem_cache_set_non_kernel(cache, 0);
	KUNIT_EXPECT_EQ(test, succeed(other, GFP_NOWAIT, 100), 100);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_NOWAIT, 100), 0);
}

static void bulk_takes_all_or_nothing(struct kunit *test)
{
	struct kmem_cache *cache = plain();
	void *objects[10];

	kmem_cache_set_non_kernel(cache, 15);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_NOWAIT, 10, objects), 10);
	kmem_cache_free_bulk(cache, 10, objects);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_NOWAIT, 10, objects), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_allocated(cache), 0);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_NOWAIT, 1), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 10, objects), 10);
	kmem_cache_free_bulk(cache, 10, objects);
}

static int called;
static void *called_with;

static void note(void *private_data)
{
	called++;
	called_with = private_data;
}

static void the_callback_comes_one_later(struct kunit *test)
{
	struct kmem_cache *cache = plain();

	kmem_cache_set_non_kernel(cache, 1);
	kmem_cache_set_callback(cache, note);
	kmem_cache_set_private(cache, &called);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_NOWAIT, 2), 1);
	KUNIT_EXPECT_EQ(test, called, 0);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_KERNEL, 1), 1);
	KUNIT_EXPECT_EQ(test, called, 1);
	KUNIT_EXPECT_PTR_EQ(test, called_with, &called);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_KERNEL, 10), 10);
	KUNIT_EXPECT_EQ(test, called, 1);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_NOWAIT, 3), 0);
	KUNIT_EXPECT_EQ(test, called, 3);
	kmem_cache_set_callback(cache, NULL);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_NOWAIT, 3), 0);
	KUNIT_EXPECT_EQ(test, called, 3);
}

/* It may allocate, refused requests included, and give the next request what it wants. */
static void generous(void *cache)
{
	called++;
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	(void)!kmem_cache_alloc(cache, GFP_NOWAIT);
	kmem_cache_set_non_kernel(cache, 5);
}

static void the_callback_may_use_the_cache(struct kunit *test)
{
	struct kmem_cache *cache = plain();

	kmem_cache_set_non_kernel(cache, 0);
	kmem_cache_set_callback(cache, generous);
	kmem_cache_set_private(cache, cache);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_NOWAIT));
	KUNIT_EXPECT_NOT_NULL(test, kmem_cache_alloc(cache, GFP_NOWAIT));
	KUNIT_EXPECT_EQ(test, called, 1);
}

/* What rests in arrays, this thread's and others', is not allocated. */
static void *leaves_some(void *cache)
{
	static void *objects[130];

	for (int i = 0; i < 130; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (int i = 0; i < 100; i++)
		kmem_cache_free(cache, objects[i]);
	return NULL;
}

static void *parks(void *arg)
{
	pthread_barrier_t *barrier = ((void **)arg)[1];

	leaves_some(((void **)arg)[0]);
	pthread_barrier_wait(barrier);
	pthread_barrier_wait(barrier);
	return NULL;
}

static void counts_are_exact(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("counts", 100, 0, SLAB_NO_MERGE, NULL);
	pthread_barrier_t barrier;
	void *arg[] = { cache, &barrier }, *objects[70];
	pthread_t thread;

	KUNIT_EXPECT_EQ(test, kmem_cache_nr_allocated(cache), 0);
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&thread, NULL, parks, arg);
	pthread_barrier_wait(&barrier);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_allocated(cache), 30);
	KUNIT_EXPECT_EQ(test, kmem_cache_get_alloc(cache), 30 * 100);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 70, objects), 70);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_allocated(cache), 100);
	kmem_cache_free_bulk(cache, 70, objects);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_allocated(cache), 30);
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_allocated(cache), 30);
	/* Counting has not taken the arrays away. */
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	KUNIT_EXPECT_GT(test, slabinfo_row("counts").active, 30);
}

static void all_since_reset(struct kunit *test)
{
	struct kmem_cache *cache = plain();
	void *objects[10];

	succeed(cache, GFP_KERNEL, 100);
	kmem_cache_zero_nr_tallocated(cache);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_tallocated(cache), 0);
	succeed(cache, GFP_KERNEL, 7);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_tallocated(cache), 7);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 10, objects), 10);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_tallocated(cache), 17);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_allocated(cache), 10);
	kmem_cache_set_non_kernel(cache, 0);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_NOWAIT, 7), 0);
	kmem_cache_set_non_kernel(cache, UINT_MAX);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_tallocated(cache), 17);
	succeed(cache, GFP_NOWAIT, 3);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_tallocated(cache), 20);
	kmem_cache_zero_nr_tallocated(cache);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_tallocated(cache), 0);
}

/* A budget alone counts nothing. */
static void all_since_the_first_question(struct kunit *test)
{
	struct kmem_cache *cache = plain();

	kmem_cache_set_non_kernel(cache, 100);
	succeed(cache, GFP_KERNEL, 7);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_tallocated(cache), 0);
	succeed(cache, GFP_KERNEL, 7);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_tallocated(cache), 7);
}

static void the_boot_option_is_for_every_cache(struct kunit *test)
{
	struct kmem_cache *cache = plain();

	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_NOWAIT, 10), 2);
	KUNIT_EXPECT_EQ(test, succeed(cache, GFP_KERNEL, 10), 10);
	KUNIT_EXPECT_EQ(test, succeed(KMEM_CACHE(kmem_cache_args, SLAB_NO_MERGE), GFP_NOWAIT, 10), 2);
}

static void no_cache(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_allocated(NULL), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_tallocated(NULL), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_get_alloc(NULL), 0);
	kmem_cache_zero_nr_tallocated(NULL);
	kmem_cache_set_non_kernel(NULL, 1);
	kmem_cache_set_private(NULL, NULL);
	kmem_cache_set_callback(NULL, NULL);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 7);
}

KTEST_MAIN(
	KTEST(so_many_and_no_more),
	KTEST(other_caches_are_spared),
	KTEST(bulk_takes_all_or_nothing),
	KTEST(the_callback_comes_one_later),
	KTEST(the_callback_may_use_the_cache),
	KTEST(counts_are_exact),
	KTEST(all_since_reset),
	KTEST(all_since_the_first_question),
	KTEST(the_boot_option_is_for_every_cache, .cmdline = "kmem.non_kernel=2"),
	KTEST(no_cache))
