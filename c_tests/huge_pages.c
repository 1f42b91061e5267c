// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Huge pages: asked for from 8 MiB of objects on, block by block (4 MiB), and never where a hole must stay one.
 *
 * At risk: a small program with a large resident set, memory that comes back after it was given up, mappings without
 * number. What the system has been asked for is in /proc/self/smaps: hg where huge pages are welcome.
 */
#include "ktest.h"
#include "util.h"

enum { N = 16384, SIZE = 4096, MIB = 1024, BLOCK = 4 * MIB };
static void *objects[N];

static bool absent(void)
{
	return access("/sys/kernel/mm/transparent_hugepage/enabled", R_OK) != 0;
}

/* KiB of mappings that have a flag among VmFlags, or of all; *count: how many. */
static long mapped(const char *flag, int *count)
{
	FILE *in = fopen("/proc/self/smaps", "r");
	long kib = 0, sum = 0;
	char line[512];

	*count = 0;
	while (in && fgets(line, sizeof(line), in)) {
		sscanf(line, "Size: %ld kB", &kib);
		if (strncmp(line, "VmFlags:", 8) == 0 && strstr(line, flag)) {
			sum += kib;
			++*count;
		}
	}
	if (in)
		fclose(in);
	return sum;
}

static long welcome(void)
{
	int count;

	return mapped(" hg", &count);
}

static struct kmem_cache *fill(struct kunit *test, int n)
{
	struct kmem_cache *cache = kmem_cache_create("huge", SIZE, 0, SLAB_NO_MERGE, NULL);

	fill_objects(test, cache, objects, n, SIZE);
	return cache;
}

static void not_for_little(struct kunit *test)
{
	int count;

	if (absent())
		kunit_skip(test, "no transparent huge pages here");
	fill(test, 1700);
	KUNIT_EXPECT_EQ(test, welcome(), 0);
	/* The arena: two zones, used and unused, and the bookkeeping before them. */
	mapped("", &count);
	KUNIT_EXPECT_LE(test, count, 60);
}

static void beyond_8_mib(struct kunit *test)
{
	if (absent())
		kunit_skip(test, "no transparent huge pages here");
	fill(test, N);
	KUNIT_EXPECT_EQ(test, welcome(), 64 * MIB - 2 * BLOCK);
}

/* Frees all objects but some, which `keep` tells by the address, and gives the memory back. */
static void a_hole_stays(struct kunit *test, bool (*keep)(uintptr_t))
{
	long full, kept = 0;

	if (absent())
		kunit_skip(test, "no transparent huge pages here");
	fill(test, N);
	full = private_dirty_kib();
	for (int i = 0; i < N; i++) {
		if (keep((uintptr_t)objects[i])) {
			kept++;
		} else {
			kfree(objects[i]);
			objects[i] = NULL;
		}
	}
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, welcome(), 0);
	KUNIT_EXPECT_LE(test, private_dirty_kib(), full - 64 * MIB + kept * (SIZE / 1024) + MIB);
	/* All of it goes, and the blocks may have huge pages again. */
	for (int i = 0; i < N; i++)
		kfree(objects[i]);
	kmem_reclaim();
	KUNIT_EXPECT_LE(test, private_dirty_kib(), full - 63 * MIB);
	fill(test, N);
	KUNIT_EXPECT_EQ(test, welcome(), 64 * MIB - 2 * BLOCK);
}

static bool one_in_each_slab(uintptr_t object)
{
	return (object >> 12) % 8 == 0;
}

static void holes_in_slabs(struct kunit *test)
{
	a_hole_stays(test, one_in_each_slab);
}

static bool every_second_slab(uintptr_t object)
{
	return (object >> 15) % 2;
}

static void holes_between_slabs(struct kunit *test)
{
	a_hole_stays(test, every_second_slab);
}

/* What a huge page brings in behind the last object is known to be there, and goes. */
static void the_rest_of_a_block(struct kunit *test)
{
	struct kmem_usage usage = { .size = sizeof(usage) };
	long before;

	if (absent())
		kunit_skip(test, "no transparent huge pages here");
	fill(test, 3 * BLOCK / 4 - 16);
	before = private_dirty_kib();
	fill(test, 24);
	KUNIT_EXPECT_EQ(test, kmem_usage(&usage), 0);
	KUNIT_EXPECT_GE(test, usage.dirty_bytes, 3L << 20);
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, kmem_usage(&usage), 0);
	KUNIT_EXPECT_EQ(test, usage.dirty_bytes, 0);
	KUNIT_EXPECT_LE(test, private_dirty_kib(), before + 24 * SIZE / 1024 + 128);
}

static void never(struct kunit *test)
{
	fill(test, N);
	KUNIT_EXPECT_EQ(test, welcome(), 0);
}

static void always(struct kunit *test)
{
	if (absent())
		kunit_skip(test, "no transparent huge pages here");
	fill(test, 10);
	KUNIT_EXPECT_EQ(test, welcome(), BLOCK);
}

KTEST_MAIN(KTEST(not_for_little), KTEST(beyond_8_mib), KTEST(holes_in_slabs), KTEST(holes_between_slabs),
	   KTEST(the_rest_of_a_block), KTEST(never, .cmdline = "kmem.huge=0"), KTEST(always, .cmdline = "kmem.huge=1"))
