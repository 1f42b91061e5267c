// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Wrong frees and writes after a free: found on every call with kmem.harden=1, harder to exploit with kmem.harden=2, and
 * at the latest with a shrink without either.
 *
 * At risk: an object that two have, an object that nobody has, a report that blames the wrong one or does not come.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "ktest.h"
#include "misuse.h"
#include "util.h"
#include "edges.h"

/* A slab of 64 objects of 64 bytes. */
#define ONE_SLAB " kmem.cpus=1 slab_max_order=0"

static struct kmem_cache *test_cache(size_t size, unsigned long flags)
{
	return kmem_cache_create("test", size, 0, flags | SLAB_NO_MERGE, NULL);
}

static struct kmem_cache_usage usage_of(struct kunit *test, struct kmem_cache *cache)
{
	struct kmem_cache_usage usage = { .size = sizeof(usage) };

	KUNIT_EXPECT_EQ(test, kmem_cache_usage(cache, &usage), 0);
	KUNIT_EXPECT_EQ(test, usage.live_objects + usage.parked_objects + usage.free_objects, usage.total_objects);
	return usage;
}

/* What was said since the last look, but for the bytes of objects. */
static const char *said_about(const void *object)
{
	static char text[1 << 16];
	const char *line = misuse_said(object, 4096);

	text[0] = '\0';
	while (*line) {
		size_t len = strcspn(line, "\n") + 1;

		if (strncmp(line, "Object   ", 9) && strncmp(line, "Bytes b4 ", 9) && strncmp(line, "Padding  ", 9) &&
		    strncmp(line, "Redzone  ", 9))
			misuse_append(text, sizeof(text), line, len);
		line += len;
	}
	ktest_hush();
	return text;
}

#define EXPECT_REPORT(test, object, text)                                                   \
	do {                                                                                \
		const char *said_ = said_about(object);                                     \
		if (strcmp(said_, text) != 0)                                               \
			ktest_fail(test, "%s:%d: said:\n%s", __FILE__, __LINE__, said_);    \
	} while (0)

#define AT(format, at) text_of(format, (unsigned long)((uintptr_t)(at) & 4095))

/* Each wrong free is reported by the very call, whatever was freed in between. */
static void every_call(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(64, 0), *other = kmem_cache_create("other", 64, 0, SLAB_NO_MERGE, NULL);
	char *objects[8], *others, local[64];
	void *bulk[2];

	for (int i = 0; i < 8; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	others = kmem_cache_alloc(other, GFP_KERNEL);
	for (int round = 0; round < 2; round++) {
		const char *used = strcmp(test->name, "every_call") ? "8" : round ? "5" : "6";
		const char *banner = round ? "Tainted: G    B" : "Not tainted";
		char *first = objects[3 * round], *second = objects[3 * round + 1];
		static char fp[32];

		kmem_cache_free(cache, first);
		if (!round)
			kmem_cache_free(cache, second);
		KTEST_EXPECT_SILENT(test);
		kmem_cache_free(cache, first);
		/* Without a quarantine the lowest free object comes next. */
		snprintf(fp, sizeof(fp), "%s", AT("<%lu>", objects[0]));
		if (strcmp(test->name, "every_call") == 0)
			EXPECT_REPORT(test, first,
				      text_of("=============================================================================\n"
					      "BUG test (%s): Object already free\n"
					      "-----------------------------------------------------------------------------\n\n"
					      "Slab <slab> objects=64 used=%s fp=%s flags=0x200(slab)\n"
					      "Object <%lu> @offset=%lu fp=<null>\n\nWARN\nFIX test: Object at <%lu> not freed\n",
					      banner, used, fp, (unsigned long)((uintptr_t)first & 4095),
					      (unsigned long)((uintptr_t)first & 4095), (unsigned long)((uintptr_t)first & 4095)));
		else
			KUNIT_EXPECT_EQ(test, ktest_count("Object already free\n"), 1);
		ktest_hush();
		/* As part of a bulk, too. */
		bulk[0] = bulk[1] = first;
		kmem_cache_free_bulk(cache, 2, bulk);
		KUNIT_EXPECT_EQ(test, ktest_count("Object already free\n"), 2);
		ktest_hush();
	}
	kmem_cache_free(cache, objects[7] + 8);
	KUNIT_EXPECT_EQ(test, ktest_count(text_of("Invalid object pointer 0x%016" PRIxPTR "\n", (uintptr_t)objects[7] + 8)), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("not freed\n"), 1);
	ktest_hush();
	kmem_cache_free(cache, local);
	KUNIT_EXPECT_EQ(test, ktest_count("object is not in a slab page\n"), 1);
	ktest_hush();
	kmem_cache_free(cache, others);
	EXPECT_REPORT(test, others, "WARN\n");
	KUNIT_EXPECT_EQ(test, usage_of(test, other).live_objects, 0);
	kmem_cache_free(other, others);
	KUNIT_EXPECT_EQ(test, ktest_count("Object already free\n"), 1);
	KUNIT_EXPECT_EQ(test, usage_of(test, cache).live_objects, 5);
}

static void every_call_in_quarantine(struct kunit *test)
{
	every_call(test);
}

/* Numbers that are near a cache's, or near what its place in a thread's table says, are no caches. */
static void no_cache(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(64, 0);
	uintptr_t handle = (uintptr_t)cache, near[] = { handle + 1, handle + 2, handle + 8, ~handle, ~handle + 1, ~handle & ~15ul,
							~0ul, ~1ul, ~15ul, 1, 2, 15, 16, 1024 };
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	for (size_t i = 0; i < ARRAY_LEN(near); i++) {
		ktest_hush();
		kmem_cache_free((struct kmem_cache *)near[i], object);
		KUNIT_EXPECT_NULL(test, kmem_cache_alloc((struct kmem_cache *)near[i], GFP_KERNEL));
		KUNIT_EXPECT_EQ(test, ktest_count("is not a slab cache\n"), 2);
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), 0);
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), 0);
}

enum { MANY = 500 };

static struct kmem_cache *shared;
static char *many[MANY];

static void *frees_the_last_third(void *unused)
{
	for (int i = MANY * 2 / 3; i < MANY; i++)
		kmem_cache_free(shared, many[i]);
	return unused;
}

/* Twice freed is found by the second call wherever the object rests: in arrays of this thread, between threads, in slabs. */
static void wherever_it_rests(struct kunit *test)
{
	pthread_t other;
	char *again[2 * MANY];
	unsigned long errors = 0;

	shared = test_cache(64, 0);
	for (int i = 0; i < MANY; i++)
		many[i] = kmem_cache_alloc(shared, GFP_KERNEL);
	for (int i = 0; i < MANY / 3; i++)
		kmem_cache_free(shared, many[i]);
	kmem_cache_shrink(shared);
	for (int i = MANY / 3; i < MANY * 2 / 3; i++)
		kmem_cache_free(shared, many[i]);
	pthread_create(&other, NULL, frees_the_last_third, NULL);
	pthread_join(other, NULL);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, usage_of(test, shared).live_objects, 0);
	for (int i = 0; i < MANY; i++) {
		kmem_cache_free(shared, many[i]);
		KUNIT_EXPECT_EQ(test, kmem_cache_errors(shared), ++errors);
		kmem_cache_free(shared, many[i] + 8);
		KUNIT_EXPECT_EQ(test, kmem_cache_errors(shared), ++errors);
		ktest_hush();
	}
	for (int i = 0; i < 2 * MANY; i++) {
		again[i] = kmem_cache_alloc(shared, GFP_KERNEL);
		for (int j = 0; j < i; j++)
			KUNIT_EXPECT_PTR_NE(test, again[i], again[j]);
	}
	KUNIT_EXPECT_EQ(test, usage_of(test, shared).live_objects, 2 * MANY);
}

/* Objects that come and go one by one and in bulk, in any mixture, are never taken for others. */
static void one_by_one_and_in_bulk(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(64, 0);
	void *objects[200];
	unsigned int seed = 1;

	for (int round = 0; round < 2000; round++) {
		size_t n = 1 + rand_r(&seed) % ARRAY_LEN(objects), half = rand_r(&seed) % (n + 1);

		if (round % 3)
			KUNIT_ASSERT_TRUE(test, (size_t)kmem_cache_alloc_bulk(cache, GFP_KERNEL, half, objects) == half);
		for (size_t i = round % 3 ? half : 0; i < n; i++)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		half = rand_r(&seed) % (n + 1);
		if (round % 2)
			kmem_cache_free_bulk(cache, half, objects);
		for (size_t i = round % 2 ? half : 0; i < n; i++)
			kmem_cache_free(cache, objects[i]);
		if (round % 50 == 0)
			kmem_cache_shrink(cache);
	}
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, usage_of(test, cache).live_objects, 0);
}

enum { RACES = 1500 };

static atomic_int go, done;
static void *_Atomic raced;

/* Both may have to share a processor. */
static void await(atomic_int *number, int value)
{
	for (int spins = 1; atomic_load(number) != value; spins++)
		if (spins % 1024 == 0)
			sched_yield();
}

static void *races(void *unused)
{
	for (int i = 1; i <= RACES; i++) {
		await(&go, i);
		kmem_cache_free(shared, atomic_load(&raced));
		atomic_fetch_add(&done, 1);
	}
	return unused;
}

/* Of two threads that free one object at the same moment, one is right, and the other is told so. */
static void at_the_same_moment(struct kunit *test)
{
	pthread_t other;

	shared = test_cache(64, 0);
	pthread_create(&other, NULL, races, NULL);
	for (int i = 1; i <= RACES; i++) {
		void *object = kmem_cache_alloc(shared, GFP_KERNEL);

		atomic_store(&raced, object);
		atomic_store(&go, i);
		for (int wait = i % 64; wait; wait--)
			__asm__ volatile("");
		kmem_cache_free(shared, object);
		await(&done, i);
		KUNIT_ASSERT_TRUE(test, kmem_cache_errors(shared) == (unsigned long)i);
		ktest_hush();
	}
	pthread_join(other, NULL);
	KUNIT_EXPECT_EQ(test, usage_of(test, shared).live_objects, 0);
}

static size_t metadata_bytes(struct kunit *test)
{
	struct kmem_usage all = { .size = sizeof(all) };

	KUNIT_EXPECT_EQ(test, kmem_usage(&all), 0);
	return all.metadata_bytes;
}

static void fill_and_empty(struct kmem_cache *cache)
{
	static void *objects[20000];

	for (size_t i = 0; i < ARRAY_LEN(objects); i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (size_t i = 0; i < ARRAY_LEN(objects); i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_shrink(cache);
}

/* Records of slabs that are gone serve the cache's next ones, and go with it. */
static void records(struct kunit *test)
{
	struct kmem_cache *cache;
	size_t before, grown;

	for (int i = 0; i < 3; i++) {
		cache = test_cache(200, 0);
		before = metadata_bytes(test);
		fill_and_empty(cache);
		grown = metadata_bytes(test);
		for (int round = 0; round < 10; round++)
			fill_and_empty(cache);
		KUNIT_EXPECT_LE(test, metadata_bytes(test), grown + 4096);
		kmem_cache_destroy(cache);
		if (i)
			KUNIT_EXPECT_LE(test, metadata_bytes(test), before);
	}
	KTEST_EXPECT_SILENT(test);
}

/* Without hardening: what was freed last at once, anything else when the array is emptied, and never twice handed out. */
static void at_the_latest_by_a_shrink(struct kunit *test)
{
	enum { N = 40 };
	struct kmem_cache *cache = test_cache(64, 0);
	char *objects[N], local[64], *again[3 * N];

	for (int i = 0; i < N; i++)
		memset(objects[i] = kmem_cache_alloc(cache, GFP_KERNEL), i, 64);
	kmem_cache_free(cache, objects[0]);
	kmem_cache_free(cache, objects[0]);
	KUNIT_EXPECT_EQ(test, ktest_count("Object already free\n"), 1);
	ktest_hush();
	kmem_cache_free(cache, objects[1]);
	kmem_cache_free(cache, objects[0]);
	kmem_cache_free(cache, objects[9] + 32);
	kmem_cache_free(cache, local);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, ktest_count("Object already free\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("Invalid object pointer 0x"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("object is not in a slab page\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("not freed\n"), 2);
	KUNIT_EXPECT_EQ(test, usage_of(test, cache).live_objects, N - 2);
	for (int i = 0; i < 3 * N; i++) {
		again[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		memset(again[i], 0xee, 64);
		for (int j = 0; j < i; j++)
			KUNIT_EXPECT_PTR_NE(test, again[i], again[j]);
	}
	for (int i = 2; i < N; i++)
		KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], 64, (unsigned char)i));
}

/* The objects of a slab in the order they come; returns how often one comes right behind the one before. */
static int rising(struct kunit *test, struct kmem_cache *cache, bool bulk)
{
	char *objects[64], seen[64] = { 0 };
	int steps = 0;

	if (bulk)
		KUNIT_ASSERT_TRUE(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 64, (void **)objects) == 64);
	for (int i = 0; i < 64; i++) {
		if (!bulk)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_EXPECT_EQ(test, seen[(uintptr_t)objects[i] / 64 % 64]++, 0);
		KUNIT_EXPECT_EQ(test, (uintptr_t)objects[i] & ~4095ul, (uintptr_t)objects[0] & ~4095ul);
		steps += i && objects[i] == objects[i - 1] + 64;
	}
	return steps;
}

static void placement_is_random(struct kunit *test)
{
	for (int i = 0; i < 20; i++) {
		struct kmem_cache *cache = kmem_cache_create("random", 64, 0, SLAB_NO_MERGE, NULL);

		KUNIT_EXPECT_LE(test, rising(test, cache, i % 2), 12);
	}
}

static void placement_is_as_in_linux(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, rising(test, test_cache(64, 0), false), 63);
	KUNIT_EXPECT_EQ(test, rising(test, test_cache(64, 0), true), 63);
}

/* Not reused before so many other frees; then it is. */
static void not_reused_soon(struct kunit *test)
{
	static const struct { size_t size; unsigned long flags; long most; } kinds[] = {
		{ 64, 0, 256 }, { 64, SLAB_POISON | SLAB_RED_ZONE | SLAB_CONSISTENCY_CHECKS, 256 }, { 8192, 0, 128 },
	};

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct kmem_cache *cache = kmem_cache_create("slow", kinds[k].size, 0, kinds[k].flags | SLAB_NO_MERGE, NULL);
		void *object = kmem_cache_alloc(cache, GFP_KERNEL);
		struct kmem_cache_usage usage;
		int found = 0;

		kmem_cache_free(cache, object);
		for (long i = 1; i < kinds[k].most; i++) {
			void *next = kmem_cache_alloc(cache, GFP_KERNEL);

			KUNIT_EXPECT_PTR_NE(test, next, object);
			kmem_cache_free(cache, next);
			KUNIT_EXPECT_EQ(test, usage_of(test, cache).parked_objects, i + 1);
		}
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
		usage = usage_of(test, cache);
		KUNIT_EXPECT_EQ(test, usage.parked_objects, kinds[k].most);
		KUNIT_EXPECT_EQ(test, usage.live_objects, 0);
		for (size_t n = usage.free_objects; n; n--)
			found += kmem_cache_alloc(cache, GFP_KERNEL) == object;
		KUNIT_EXPECT_EQ(test, found, 1);
		KUNIT_EXPECT_EQ(test, usage_of(test, cache).free_objects, 0);
		kmem_cache_shrink(cache);
		usage = usage_of(test, cache);
		KUNIT_EXPECT_EQ(test, usage.parked_objects, 0);
		KUNIT_EXPECT_EQ(test, usage.live_objects + usage.free_objects, usage.total_objects);
	}
	KTEST_EXPECT_SILENT(test);
}

/* All of them together keep a bounded amount of memory. */
static void bounded_in_all(struct kunit *test)
{
	enum { CACHES = 100 };
	struct kmem_usage all = { .size = sizeof(all) };
	struct kmem_cache_usage usage;
	size_t parked = 0;

	for (int c = 0; c < CACHES; c++) {
		struct kmem_cache *cache = kmem_cache_create("many", 8192, 0, SLAB_NO_MERGE, NULL);

		for (int i = 0; i < 200; i++)
			kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
		usage = usage_of(test, cache);
		KUNIT_EXPECT_LE(test, usage.parked_objects, 128);
		parked += usage.parked_objects;
	}
	KUNIT_EXPECT_EQ(test, parked, (64 << 20) / 8192);
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, kmem_usage(&all), 0);
	KUNIT_EXPECT_EQ(test, all.parked_objects, 0);
	KUNIT_EXPECT_EQ(test, all.slab_bytes, 0);
}

/* What is in quarantine is no reason for an allocation to fail, and none for a report at the end. */
static void given_up_for_need(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(4096, 0);
	static void *objects[20000];
	int n = 0;

	while ((objects[n] = kmem_cache_alloc(cache, GFP_NOWAIT | __GFP_NOWARN)))
		n++;
	KUNIT_EXPECT_LE(test, 1000, n);
	for (int i = 0; i < 200; i++)
		kmem_cache_free(cache, objects[i]);
	KUNIT_EXPECT_EQ(test, usage_of(test, cache).parked_objects, 200);
	for (int i = 0; i < 200; i++)
		KUNIT_EXPECT_NOT_NULL(test, objects[i] = kmem_cache_alloc(cache, GFP_NOWAIT | __GFP_NOWARN));
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_NOWAIT | __GFP_NOWARN));
	for (int i = 0; i < n; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	KTEST_EXPECT_SILENT(test);
}

/* A write to an object in quarantine, where the cache poisons. */
static void writes_are_found(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(64, SLAB_POISON);
	volatile char *object = kmem_cache_alloc(cache, GFP_KERNEL), *whole = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, (void *)object);
	kmem_cache_free(cache, (void *)whole);
	KUNIT_EXPECT_TRUE(test, all_bytes((void *)object, 63, 0x6b) && (unsigned char)object[63] == 0xa5);
	object[5] = 0x42;
	object[7] = 0x43;
	KTEST_EXPECT_SILENT(test);
	validate_slab_cache(cache);
	EXPECT_REPORT(test, (void *)object,
		      "[Poison overwritten] <5>-<7> @offset=5. First byte 0x42 instead of 0x6b\n"
		      BANNER("Object corrupt") SLAB(56, 2, 144) OBJECT(0, 72) "WARN\n"
		      FIX("Restoring Poison <5>-<7>=0x6b"));
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

/* What is cleared when it is freed does not wait for that until it leaves. */
static void cleared_in_quarantine(struct kunit *test)
{
	static const slab_flags_t flags[] = { 0, SLAB_RED_ZONE, SLAB_CONSISTENCY_CHECKS };

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		struct kmem_cache *cache = kmem_cache_create("cleared", 64, 0, flags[i], NULL);
		unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

		memset(object, 0x12, 64);
		kmem_cache_free(cache, object);
		KUNIT_EXPECT_TRUE(test, all_bytes(object, 64, 0));
		kmem_cache_destroy(cache);
	}
	KTEST_EXPECT_SILENT(test);
}

static void writes_are_harmless(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(64, 0);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, object);
	memset(object, 0x42, 64);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

/* Objects that outlive their cache are free at once: nobody would release them from a quarantine. */
static void leftovers(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(64, 0);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, ktest_count("Object 0x"), 1);
	ktest_hush();
	kmem_cache_free(cache, object);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_EQ(test, ktest_count("Object already free\n") + ktest_count("object is not in a slab page\n"), 1);
}

KTEST_MAIN(
	KTEST(every_call, .cmdline = "kmem.harden=1" ONE_SLAB),
	KTEST(every_call_in_quarantine, .cmdline = "kmem.harden=2" ONE_SLAB),
	KTEST(no_cache, .cmdline = "kmem.harden=1"),
	KTEST(wherever_it_rests, .cmdline = "kmem.harden=1"),
	KTEST(one_by_one_and_in_bulk, .cmdline = "kmem.harden=1"),
	KTEST(at_the_same_moment, .cmdline = "kmem.harden=1"),
	KTEST(records, .cmdline = "kmem.harden=1"),
	KTEST(at_the_latest_by_a_shrink),
	KTEST(placement_is_random, .cmdline = "kmem.harden=2" ONE_SLAB),
	KTEST(placement_is_as_in_linux, .cmdline = "kmem.harden=1" ONE_SLAB),
	KTEST(not_reused_soon, .cmdline = "kmem.harden=2"),
	KTEST(bounded_in_all, .cmdline = "kmem.harden=2"),
	KTEST(given_up_for_need, .cmdline = "kmem.harden=2 kmem.arena=32M"),
	KTEST(writes_are_found, .cmdline = "kmem.harden=2" ONE_SLAB),
	KTEST(cleared_in_quarantine, .cmdline = "kmem.harden=2 init_on_free=1"),
	KTEST(writes_are_harmless, .cmdline = "kmem.harden=2"),
	KTEST(leftovers, .cmdline = "kmem.harden=2"))
