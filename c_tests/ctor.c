// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Constructors: once per object when its slab is made, never per allocation, with no lock held.
 *
 * At risk: a constructor that allocates deadlocks, runs again on reuse, or loses state to the free list.
 */
#include <pthread.h>

#include "ktest.h"
#include "util.h"

struct node {
	struct node *self;
	unsigned long serial;
	char rest[48];
};

static unsigned long built;
static struct kmem_cache *inner;

static void build(void *object)
{
	struct node *node = object;

	node->self = node;
	node->serial = ++built;
}

static void once_per_slab(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("ctor", sizeof(struct node), 0, 0, build);
	struct slabinfo_row row;
	struct node *node;

	KUNIT_EXPECT_EQ(test, built, 0);
	node = kmem_cache_alloc(cache, GFP_KERNEL);
	row = slabinfo_row("ctor");
	KUNIT_EXPECT_EQ(test, built, row.per_slab);
	for (int i = 0; i < 1000; i++) {
		KUNIT_EXPECT_PTR_EQ(test, node->self, node);
		kmem_cache_free(cache, node);
		node = kmem_cache_alloc(cache, GFP_KERNEL);
	}
	KUNIT_EXPECT_EQ(test, built, row.per_slab);
	kmem_cache_free(cache, node);
	kmem_cache_destroy(cache);
}

static void state_survives(struct kunit *test)
{
	enum { N = 500 };
	struct kmem_cache *cache = kmem_cache_create("state", sizeof(struct node), 0, 0, build);
	struct node *nodes[N];
	unsigned long sum = 0;

	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < N; i++) {
			nodes[i] = kmem_cache_alloc(cache, GFP_KERNEL);
			KUNIT_EXPECT_PTR_EQ(test, nodes[i]->self, nodes[i]);
			sum += nodes[i]->serial > 0 && nodes[i]->serial <= built;
		}
		for (int i = 0; i < N; i++)
			kmem_cache_free(cache, nodes[i]);
	}
	KUNIT_EXPECT_EQ(test, sum, 5 * N);
	kmem_cache_destroy(cache);
}

static void build_with_another_cache(void *object)
{
	void *part = kmem_cache_alloc(inner, GFP_KERNEL);

	*(void **)object = part;
}

static void may_use_other_caches(struct kunit *test)
{
	struct kmem_cache *outer;
	void *objects[100];

	inner = kmem_cache_create("inner", 72, 0, SLAB_NO_MERGE, NULL);
	outer = kmem_cache_create("outer", 136, 0, 0, build_with_another_cache);
	for (int i = 0; i < 100; i++) {
		objects[i] = kmem_cache_alloc(outer, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, objects[i]);
	}
	KUNIT_EXPECT_EQ(test, slabinfo_row("inner").active, slabinfo_row("outer").objects);
}

static void build_with_everything(void *object)
{
	struct kmem_cache *cache = kmem_cache_create("made_in_ctor", 88, 0, 0, NULL);
	void *part = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, part);
	kmem_cache_shrink(cache);
	slabinfo();
	kmem_cache_destroy(cache);
	*(void **)object = object;
}

/* No lock is held: creation, destruction, shrinking and slabinfo work inside. */
static void may_do_anything(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("busy", 512, 0, 0, build_with_everything);
	void **object = kmem_cache_alloc(cache, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, object);
	KUNIT_EXPECT_PTR_EQ(test, *object, object);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

static void zeroing_wins(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("zeroed", sizeof(struct node), 0, 0, build);
	struct node *node = kmem_cache_zalloc(cache, GFP_KERNEL), *other;

	KUNIT_EXPECT_NULL(test, node->self);
	KUNIT_EXPECT_EQ(test, ktest_count("WARNING: "), 1);
	ktest_hush();
	other = kmem_cache_zalloc(cache, GFP_KERNEL);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_free(cache, node);
	kmem_cache_free(cache, other);
	kmem_cache_destroy(cache);
}

static void before_anyone_sees_it_check(struct kunit *test, struct kmem_cache *cache, int rounds)
{
	for (int i = 0; i < rounds; i++) {
		struct node *nodes[64];

		for (int n = 0; n < 64; n++) {
			nodes[n] = kmem_cache_alloc(cache, GFP_KERNEL);
			if (nodes[n]->self != nodes[n])
				ktest_fail(test, "an object without its constructor");
		}
		for (int n = 0; n < 64; n++)
			kmem_cache_free(cache, nodes[n]);
		kmem_cache_shrink(cache);
	}
}

static void build_slowly(void *object)
{
	struct node *node = object;

	node->self = NULL;
	for (volatile int i = 0; i < 100; i++)
		;
	node->self = node;
}

struct worker {
	struct kunit *test;
	struct kmem_cache *cache;
};

static void *work(void *arg)
{
	struct worker *worker = arg;

	before_anyone_sees_it_check(worker->test, worker->cache, 200);
	return NULL;
}

static void seen_by_nobody_before(struct kunit *test)
{
	struct worker worker = { test, kmem_cache_create("slow", sizeof(struct node), 0, 0, build_slowly) };
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, work, &worker);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	kmem_cache_destroy(worker.cache);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(
	KTEST(once_per_slab), KTEST(state_survives), KTEST(may_use_other_caches), KTEST(may_do_anything),
	KTEST(zeroing_wins), KTEST(seen_by_nobody_before))
