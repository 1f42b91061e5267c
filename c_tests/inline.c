// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * The fast path compiled into the caller: what it does itself, and what it leaves to the library.
 *
 * At risk: a header whose idea of a thread's arrays differs from the library's; a case that the inline code takes for
 * the common one and that is not.
 */
#include "at_hand.h"

#include <pthread.h>

#include "edges.h"

#ifdef KMEM_INLINE_BLOCK

static struct kmem_cache *shared;

static void **top_of(struct kmem_cache *cache)
{
	return kmem_inline_slot_of((uintptr_t)cache)->top;
}

static void a_pair(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("pair", 64, 0, SLAB_NO_MERGE, NULL);
	void *first, *object, **top;

	KUNIT_EXPECT_FALSE(test, is_at_hand(cache));
	first = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_EXPECT_TRUE(test, is_at_hand(cache));
	kmem_cache_free(cache, first);
	top = top_of(cache);
	for (int i = 0; i < 1000; i++) {
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_EXPECT_PTR_EQ(test, object, first);
		KUNIT_EXPECT_PTR_EQ(test, top_of(cache), top - 1);
		KUNIT_EXPECT_TRUE(test, is_at_hand(cache));
		kmem_cache_free(cache, object);
		KUNIT_EXPECT_PTR_EQ(test, top_of(cache), top);
		KUNIT_EXPECT_TRUE(test, is_at_hand(cache));
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	KUNIT_EXPECT_EQ(test, slabinfo_row("pair").slabs, 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

/* Objects of all sizes, more of them than an array holds, and the library's own functions in between. */
static void empty_and_full(struct kunit *test)
{
	static const size_t sizes[] = { 8, 64, 600, 1024, 4096, 20000 };
	enum { N = 500 };
	unsigned char *objects[N];

	for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
		struct kmem_cache *cache = kmem_cache_create("full", sizes[s], 0, SLAB_NO_MERGE, NULL);

		for (int round = 0; round < 5; round++) {
			for (int i = 0; i < N; i++) {
				objects[i] = i % 3 ? kmem_cache_alloc(cache, GFP_KERNEL) :
						     (kmem_cache_alloc)(cache, GFP_KERNEL);
				KUNIT_ASSERT_NOT_NULL(test, objects[i]);
				memset(objects[i], i % 251, sizes[s]);
			}
			for (int i = 0; i < N; i++) {
				KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], sizes[s], (unsigned char)(i % 251)));
				if (i % 4)
					kmem_cache_free(cache, objects[i]);
				else
					(kmem_cache_free)(cache, objects[i]);
			}
		}
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
		KUNIT_EXPECT_EQ(test, slabinfo_row("full").slabs, 0);
		kmem_cache_destroy(cache);
	}
	KTEST_EXPECT_SILENT(test);
}

static void zeroed(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("zero", 200, 0, SLAB_NO_MERGE, NULL);
	volatile gfp_t zero = __GFP_ZERO, nothing = 0;
	unsigned char *object;

	for (int i = 0; i < 4; i++) {
		object = kmem_cache_alloc(cache, GFP_KERNEL | nothing);
		memset(object, 0xa5, 200);
		kmem_cache_free(cache, object);
		KUNIT_EXPECT_TRUE(test, is_at_hand(cache));
		object = i == 0 ? kmem_cache_alloc(cache, GFP_KERNEL | __GFP_ZERO) :
			 i == 1 ? kmem_cache_alloc(cache, GFP_KERNEL | zero) :
			 i == 2 ? kmem_cache_zalloc(cache, GFP_KERNEL) :
				  kmem_cache_alloc(cache, GFP_NOWAIT | __GFP_NOFAIL);
		KUNIT_ASSERT_NOT_NULL(test, object);
		KUNIT_EXPECT_TRUE(test, all_bytes(object, 200, i == 3 ? 0xa5 : 0));
		kmem_cache_free(cache, object);
	}
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static int constructed;

static void construct(void *object)
{
	constructed++;
	memset(object, 0x42, 100);
}

static void constructed_once(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("built", 100, 0, 0, construct);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);
	int before = constructed;

	for (int i = 0; i < 100; i++) {
		KUNIT_EXPECT_TRUE(test, all_bytes(object, 100, 0x42));
		kmem_cache_free(cache, object);
		object = kmem_cache_alloc(cache, GFP_KERNEL);
	}
	KUNIT_EXPECT_EQ(test, constructed, before);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

static void freed_twice(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("twice", 64, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL), *a, *b;

	kmem_cache_free(cache, object);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_EQ(test, ktest_count("BUG twice (Not tainted): Object already free\n"), 1);
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	b = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_PTR_NE(test, a, b);
	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	kmem_cache_destroy(cache);
}

/* NULL, many times: more than an array holds, and where a NULL is what was freed last. */
static void freed_null(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("null", 64, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, object);
	for (int i = 0; i < 300; i++) {
		kmem_cache_free(cache, NULL);
		KUNIT_EXPECT_NOT_NULL(test, object = kmem_cache_alloc(cache, GFP_KERNEL));
		kmem_cache_free(cache, NULL);
		kmem_cache_free(cache, object);
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void refuses(struct kunit *test, uintptr_t number, void *object)
{
	struct kmem_cache *wrong = (struct kmem_cache *)number;

	ktest_hush();
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(wrong, GFP_KERNEL));
	kmem_cache_free(wrong, object);
	KUNIT_EXPECT_EQ(test, ktest_count("is not a slab cache\n"), 2);
}

/* Numbers that are no caches: before the thread has an array, and with one. */
static void wrong_caches(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("right", 64, 0, SLAB_NO_MERGE, NULL);
	char local[64];
	void *object;

	for (int round = 0; round < 2; round++) {
		for (uintptr_t number = 0; number < 20; number++)
			refuses(test, number, local);
		for (int bit = 4; bit < 64; bit += 5) {
			refuses(test, (uintptr_t)1 << bit, local);
			refuses(test, 0 - ((uintptr_t)1 << bit), local);
			refuses(test, (uintptr_t)cache ^ ((uintptr_t)1 << bit), local);
		}
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		kmem_cache_free(cache, object);
		KUNIT_EXPECT_TRUE(test, is_at_hand(cache));
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
}

static pthread_barrier_t barrier;

static void *use_a_destroyed_cache(void *test)
{
	void *object = kmem_cache_alloc(shared, GFP_KERNEL);

	kmem_cache_free(shared, object);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	KUNIT_EXPECT_FALSE((struct kunit *)test, is_at_hand(shared));
	kmem_cache_free(shared, object);
	return kmem_cache_alloc(shared, GFP_KERNEL);
}

static void destroyed_cache(struct kunit *test)
{
	pthread_t thread;
	void *result;

	shared = kmem_cache_create("destroyed", 64, 0, SLAB_NO_MERGE, NULL);
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&thread, NULL, use_a_destroyed_cache, test);
	pthread_barrier_wait(&barrier);
	kmem_cache_free(shared, kmem_cache_alloc(shared, GFP_KERNEL));
	KUNIT_EXPECT_TRUE(test, is_at_hand(shared));
	kmem_cache_destroy(shared);
	KTEST_EXPECT_SILENT(test);
	pthread_barrier_wait(&barrier);
	pthread_join(thread, &result);
	KUNIT_EXPECT_NULL(test, result);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(shared, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, ktest_count("is not a slab cache\n"), 3);
}

/* Caches that check every object are never at hand: each call is the library's. */
static void checked_caches(struct kunit *test)
{
	static const slab_flags_t flags[] = { SLAB_POISON, SLAB_RED_ZONE, SLAB_STORE_USER, SLAB_CONSISTENCY_CHECKS };

	for (size_t f = 0; f < ARRAY_LEN(flags); f++) {
		struct kmem_cache *cache = kmem_cache_create("checked", 64, 0, flags[f] | SLAB_NO_MERGE, NULL);
		char *object;

		for (int i = 0; i < 100; i++) {
			object = kmem_cache_alloc(cache, GFP_KERNEL);
			KUNIT_EXPECT_FALSE(test, is_at_hand(cache));
			kmem_cache_free(cache, object);
			KUNIT_EXPECT_FALSE(test, is_at_hand(cache));
		}
		KTEST_EXPECT_SILENT(test);
		if (flags[f] == SLAB_CONSISTENCY_CHECKS) {
			kmem_cache_free(cache, object + 1);
			KTEST_EXPECT_SAID(test, "BUG checked ");
		}
		kmem_cache_destroy(cache);
	}
}

static void hardened(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("hard", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *other = kmem_cache_create("other", 64, 0, SLAB_NO_MERGE, NULL);
	void *a = kmem_cache_alloc(cache, GFP_KERNEL), *b = kmem_cache_alloc(cache, GFP_KERNEL);

	KUNIT_EXPECT_FALSE(test, is_at_hand(cache));
	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_free(cache, a);
	KUNIT_EXPECT_EQ(test, ktest_count("BUG hard (Not tainted): Object already free\n"), 1);
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(other, a);
	KTEST_EXPECT_SAID(test, "cache_from_obj: Wrong slab cache. other but object is from hard\n");
}

/* The functions are still there, and inline and library calls see the same arrays. */
static void as_functions(struct kunit *test)
{
	void *(*alloc)(struct kmem_cache *, gfp_t) = kmem_cache_alloc;
	void (*release)(struct kmem_cache *, void *) = &kmem_cache_free;
	struct kmem_cache_args args = { .align = 64 };
	struct kmem_cache *cache = kmem_cache_create("functions", 64, &args, SLAB_NO_MERGE);
	void *object = alloc(cache, GFP_KERNEL), *objects[10];

	KUNIT_ASSERT_NOT_NULL(test, object);
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_PTR_EQ(test, alloc(cache, GFP_KERNEL), object);
	release(cache, object);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_alloc(cache, GFP_KERNEL), object);
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 10, objects), 10);
	for (int i = 0; i < 10; i++)
		kmem_cache_free(cache, objects[i]);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(KTEST(a_pair), KTEST(empty_and_full), KTEST(zeroed), KTEST(constructed_once), KTEST(freed_twice),
	KTEST(freed_null), KTEST(wrong_caches), KTEST(destroyed_cache), KTEST(checked_caches),
	KTEST(hardened, .cmdline = "kmem.harden=1"), KTEST(as_functions))

#else

AT_HAND_SKIP

#endif
