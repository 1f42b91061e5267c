// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Edges: stale pointers, wrong handles, options at their limits, small stacks, races at the end of a cache, zeroing
 * on free, and what messages say to the letter.
 *
 * At risk: what happens once in a program's life and in no other test: a page that still leads to a record which is
 * somebody else's by now, a destroy that two threads call, a message handler that calls back, a report from a thread
 * with hardly any stack.
 */
#include <limits.h>
#include <pthread.h>
#include <sched.h>

#include "ktest.h"
#include "util.h"

static const char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A formatted text, valid until the next call. */
static const char *text_of(const char *format, ...)
{
	static char text[4096];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return text;
}

/* Whether all bytes have the value; reads memory that is free. */
static bool all_bytes(const void *at, size_t len, unsigned char value)
{
	const volatile unsigned char *byte = at;

	for (size_t i = 0; i < len; i++)
		if (byte[i] != value)
			return false;
	return true;
}

/* --- stale and wrong pointers --- */

/* A page must not lead to its slab's record once that record's memory holds other things. */
static void free_after_the_slab_is_gone(struct kunit *test)
{
	static const char record_sized[] = "a_name_that_fills_the_place_of_a_slab's_record_0123456789";
	enum { N = 640, CACHES = 300 };
	struct kmem_cache *cache = kmem_cache_create("gone", 64, 0, SLAB_NO_MERGE, NULL), *named[CACHES];
	void *stale[N], *bulk[2];
	char name[64];

	for (int i = 0; i < N; i++)
		stale[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (int i = 0; i < N; i++)
		kmem_cache_free(cache, stale[i]);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	for (int i = 0; i < CACHES; i++) {
		snprintf(name, sizeof(name), "%04d_%.*s", i, 35 + i % 20, record_sized);
		named[i] = kmem_cache_create(name, 64, 0, SLAB_NO_MERGE, NULL);
		KUNIT_ASSERT_NOT_NULL(test, named[i]);
	}
	for (int i = 0; i < N; i += 16) {
		ktest_hush();
		kmem_cache_free(cache, stale[i]);
		KTEST_EXPECT_SAID(test, text_of("kmem_cache_free(gone, 0x%016" PRIxPTR "): object is not in a slab page\n",
						(uintptr_t)stale[i]));
		bulk[0] = stale[i];
		bulk[1] = stale[i + 1];
		ktest_hush();
		kmem_cache_free_bulk(cache, 2, bulk);
		KUNIT_EXPECT_EQ(test, ktest_count("object is not in a slab page\n"), 2);
	}
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), CACHES + 1);
	KUNIT_EXPECT_EQ(test, slabinfo_row("gone").slabs, 0);
	for (int i = 0; i < CACHES; i++) {
		snprintf(name, sizeof(name), "%04d_%.*s", i, 35 + i % 20, record_sized);
		KUNIT_EXPECT_TRUE(test, slabinfo_has(name));
		kmem_cache_destroy(named[i]);
	}
	kmem_cache_destroy(cache);
}

/* Nor to a slab that got the record afterwards. */
static void free_after_the_record_has_moved_on(struct kunit *test)
{
	enum { PER_SLAB = 64, N = 3 * PER_SLAB, LARGE = 8 };
	struct kmem_cache *cache = kmem_cache_create("gone", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *hold = kmem_cache_create("hold", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *large = kmem_cache_create("large", 32768, 0, SLAB_NO_MERGE, NULL);
	char *stale[N];

	for (int i = 0; i < N; i++)
		stale[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, kmem_cache_alloc(hold, GFP_KERNEL));
	for (int i = 0; i < N; i++)
		kmem_cache_free(cache, stale[i]);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	/* The three free pages before the held one are too few for these, but the records are not. */
	for (int i = 0; i < LARGE; i++) {
		char *object = kmem_cache_alloc(large, GFP_KERNEL);

		KUNIT_ASSERT_TRUE(test, object && (stale[0] < object || stale[0] >= object + 32768));
	}
	for (int i = 0; i < N; i++) {
		ktest_hush();
		kmem_cache_free(cache, stale[i]);
		KUNIT_EXPECT_EQ(test, ktest_count("object is not in a slab page\n"), 1);
		KUNIT_EXPECT_EQ(test, ktest_count("BUG "), 0);
	}
	KUNIT_EXPECT_EQ(test, slabinfo_row("large").active, LARGE);
}

static void not_a_cache_for_anybody(struct kunit *test, struct kmem_cache *wrong, void *object)
{
	void *array[2] = { object, object };

	ktest_hush();
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(wrong, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(wrong, GFP_KERNEL, 2, array), 0);
	kmem_cache_free(wrong, object);
	array[0] = object;
	kmem_cache_free_bulk(wrong, 1, array);
	kmem_cache_shrink(wrong);
	kmem_cache_destroy(wrong);
	KUNIT_EXPECT_EQ(test, ktest_count("is not a slab cache\n"), 6);
}

static void wrong_handles(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("handle", 1024, 0, SLAB_NO_MERGE, NULL);
	char *at = (char *)cache, *object = kmem_cache_alloc(cache, GFP_KERNEL), *forged = kmem_cache_alloc(cache, GFP_KERNEL);
	struct kmem_cache *descriptor;
	const char *said;
	uintptr_t word;

	not_a_cache_for_anybody(test, (void *)(at + (1 << 30)), object);
	not_a_cache_for_anybody(test, (void *)(at - (1 << 30)), object);
	not_a_cache_for_anybody(test, (void *)(at + 4), object);
	for (int i = 1; i < 64; i++)
		not_a_cache_for_anybody(test, (void *)(at + 16 * i), object);
	/* The handle's memory, over and over: whatever the library looks for in an object, it finds it. */
	memcpy(&descriptor, cache, sizeof(descriptor));
	for (size_t i = 0; i < 1024; i += 16)
		memcpy(forged + i, cache, 16);
	for (int i = 0; i < 1024; i += 64)
		not_a_cache_for_anybody(test, (void *)(forged + i), object);
	/* What a descriptor begins with, and pointers to it. */
	not_a_cache_for_anybody(test, descriptor, object);
	for (int i = 0; i < 1024; i += 64)
		memcpy(forged + i, descriptor, 64);
	not_a_cache_for_anybody(test, (void *)forged, object);
	word = (uintptr_t)forged + 512;
	memcpy(forged, &word, sizeof(word));
	not_a_cache_for_anybody(test, (void *)forged, object);
	/* A slab's record leads to the descriptor as a handle does. A report says where it is. */
	ktest_hush();
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	said = strstr(ktest_said(), "Slab 0x");
	KUNIT_ASSERT_NOT_NULL(test, said);
	word = strtoull(said + strlen("Slab "), NULL, 16);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	for (int i = -64; i <= 64; i += 16)
		not_a_cache_for_anybody(test, (void *)(word + (uintptr_t)i), object);
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_row("handle").active, 2);
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, forged);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	not_a_cache_for_anybody(test, cache, object);
}

/* Objects that outlive their cache come back without a word, by either call. */
static void leftovers(struct kunit *test)
{
	enum { N = 100 };
	struct kmem_cache *cache = kmem_cache_create("left", 200, 0, SLAB_NO_MERGE, NULL);
	void *objects[N];

	for (int i = 0; i < N; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		memset(objects[i], i, 200);
	}
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SAID(test, "Slab cache still has objects");
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	ktest_hush();
	for (int i = 0; i < N; i++)
		KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], 200, (unsigned char)i));
	kmem_cache_free_bulk(cache, 50, objects);
	for (int i = 50; i < 60; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_free_bulk(NULL, 10, objects + 60);
	kmem_cache_free_bulk(cache, 30, objects + 70);
	KTEST_EXPECT_SILENT(test);
}

static void leftovers_hardened(struct kunit *test)
{
	leftovers(test);
}

/* Objects that come back to a cache that is gone do not bring it to life again. */
static void nothing_from_a_cache_that_is_gone(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("left", 200, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL), *array[2];

	kmem_cache_destroy(cache);
	ktest_hush();
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 1, array), 0);
	KUNIT_EXPECT_EQ(test, ktest_count("is not a slab cache\n"), 3);
}

/* The report shows the bytes as the second free found them. */
static void double_free_shows_current_bytes(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("bytes", 32, 0, SLAB_POISON, NULL);
	unsigned char *keep = kmem_cache_alloc(cache, GFP_KERNEL), *object = kmem_cache_alloc(cache, GFP_KERNEL);
	volatile unsigned char *peek = object;

	kmem_cache_free(cache, object);
	KUNIT_EXPECT_EQ(test, peek[5], 0x6b);
	peek[5] = 0x42;
	peek[31] = 0x43;
	ktest_hush();
	kmem_cache_free(cache, object);
	KTEST_EXPECT_SAID(test, "BUG bytes (Not tainted): Object already free\n");
	KTEST_EXPECT_SAID(test, text_of("Object   %016" PRIxPTR
					": 6b 6b 6b 6b 6b 42 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkBkkkkkkkkkk\n",
					(uintptr_t)object));
	KTEST_EXPECT_SAID(test, text_of("Object   %016" PRIxPTR
					": 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 43  kkkkkkkkkkkkkkkC\n",
					(uintptr_t)object + 16));
	KUNIT_EXPECT_EQ(test, peek[5], 0x42);
	kmem_cache_free(cache, keep);
}

/* --- creation --- */

static void own_arrays_forbid_merging(struct kunit *test)
{
	struct kmem_cache_args one = { .sheaf_capacity = 32 }, two = one, three = { .sheaf_capacity = 0 }, four = three;
	struct kmem_cache *a = kmem_cache_create("a", 96, &one, 0), *b = kmem_cache_create("b", 96, &two, 0);
	struct kmem_cache *c = kmem_cache_create("c", 96, &three, 0), *d = kmem_cache_create("d", 96, &four, 0);

	KUNIT_EXPECT_PTR_NE(test, a, b);
	KUNIT_EXPECT_PTR_NE(test, a, c);
	KUNIT_EXPECT_PTR_NE(test, b, c);
	KUNIT_EXPECT_PTR_EQ(test, c, d);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 3);
	KTEST_EXPECT_SILENT(test);
}

static void constructor(void *object)
{
	memset(object, 0x5c, 64);
}

static void sizes_beyond_all_bounds(struct kunit *test)
{
	static const unsigned long flags[] = {
		0, SLAB_CONSISTENCY_CHECKS, SLAB_RED_ZONE, SLAB_POISON, SLAB_STORE_USER, SLAB_HWCACHE_ALIGN,
		SLAB_TYPESAFE_BY_RCU, SLAB_KMALLOC | SLAB_STORE_USER,
		SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER | SLAB_HWCACHE_ALIGN,
	};
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 7, SIZE_MAX - 8, SIZE_MAX - 63, SIZE_MAX - 4095,
					SIZE_MAX / 2, SIZE_MAX / 2 + 1, (size_t)1 << 32, ((size_t)1 << 32) + 64, (8u << 20) + 1 };

	for (size_t f = 0; f < ARRAY_LEN(flags); f++) {
		for (size_t s = 0; s < ARRAY_LEN(sizes); s++)
			KUNIT_EXPECT_NULL(test, kmem_cache_create("huge", sizes[s], 0, flags[f], s % 2 ? constructor : NULL));
		for (int bit = 23; bit < 64; bit++)
			KUNIT_EXPECT_NULL(test, kmem_cache_create("huge", 64, (size_t)1 << bit, flags[f], NULL));
		KUNIT_EXPECT_NULL(test, kmem_cache_create("huge", SIZE_MAX - 7, (size_t)1 << 63, flags[f], NULL));
		KUNIT_EXPECT_EQ(test, ktest_count("kmem_cache_create(huge) failed with error -22\n"), ARRAY_LEN(sizes) + 41 + 1);
		ktest_hush();
	}
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void panics_for_an_unknown_flag(struct kunit *test)
{
	kmem_cache_create("unknown", 64, 0, SLAB_PANIC | 1UL << 40, NULL);
	ktest_fail(test, "came back");
}

/* --- options --- */

static void works(struct kunit *test)
{
	enum { N = 1000 };
	struct kmem_cache *cache = kmem_cache_create("works", 1000, 0, SLAB_NO_MERGE, NULL);
	void *objects[N];

	KUNIT_ASSERT_NOT_NULL(test, cache);
	for (int i = 0; i < N; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, objects[i]);
		memset(objects[i], i, 1000);
	}
	for (int i = 0; i < N; i++) {
		KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], 1000, (unsigned char)i));
		kmem_cache_free(cache, objects[i]);
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
}

static void huge_arena(struct kunit *test)
{
	works(test);
}

/* More address space than there is: as much as there is. */
static void arena_of_half_the_address_space(struct kunit *test)
{
	works(test);
	KTEST_EXPECT_SILENT(test);
}

static void arena_of_one_byte(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("least", 64, 0, SLAB_NO_MERGE, NULL);
	void *object;

	if (!cache) {
		KTEST_EXPECT_SAID(test, "kmem_cache_create(least) failed with error -12\n");
		return;
	}
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	if (object)
		memset(object, 1, 64);
	else
		KTEST_EXPECT_SAID(test, "SLUB: Unable to allocate memory");
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void geometry(struct kunit *test, unsigned long pages, unsigned long per_slab)
{
	struct kmem_cache *cache = kmem_cache_create("geometry", 512, 0, SLAB_NO_MERGE, NULL);
	struct slabinfo_row row = slabinfo_row("geometry");

	KUNIT_EXPECT_EQ(test, row.pages, pages);
	KUNIT_EXPECT_EQ(test, row.per_slab, per_slab);
	kmem_cache_destroy(cache);
}

static void largest_order_said_last(struct kunit *test)
{
	geometry(test, 4, 32);
	KTEST_EXPECT_SILENT(test);
}

static void smallest_order_said_last(struct kunit *test)
{
	geometry(test, 32, 256);
	KTEST_EXPECT_SILENT(test);
}

/* Confines the process to so many CPUs, the lowest ones; skips the case if there are fewer. */
static int confine(struct kunit *test, int cpus)
{
	cpu_set_t may, set;
	int first = -1;

	CPU_ZERO(&set);
	KUNIT_ASSERT_TRUE(test, sched_getaffinity(0, sizeof(may), &may) == 0);
	for (int cpu = 0; cpu < CPU_SETSIZE && cpus > 0; cpu++) {
		if (!CPU_ISSET(cpu, &may))
			continue;
		first = first < 0 ? cpu : first;
		CPU_SET(cpu, &set);
		cpus--;
	}
	if (cpus > 0)
		kunit_skip(test, "not enough CPUs");
	KUNIT_ASSERT_TRUE(test, sched_setaffinity(0, sizeof(set), &set) == 0);
	return first;
}

static void confined_to_one_cpu(struct kunit *test)
{
	confine(test, 1);
	geometry(test, 1, 8);
}

static void confined_to_two_cpus(struct kunit *test)
{
	confine(test, 2);
	geometry(test, 2, 16);
}

/* --- zeroing --- */

static const size_t sizes[] = { 1, 7, 8, 63, 64, 100, 192, 1000, 4096, 10000 };

static void cleared_on_free(struct kunit *test)
{
	static const unsigned long flags[] = { 0, SLAB_RED_ZONE, SLAB_STORE_USER, SLAB_CONSISTENCY_CHECKS };

	for (size_t s = 0; s < ARRAY_LEN(sizes) * ARRAY_LEN(flags); s++) {
		size_t size = sizes[s / ARRAY_LEN(flags)];
		unsigned long flag = flags[s % ARRAY_LEN(flags)];
		struct kmem_cache *cache = kmem_cache_create("clear", size, 0, flag | SLAB_NO_MERGE, NULL);
		unsigned char *objects[8];

		/* The others keep the slab in place. */
		for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
			KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], size, 0));
			memset(objects[i], 0xff, size);
		}
		kmem_cache_free(cache, objects[1]);
		kmem_cache_free_bulk(cache, 2, (void **)objects + 2);
		kmem_cache_free_bulk(NULL, 1, (void **)objects + 4);
		for (size_t i = 1; i < 5; i++)
			KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], size, 0));
		KUNIT_EXPECT_TRUE(test, all_bytes(objects[0], size, 0xff) && all_bytes(objects[5], size, 0xff));
		if (flag == SLAB_RED_ZONE)
			KUNIT_EXPECT_TRUE(test, all_bytes(objects[1] + size, 1, 0xbb) && all_bytes(objects[1] - 8, 8, 0xbb));
		kmem_cache_free(cache, objects[0]);
		kmem_cache_free_bulk(cache, 3, (void **)objects + 5);
		kmem_cache_destroy(cache);
	}
	KTEST_EXPECT_SILENT(test);
}

static void kept_on_free(struct kunit *test)
{
	struct kmem_cache *rcu = kmem_cache_create("rcu", 64, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	struct kmem_cache *made = kmem_cache_create("made", 64, 0, SLAB_NO_MERGE, constructor);
	struct kmem_cache *poison = kmem_cache_create("poison", 64, 0, SLAB_POISON, NULL);
	unsigned char *a = kmem_cache_alloc(rcu, GFP_KERNEL), *b = kmem_cache_alloc(made, GFP_KERNEL);
	unsigned char *c = kmem_cache_alloc(poison, GFP_KERNEL);

	(void)!kmem_cache_alloc(rcu, GFP_KERNEL);
	(void)!kmem_cache_alloc(made, GFP_KERNEL);
	(void)!kmem_cache_alloc(poison, GFP_KERNEL);
	memset(a, 0x77, 64);
	kmem_cache_free(rcu, a);
	KUNIT_EXPECT_TRUE(test, all_bytes(a, 64, 0x77));
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_alloc(rcu, GFP_KERNEL), a);
	KUNIT_EXPECT_TRUE(test, all_bytes(a, 64, 0x77));
	KUNIT_EXPECT_TRUE(test, all_bytes(b, 64, 0x5c));
	kmem_cache_free(made, b);
	KUNIT_EXPECT_TRUE(test, all_bytes(b, 64, 0x5c));
	memset(c, 0, 64);
	kmem_cache_free(poison, c);
	KUNIT_EXPECT_TRUE(test, all_bytes(c, 63, 0x6b) && all_bytes(c + 63, 1, 0xa5));
	KTEST_EXPECT_SILENT(test);
}

/* What these caches keep must not reach a cache whose free objects are promised to be clear. */
static void pages_change_hands_clear(struct kunit *test)
{
	static const struct { unsigned long flags; kmem_ctor_t ctor; } kinds[] = {
		{ SLAB_POISON, NULL }, { SLAB_TYPESAFE_BY_RCU, NULL }, { SLAB_NO_MERGE, constructor }, { SLAB_NO_MERGE, NULL },
		{ SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, NULL },
	};
	enum { N = 4000 };
	static unsigned char *objects[N];

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct kmem_cache *from = kmem_cache_create("from", 64, 0, kinds[k].flags, kinds[k].ctor), *plain;
		int wrong = 0;

		for (int i = 0; i < N; i++) {
			objects[i] = kmem_cache_alloc(from, GFP_KERNEL);
			memset(objects[i], 0x77, 64);
		}
		/* The frees alone empty most slabs; a shrink would have the system clear the pages. */
		for (int i = 0; i < N; i++)
			kmem_cache_free(from, objects[i]);
		plain = kmem_cache_create("plain", 4096, 0, SLAB_NO_MERGE, NULL);
		for (int i = 0; i < 64; i++) {
			objects[i] = kmem_cache_alloc(plain, GFP_KERNEL);
			wrong += !all_bytes(objects[i], 4096, 0);
		}
		KUNIT_EXPECT_EQ(test, wrong, 0);
		kmem_cache_free_bulk(plain, 64, (void **)objects);
		kmem_cache_destroy(plain);
		kmem_cache_destroy(from);
	}
}

static void cleared_on_alloc(struct kunit *test)
{
	struct kmem_cache *rcu = kmem_cache_create("rcu", 64, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	struct kmem_cache *made = kmem_cache_create("made", 64, 0, SLAB_NO_MERGE, constructor);
	struct kmem_cache *poison = kmem_cache_create("poison", 64, 0, SLAB_POISON, NULL);
	unsigned char *object;

	for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
		struct kmem_cache *plain = kmem_cache_create("plain", sizes[s], 0, SLAB_NO_MERGE, NULL);
		void *bulk[4];

		for (int round = 0; round < 3; round++) {
			object = kmem_cache_alloc(plain, GFP_KERNEL);
			KUNIT_EXPECT_TRUE(test, all_bytes(object, sizes[s], 0));
			memset(object, 0xff, sizes[s]);
			kmem_cache_free(plain, object);
			KUNIT_ASSERT_TRUE(test, kmem_cache_alloc_bulk(plain, GFP_KERNEL, 4, bulk) == 4);
			for (int i = 0; i < 4; i++) {
				KUNIT_EXPECT_TRUE(test, all_bytes(bulk[i], sizes[s], 0));
				memset(bulk[i], 0xff, sizes[s]);
			}
			kmem_cache_free_bulk(plain, 4, bulk);
		}
		kmem_cache_destroy(plain);
	}
	object = kmem_cache_alloc(made, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, all_bytes(object, 64, 0x5c));
	kmem_cache_free(made, object);
	object = kmem_cache_zalloc(made, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, all_bytes(object, 64, 0x5c));
	kmem_cache_free(made, object);
	object = kmem_cache_alloc(rcu, GFP_KERNEL);
	memset(object, 0x77, 64);
	kmem_cache_free(rcu, object);
	object = kmem_cache_alloc(rcu, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, all_bytes(object, 64, 0x77));
	kmem_cache_free(rcu, object);
	object = kmem_cache_zalloc(rcu, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, all_bytes(object, 64, 0));
	kmem_cache_free(rcu, object);
	object = kmem_cache_alloc(poison, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, all_bytes(object, 63, 0x6b) && object[63] == 0xa5);
	kmem_cache_free(poison, object);
	object = kmem_cache_zalloc(poison, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, all_bytes(object, 64, 0));
	kmem_cache_free(poison, object);
}

/* The track of the last free: nobody has freed an object of a new slab, whatever its pages held before. */
static void tracks_start_empty(struct kunit *test)
{
	enum { N = 4000 };
	static void *objects[N];
	struct kmem_cache *from = kmem_cache_create("from", 4096, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *user = kmem_cache_create("user", 64, 0, SLAB_STORE_USER, NULL);
	struct kmem_cache *both = kmem_cache_create("both", 64, 0, SLAB_STORE_USER | SLAB_POISON, NULL);

	for (int i = 0; i < 400; i++) {
		objects[i] = kmem_cache_alloc(from, GFP_KERNEL);
		memset(objects[i], 0xff, 4096);
	}
	for (int i = 0; i < 400; i++)
		kmem_cache_free(from, objects[i]);
	for (int i = 0; i < 1000; i++) {
		char *one = kmem_cache_alloc(user, GFP_KERNEL), *two = kmem_cache_alloc(both, GFP_KERNEL);

		/* After the payload, and after a free pointer that lies outside: 32 bytes of alloc, 32 of free. */
		KUNIT_EXPECT_TRUE(test, all_bytes(one + 64 + 32, 32, 0));
		KUNIT_EXPECT_TRUE(test, all_bytes(two + 64 + 8 + 32, 32, 0));
	}
}

/* --- order --- */

static void shrink_sorts_by_fill(struct kunit *test)
{
	enum { PER_SLAB = 64, N = 3 * PER_SLAB };
	static const int to_free[] = { 15, 5, 25 };
	struct kmem_cache *cache = kmem_cache_create("sorted", 64, 0, SLAB_NO_MERGE, NULL);
	uintptr_t page[3];
	char *objects[N];

	for (int i = 0; i < N; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		page[i / PER_SLAB] = (uintptr_t)objects[i] / 4096;
	}
	KUNIT_ASSERT_TRUE(test, slabinfo_row("sorted").slabs == 3 && page[0] != page[1] && page[1] != page[2]);
	/* The middle one is the fullest, and neither the first nor the last on the list. */
	for (int slab = 0; slab < 3; slab++)
		for (int i = 0; i < to_free[slab]; i++)
			kmem_cache_free(cache, objects[slab * PER_SLAB + 2 * i]);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 1);
	for (int i = 0; i < 5 + 15 + 25; i++) {
		uintptr_t at = (uintptr_t)kmem_cache_alloc(cache, GFP_KERNEL) / 4096;

		KUNIT_EXPECT_EQ(test, at, page[i < 5 ? 1 : i < 5 + 15 ? 0 : 2]);
	}
}

/* --- out of memory --- */

/* What must be said when a slab of the cache cannot be had now. */
static const char *out_of_memory_text(const char *name, int cpu, int node, size_t size, const char *gfp, int least)
{
	struct slabinfo_row row = slabinfo_row(name);
	static char text[1024];
	int order = __builtin_ctzl(row.pages), len;

	len = snprintf(text, sizeof(text),
		       "SLUB: Unable to allocate memory on CPU %d (of node 0) on node %d, gfp=%s\n"
		       "  cache: %s, object size: %zu, buffer size: %lu, default order: %d, min order: %d\n",
		       cpu, node, gfp, name, size, row.stride, order, least);
	if ((size_t)4096 << least >= 2 * size && least > 0 && row.stride > (size_t)4096 << (least - 1) &&
	    size <= (size_t)4096 << (least - 1))
		len += snprintf(text + len, sizeof(text) - (size_t)len,
				"  %s debugging increased min order, use slab_debug=O to disable.\n", name);
	snprintf(text + len, sizeof(text) - (size_t)len, "  node 0: slabs: %lu, objs: %lu, free: %lu\n", row.slabs,
		 row.objects, row.objects - row.active);
	return text;
}

static void out_of_memory_message(struct kunit *test)
{
	static const struct { size_t size; unsigned long flags; int least; } kinds[] = {
		{ 1000, 0, 0 }, { 4096, SLAB_RED_ZONE, 1 }, { 5000, SLAB_STORE_USER, 1 }, { 3000, SLAB_POISON, 0 },
	};
	static void *array[100000];
	int cpu = confine(test, 1);

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		size_t size = kinds[k].size, n = 0;
		struct kmem_cache *cache = kmem_cache_create("memory", size, 0, kinds[k].flags | SLAB_NO_MERGE, NULL);

		ktest_hush();
		while (n < ARRAY_LEN(array) && (array[n] = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN)))
			n++;
		KUNIT_ASSERT_TRUE(test, n < ARRAY_LEN(array));
		KTEST_EXPECT_SILENT(test);
		KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
		KTEST_EXPECT_SAID(test, out_of_memory_text("memory", cpu, -1, size, "0xcc0(GFP_KERNEL)", kinds[k].least));
		KUNIT_EXPECT_EQ(test, ktest_count("\n"), k == 1 ? 4 : 3);
		while (n > 0)
			kmem_cache_free(cache, array[--n]);
		kmem_cache_destroy(cache);
	}
}

static void out_of_memory_with_free_objects(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("memory", 1000, 0, SLAB_CONSISTENCY_CHECKS | SLAB_NO_MERGE, NULL);
	static void *array[100000];
	int cpu = confine(test, 1);

	for (int i = 0; i < 5; i++)
		(void)!kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, slabinfo_row("memory").active, 5);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, ARRAY_LEN(array), array), 0);
	KTEST_EXPECT_SAID(test, "SLUB: Unable to allocate memory");
	ktest_hush();
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL | __GFP_NOWARN, ARRAY_LEN(array), array), 0);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, slabinfo_row("memory").active, 5);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_ATOMIC, ARRAY_LEN(array), array), 0);
	KTEST_EXPECT_SAID(test, out_of_memory_text("memory", cpu, -1, 1000, "0x820(GFP_ATOMIC)", 0));
}

static void out_of_memory_names_the_node(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("node", 1 << 20, 0, SLAB_NO_MERGE, NULL);
	int cpu = confine(test, 1);

	while (kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN))
		;
	ktest_hush();
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc_node(cache, GFP_KERNEL, 0));
	KTEST_EXPECT_SAID(test, out_of_memory_text("node", cpu, 0, 1 << 20, "0xcc0(GFP_KERNEL)", 8));
}

/* The message names the request as it was made, the warning what is ignored of it. */
static void out_of_memory_with_a_wrong_zone(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("zone", 1 << 20, 0, SLAB_NO_MERGE, NULL);
	int cpu = confine(test, 1);
	static void *array[1000];

	while (kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN))
		;
	ktest_hush();
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL | __GFP_DMA32));
	KTEST_EXPECT_SAID(test, "Unexpected gfp: 0x4 (GFP_DMA32). Fixing up to gfp: 0xcc0 (GFP_KERNEL). Fix your code!\n");
	KTEST_EXPECT_SAID(test, out_of_memory_text("zone", cpu, -1, 1 << 20, "0xcc4(GFP_KERNEL|GFP_DMA32)", 8));
	ktest_hush();
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL | __GFP_DMA32, ARRAY_LEN(array), array), 0);
	KTEST_EXPECT_SAID(test, out_of_memory_text("zone", cpu, -1, 1 << 20, "0xcc4(GFP_KERNEL|GFP_DMA32)", 8));
	ktest_hush();
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN));
	KTEST_EXPECT_SILENT(test);
}

/* --- threads --- */

static struct kmem_cache *shared;

static void *free_one_twice(void *unused)
{
	void *object = kmem_cache_alloc(shared, GFP_KERNEL);

	kmem_cache_free(shared, object);
	kmem_cache_free(shared, object);
	return unused;
}

static void run_on_stack(struct kunit *test, size_t bytes, void *(*work)(void *))
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	KUNIT_ASSERT_TRUE(test, pthread_attr_setstacksize(&attr, bytes) == 0);
	KUNIT_ASSERT_TRUE(test, pthread_create(&thread, &attr, work, NULL) == 0);
	pthread_join(thread, NULL);
}

/* The thread's variables come out of its stack too. */
static char *small_objects[2000];

static void *alloc_and_free_on_little(void *unused)
{
	for (int i = 0; i < 2000; i++) {
		small_objects[i] = kmem_cache_alloc(shared, GFP_KERNEL);
		memset(small_objects[i], i, 100);
	}
	for (int i = 0; i < 1000; i++)
		kmem_cache_free(shared, small_objects[i]);
	kmem_cache_free_bulk(shared, 1000, (void **)small_objects + 1000);
	kmem_cache_shrink(shared);
	return unused;
}

static void small_stack(struct kunit *test)
{
	shared = kmem_cache_create("stack", 100, 0, SLAB_NO_MERGE, NULL);
	run_on_stack(test, PTHREAD_STACK_MIN, alloc_and_free_on_little);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, slabinfo_row("stack").slabs, 0);
	run_on_stack(test, 64 << 10, free_one_twice);
	KTEST_EXPECT_SAID(test, "BUG stack (Not tainted): Object already free\n");
	KTEST_EXPECT_SAID(test, "FIX stack: Object at 0x");
}

static void small_stack_hardened(struct kunit *test)
{
	small_stack(test);
}

static int errno_changes;

static void *keep_errno(void *unused)
{
	void *objects[70], *bulk[70];

	for (int round = 0; round < 3000; round++) {
		errno = 12345;
		for (size_t i = 0; i < ARRAY_LEN(objects); i++)
			objects[i] = kmem_cache_alloc(shared, GFP_KERNEL);
		for (size_t i = 0; i < ARRAY_LEN(objects); i++)
			kmem_cache_free(shared, objects[i]);
		if (kmem_cache_alloc_bulk(shared, GFP_KERNEL, ARRAY_LEN(bulk), bulk))
			kmem_cache_free_bulk(shared, ARRAY_LEN(bulk), bulk);
		if (round % 100 == 0)
			kmem_cache_shrink(shared);
		if (errno != 12345)
			__atomic_add_fetch(&errno_changes, 1, __ATOMIC_RELAXED);
	}
	return unused;
}

static void errno_survives(struct kunit *test)
{
	pthread_t threads[4];
	char local[64];
	void *object;

	shared = kmem_cache_create("errno", 600, 0, SLAB_NO_MERGE, NULL);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		pthread_create(&threads[i], NULL, keep_errno, NULL);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		pthread_join(threads[i], NULL);
	KUNIT_EXPECT_EQ(test, errno_changes, 0);
	/* Reports that cannot be written, and memory that cannot be had. */
	object = kmem_cache_alloc(shared, GFP_KERNEL);
	close(STDERR_FILENO);
	errno = 12345;
	kmem_cache_free(shared, object);
	kmem_cache_free(shared, object);
	KUNIT_EXPECT_EQ(test, errno, 12345);
	kmem_cache_free(shared, local);
	kmem_cache_shrink(shared);
	KUNIT_EXPECT_EQ(test, errno, 12345);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(NULL, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, errno, 12345);
	while (kmem_cache_alloc(shared, GFP_KERNEL))
		;
	KUNIT_EXPECT_EQ(test, errno, 12345);
}

static void errno_survives_hardened(struct kunit *test)
{
	errno_survives(test);
}

static int refusals;

static void count_refusals(void *data, int level, const char *text, size_t len)
{
	(void)data;
	(void)level;
	if (memmem(text, len, "is not a slab cache\n", 20))
		__atomic_add_fetch(&refusals, 1, __ATOMIC_RELAXED);
}

static pthread_barrier_t barrier;
enum { ROUNDS = 2000 };
static int arrived;

/* Waits for the other thread without going to sleep, so that both go on at the same moment. */
static void meet(int number)
{
	__atomic_add_fetch(&arrived, 1, __ATOMIC_ACQ_REL);
	for (int tries = 0; __atomic_load_n(&arrived, __ATOMIC_ACQUIRE) < 2 * number; tries++)
		if (tries > 1000)
			sched_yield();
}

static void *destroy_too(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		meet(2 * i + 1);
		kmem_cache_destroy(shared);
		meet(2 * i + 2);
	}
	return unused;
}

/* A handle that two threads give up at once is given up by one of them. */
static void destroyed_by_two_at_once(struct kunit *test)
{
	pthread_t thread;

	kmem_set_log_handler(count_refusals, NULL);
	pthread_create(&thread, NULL, destroy_too, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		shared = kmem_cache_create("twice", 64, 0, SLAB_NO_MERGE, NULL);
		kmem_cache_free(shared, kmem_cache_alloc(shared, GFP_KERNEL));
		meet(2 * i + 1);
		kmem_cache_destroy(shared);
		meet(2 * i + 2);
		KUNIT_EXPECT_EQ(test, refusals, i + 1);
	}
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static struct kmem_cache *two[2];

static void *park_and_wait(void *unused)
{
	void *objects[100];

	for (int c = 0; c < 2; c++) {
		for (size_t i = 0; i < ARRAY_LEN(objects); i++)
			memset(objects[i] = kmem_cache_alloc(two[c], GFP_KERNEL), 1, 1000);
		for (size_t i = 0; i < ARRAY_LEN(objects); i++)
			kmem_cache_free(two[c], objects[i]);
	}
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return unused;
}

static void reclaim(struct kunit *test)
{
	enum { N = 50000, STEP = 5000 };
	static unsigned char *objects[N];
	long before, full, after;
	pthread_t thread;

	two[0] = kmem_cache_create("one", 1000, 0, SLAB_NO_MERGE, NULL);
	two[1] = kmem_cache_create("two", 1040, 0, SLAB_NO_MERGE, NULL);
	memset(objects, 1, sizeof(objects));
	pthread_barrier_init(&barrier, NULL, 2);
	before = private_dirty_kib();
	for (int i = 0; i < N; i++) {
		objects[i] = kmem_cache_alloc(two[i / (N / 2)], GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, objects[i]);
		memset(objects[i], i % 251, 1000);
	}
	full = private_dirty_kib();
	KUNIT_EXPECT_GE(test, full - before, 48000);
	pthread_create(&thread, NULL, park_and_wait, NULL);
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < N; i++)
		if (i % STEP)
			kmem_cache_free(two[i / (N / 2)], objects[i]);
	kmem_reclaim();
	after = private_dirty_kib();
	KUNIT_EXPECT_LE(test, after - before, 1024);
	/* No slab but those of the live objects: nothing stays in the idle thread's arrays. */
	for (int c = 0; c < 2; c++) {
		struct slabinfo_row row = slabinfo_row(c ? "two" : "one");

		KUNIT_EXPECT_EQ(test, row.active, N / STEP / 2);
		KUNIT_EXPECT_EQ(test, row.slabs, N / STEP / 2);
	}
	for (int i = 0; i < N; i += STEP) {
		KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], 1000, (unsigned char)(i % 251)));
		kmem_cache_free(two[i / (N / 2)], objects[i]);
	}
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, slabinfo_row("one").slabs + slabinfo_row("two").slabs, 0);
	KTEST_EXPECT_SILENT(test);
}

static void *alloc_and_free_1000(void *unused)
{
	void **objects = calloc(1000, sizeof(*objects));

	for (int i = 0; i < 1000; i++)
		objects[i] = kmem_cache_alloc(shared, GFP_KERNEL);
	for (int i = 0; i < 1000; i++)
		kmem_cache_free(shared, objects[i]);
	free(objects);
	return unused;
}

static void threads_leave_nothing(struct kunit *test)
{
	pthread_t threads[8];

	shared = kmem_cache_create("leaving", 64, 0, SLAB_NO_MERGE, NULL);
	for (int i = 0; i < 200 / 8; i++) {
		for (int t = 0; t < 8; t++)
			pthread_create(&threads[t], NULL, alloc_and_free_1000, NULL);
		for (int t = 0; t < 8; t++)
			pthread_join(threads[t], NULL);
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	KUNIT_EXPECT_EQ(test, slabinfo_row("leaving").slabs, 0);
	KTEST_EXPECT_SILENT(test);
}

static pthread_key_t late_key;
static int late_runs;

/* Runs after the library's own: its key is younger, and it runs again in the next round of destructors. */
static void use_the_cache_late(void *value)
{
	void **objects = value, *more[10];

	late_runs++;
	for (int i = 0; i < 10; i++)
		kmem_cache_free(shared, objects[10 * late_runs + i]);
	kmem_cache_free_bulk(shared, 10, objects + 50 + 10 * late_runs);
	for (int i = 0; i < 10; i++)
		memset(more[i] = kmem_cache_alloc(shared, GFP_KERNEL), 1, 64);
	kmem_cache_free_bulk(shared, 10, more);
	if (late_runs < 3)
		pthread_setspecific(late_key, value);
}

static void *leave_objects_to_a_destructor(void *objects)
{
	void **array = objects;

	for (int i = 0; i < 100; i++)
		array[i] = kmem_cache_alloc(shared, GFP_KERNEL);
	pthread_setspecific(late_key, objects);
	return NULL;
}

static void frees_after_the_thread_has_ended(struct kunit *test)
{
	void *objects[100];
	pthread_t thread;

	shared = kmem_cache_create("late", 64, 0, SLAB_NO_MERGE, NULL);
	kmem_cache_free(shared, kmem_cache_alloc(shared, GFP_KERNEL));
	pthread_key_create(&late_key, use_the_cache_late);
	pthread_create(&thread, NULL, leave_objects_to_a_destructor, objects);
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, late_runs, 3);
	kmem_cache_shrink(shared);
	KUNIT_EXPECT_EQ(test, slabinfo_row("late").active, 40);
	for (int i = 0; i < 10; i++)
		kmem_cache_free(shared, objects[i]);
	kmem_cache_free_bulk(shared, 20, objects + 40);
	kmem_cache_free_bulk(shared, 10, objects + 90);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	KUNIT_EXPECT_EQ(test, slabinfo_row("late").slabs, 0);
	KTEST_EXPECT_SILENT(test);
}

/* --- message handlers --- */

static __thread int inside;
static int handled;

static void *create_alloc_destroy(void *unused)
{
	struct kmem_cache *cache = kmem_cache_create("inner", 77, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	memset(object, 1, 77);
	kmem_cache_free(cache, object);
	kmem_cache_shrink(cache);
	slabinfo_rows();
	kmem_reclaim();
	kmem_cache_destroy(cache);
	return unused;
}

static void handler_that_calls_back(void *data, int level, const char *text, size_t len)
{
	(void)data;
	(void)level;
	(void)text;
	(void)len;
	handled++;
	if (inside++ == 0)
		create_alloc_destroy(NULL);
	inside--;
}

static void handler_may_call_back(struct kunit *test)
{
	struct kmem_cache *cache;
	void *object;
	int before;

	kmem_set_log_handler(handler_that_calls_back, NULL);
	cache = kmem_cache_create("outer", 64, 0, SLAB_NO_MERGE, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	KUNIT_EXPECT_GE(test, handled, 1);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	before = handled;
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_GT(test, handled, before);
	before = handled;
	kmem_cache_create("refused", 0, 0, 0, NULL);
	KUNIT_EXPECT_GT(test, handled, before);
	KUNIT_EXPECT_NOT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	before = handled;
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_GT(test, handled, before);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void handler_with_a_thread(void *data, int level, const char *text, size_t len)
{
	pthread_t thread;

	(void)data;
	(void)level;
	if (!memmem(text, len, "Object is not a Slab page!", 26))
		return;
	handled++;
	pthread_create(&thread, NULL, create_alloc_destroy, NULL);
	pthread_join(thread, NULL);
}

/* No lock is held while a handler runs: it may wait for a thread that uses the library for the first time. */
static void handler_may_wait_for_another_thread(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("outer", 64, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);
	char local[64];

	kmem_set_log_handler(handler_with_a_thread, NULL);
	/* Found by the shrink at the latest, which empties the arrays of all threads. */
	kmem_cache_free(cache, local);
	kmem_cache_free(cache, object);
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, handled, 1);
}

KTEST_MAIN(
	KTEST(free_after_the_slab_is_gone, .cmdline = "kmem.harden=1"),
	KTEST(free_after_the_record_has_moved_on, .cmdline = "kmem.harden=1 kmem.cpus=2"), KTEST(wrong_handles),
	KTEST(leftovers), KTEST(leftovers_hardened, .cmdline = "kmem.harden=1"), KTEST(nothing_from_a_cache_that_is_gone),
	KTEST(double_free_shows_current_bytes), KTEST(own_arrays_forbid_merging),
	KTEST(sizes_beyond_all_bounds),
	KTEST(panics_for_an_unknown_flag, .signal = SIGABRT,
	      .says = "Kernel panic - not syncing: kmem_cache_create: Failed to create slab 'unknown'. Error -22\n"),
	KTEST(huge_arena, .cmdline = "kmem.arena=999999999T"),
	KTEST(arena_of_half_the_address_space, .cmdline = "kmem.arena=8388607T"),
	KTEST(arena_of_one_byte, .cmdline = "kmem.arena=1"),
	KTEST(largest_order_said_last, .cmdline = "slab_min_order=5 slab_max_order=2 kmem.cpus=1"),
	KTEST(smallest_order_said_last, .cmdline = "slab_max_order=2 slab_min_order=5 kmem.cpus=1"),
	KTEST(confined_to_one_cpu), KTEST(confined_to_two_cpus),
	KTEST(cleared_on_free, .cmdline = "init_on_free=1"), KTEST(kept_on_free, .cmdline = "init_on_free=1"),
	KTEST(pages_change_hands_clear, .cmdline = "init_on_free=1"),
	KTEST(cleared_on_alloc, .cmdline = "init_on_alloc=1"), KTEST(tracks_start_empty, .cmdline = "kmem.harden=1"),
	KTEST(shrink_sorts_by_fill, .cmdline = "kmem.harden=1"),
	KTEST(out_of_memory_message, .cmdline = "kmem.arena=32M kmem.cpus=2"),
	KTEST(out_of_memory_with_free_objects, .cmdline = "kmem.arena=32M kmem.cpus=2"),
	KTEST(out_of_memory_names_the_node, .cmdline = "kmem.arena=32M kmem.cpus=2"),
	KTEST(out_of_memory_with_a_wrong_zone, .cmdline = "kmem.arena=32M kmem.cpus=2"),
	KTEST(small_stack), KTEST(small_stack_hardened, .cmdline = "kmem.harden=1"),
	KTEST(errno_survives, .cmdline = "kmem.arena=32M"),
	KTEST(errno_survives_hardened, .cmdline = "kmem.arena=32M kmem.harden=1"),
	KTEST(destroyed_by_two_at_once), KTEST(reclaim), KTEST(threads_leave_nothing),
	KTEST(frees_after_the_thread_has_ended),
	KTEST(handler_may_call_back, .cmdline = "nonsense", .seconds = 10),
	KTEST(handler_may_wait_for_another_thread, .seconds = 10))
