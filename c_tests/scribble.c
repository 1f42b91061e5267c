// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Programs that write where they may not: over free objects, past the ends of live ones, into slabs that are gone.
 *
 * At risk: anything of the allocator's own that lies in reach of an object. Every byte of the object zone that is not
 * part of a live object is overwritten, and from then on each object that is handed out is compared with a map of those
 * that are live.
 */
#include <pthread.h>

#include "ktest.h"
#include "util.h"

enum { KINDS = 16, THREADS = 4, HELD = 6000, STEPS = 6000, LARGEST = 300000 };

static const struct kind {
	const char *name;
	size_t size; /* 0: kmalloc */
	unsigned long flags;
	bool ctor;
} kinds[KINDS] = {
	{ "w8", 8, 0, false },	     { "w24", 24, 0, false },	   { "w100", 100, 0, false },
	{ "w192", 192, SLAB_HWCACHE_ALIGN, false },		   { "w700", 700, 0, false },
	{ "w1024", 1024, 0, false }, { "w3000", 3000, 0, false },  { "w5000", 5000, 0, false },
	{ "w40000", 40000, 0, false },				   { "rcu", 120, SLAB_TYPESAFE_BY_RCU, false },
	{ "ctor16", 16, 0, true },   { "ctor200", 200, SLAB_HWCACHE_ALIGN, true }, { "ctor900", 900, 0, true },
	{ "kmalloc", 0, 0, false },  { "kmalloc", 0, 0, false },   { "kmalloc", 0, 0, false },
};
static const size_t kmalloc_sizes[] = { 1, 8, 13, 30, 64, 90, 128, 190, 250, 500, 1000, 2000, 4000, 8000, 8193, 20000, LARGEST };

struct held {
	unsigned char *object;
	size_t bytes;
	int kind;
};

struct worker {
	pthread_t thread;
	uint64_t random;
	struct held held[HELD];
	int n;
};

static struct kmem_cache *caches[KINDS];
static struct worker workers[THREADS];
static long live[KINDS];
static pthread_barrier_t barrier;
static int wrong;

/* One byte per byte of the zone: whether it belongs to a live object. */
static const size_t zone_bytes = 64u << 20;
static unsigned char *zone, *owned, *lowest, *highest;

static void constructor(void *object)
{
	memset(object, 0x5c, 16);
}

static void bad(void)
{
	__atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
}

static void extend(unsigned char **end, unsigned char *to, bool up)
{
	unsigned char *was = __atomic_load_n(end, __ATOMIC_RELAXED);

	while ((up ? to > was : to < was) &&
	       !__atomic_compare_exchange_n(end, &was, to, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

static void take(struct worker *w, int kind)
{
	struct held *held = &w->held[w->n];
	unsigned char *mine;

	held->kind = kind;
	held->bytes = kinds[kind].size;
	if (caches[kind]) {
		held->object = kmem_cache_alloc(caches[kind], GFP_KERNEL);
	} else {
		uint64_t pick = random_next(&w->random);

		held->bytes = kmalloc_sizes[pick % (pick % 64 ? 14 : ARRAY_LEN(kmalloc_sizes))];
		held->object = kmalloc(held->bytes, GFP_KERNEL);
	}
	if (!held->object || held->object < zone || held->object + held->bytes > zone + zone_bytes ||
	    (uintptr_t)held->object % 8) {
		bad();
		return;
	}
	mine = owned + (held->object - zone);
	if (memchr(mine, 1, held->bytes))
		bad();
	memset(mine, 1, held->bytes);
	memset(held->object, (int)((uintptr_t)held->object >> 3 & 0xff) ^ kind, held->bytes);
	extend(&lowest, held->object, false);
	extend(&highest, held->object + held->bytes, true);
	__atomic_add_fetch(&live[kind], 1, __ATOMIC_RELAXED);
	w->n++;
}

/* Gives one of the held objects back, whose bytes are what its owner wrote. */
static void give(struct worker *w, int at)
{
	struct held held = w->held[at];
	unsigned char stamp = (unsigned char)(((uintptr_t)held.object >> 3 & 0xff) ^ (unsigned int)held.kind);

	for (size_t i = 0; i < held.bytes; i++) {
		if (held.object[i] != stamp) {
			bad();
			break;
		}
	}
	w->held[at] = w->held[--w->n];
	memset(owned + (held.object - zone), 0, held.bytes);
	__atomic_sub_fetch(&live[held.kind], 1, __ATOMIC_RELAXED);
	if (caches[held.kind])
		kmem_cache_free(caches[held.kind], held.object);
	else
		kfree(held.object);
}

static void churn(struct worker *w, int steps)
{
	while (steps--) {
		uint64_t pick = random_next(&w->random);
		int kind = (int)((pick >> 8) % KINDS);

		/* The larger, the fewer. */
		if (kinds[kind].size > 2000 && pick >> 16 & 3)
			continue;
		if (w->n < HELD && (w->n == 0 || pick & 1))
			take(w, kind);
		else if (w->n)
			give(w, (int)((pick >> 20) % (unsigned int)w->n));
	}
}

/* Fills, frees half and more, and waits with whatever its arrays hold. */
static void *work(void *arg)
{
	struct worker *w = arg;

	for (int round = 0; round < 5; round++) {
		churn(w, STEPS);
		while (w->n < HELD / 2)
			take(w, (int)(random_next(&w->random) % 8));
		for (int n = w->n / 2; n; n--)
			give(w, (int)(random_next(&w->random) % (unsigned int)w->n));
		pthread_barrier_wait(&barrier);
		pthread_barrier_wait(&barrier);
	}
	while (w->n)
		give(w, w->n - 1);
	return NULL;
}

/* Overwrites all that is nobody's, from the first slab to the end of the last. */
static size_t scribble(int pattern, uint64_t *random)
{
	unsigned char *from = (unsigned char *)((uintptr_t)lowest & ~(uintptr_t)4095);
	unsigned char *to = (unsigned char *)(((uintptr_t)highest + 4095) & ~(uintptr_t)4095);
	size_t written = 0;

	for (unsigned char *at = from; at < to; at++) {
		if (owned[at - zone])
			continue;
		switch (pattern) {
		case 0: *at = 0xff; break;
		case 1: *at = 0; break;
		case 2: *at = (unsigned char)random_next(random); break;
		/* The address of the word itself, of a live object, and of the cache. */
		case 3: *at = (unsigned char)((uintptr_t)(at - (uintptr_t)at % 8) >> 8 * ((uintptr_t)at % 8)); break;
		default: *at = (unsigned char)((uintptr_t)caches[5] >> 8 * ((uintptr_t)at % 8)); break;
		}
		written++;
	}
	return written;
}

static struct kmem_cache_usage usage_of(struct kmem_cache *cache)
{
	struct kmem_cache_usage usage = { .size = sizeof(usage) };

	if (kmem_cache_usage(cache, &usage))
		abort();
	return usage;
}

static void figures(struct kunit *test)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct kmem_cache_usage usage;

		if (!caches[kind])
			continue;
		usage = usage_of(caches[kind]);
		KUNIT_EXPECT_EQ(test, usage.live_objects, live[kind]);
		KUNIT_EXPECT_EQ(test, usage.live_objects + usage.parked_objects + usage.free_objects, usage.total_objects);
	}
}

static void g7_everything_that_is_nobodys(struct kunit *test)
{
	struct kmem_usage before = { .size = sizeof(before) }, after = before;
	static char text[1 << 16];
	uint64_t random = 88172645463325252u;
	void *first;

	for (int kind = 0; kind < KINDS; kind++) {
		const struct kind *k = &kinds[kind];

		if (k->size)
			caches[kind] = kmem_cache_create(k->name, k->size, 0, k->flags | SLAB_NO_MERGE, k->ctor ? constructor : NULL);
	}
	/* The zone begins where the first object is, or a little before. */
	first = kmem_cache_alloc(caches[0], GFP_KERNEL);
	zone = (unsigned char *)((uintptr_t)first & ~(uintptr_t)((4u << 20) - 1));
	kmem_cache_free(caches[0], first);
	lowest = zone + zone_bytes;
	highest = zone;
	owned = calloc(1, zone_bytes);
	KUNIT_ASSERT_NOT_NULL(test, owned);
	pthread_barrier_init(&barrier, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++) {
		workers[i].random = 1234567 + (uint64_t)i;
		pthread_create(&workers[i].thread, NULL, work, &workers[i]);
	}
	for (int round = 0; round < 5; round++) {
		size_t written;

		pthread_barrier_wait(&barrier);
		figures(test);
		KUNIT_EXPECT_EQ(test, kmem_usage(&before), 0);
		snprintf(text, sizeof(text), "%s", slabinfo());
		written = scribble(round, &random);
		KUNIT_EXPECT_LE(test, 1u << 20, written);
		KUNIT_EXPECT_TRUE(test, strcmp(text, slabinfo()) == 0);
		KUNIT_EXPECT_EQ(test, kmem_usage(&after), 0);
		KUNIT_EXPECT_TRUE(test, memcmp(&before, &after, sizeof(before)) == 0);
		/* Each way home once, while the others wait: arrays and barns, empty slabs, all caches, a bulk. */
		if (round == 1)
			for (int kind = 0; kind < KINDS; kind++)
				if (caches[kind])
					kmem_cache_shrink(caches[kind]);
		if (round == 2)
			kmem_reclaim();
		if (round == 3) {
			void *bulk[500];

			KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(caches[2], GFP_KERNEL, 500, bulk), 500);
			for (int i = 0; i < 500; i++)
				KUNIT_EXPECT_NULL(test, memchr(owned + ((unsigned char *)bulk[i] - zone), 1, 100));
			kmem_cache_free_bulk(caches[2], 500, bulk);
		}
		figures(test);
		pthread_barrier_wait(&barrier);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(workers[i].thread, NULL);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	figures(test);
	scribble(0, &random);
	for (int kind = 0; kind < KINDS; kind++) {
		if (!caches[kind])
			continue;
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(caches[kind]), 0);
		KUNIT_EXPECT_EQ(test, usage_of(caches[kind]).total_objects, 0);
		kmem_cache_destroy(caches[kind]);
	}
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, kmem_usage(&after), 0);
	KUNIT_EXPECT_EQ(test, after.live_objects, 0);
	KUNIT_EXPECT_EQ(test, after.slab_bytes, 0);
	KTEST_EXPECT_SILENT(test);
}

static void g7_hardened(struct kunit *test)
{
	g7_everything_that_is_nobodys(test);
}

static void g7_with_quarantine(struct kunit *test)
{
	g7_everything_that_is_nobodys(test);
}

KTEST_MAIN(KTEST(g7_everything_that_is_nobodys), KTEST(g7_hardened, .cmdline = "kmem.harden=1"),
	   KTEST(g7_with_quarantine, .cmdline = "kmem.harden=2"))
