// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Pages of other sizes than this machine's, simulated (docs/guarantees.md, 9).
 *
 * There is no recording from a Linux with such pages to compare with: orders follow from the rules of 6.12 (at least
 * 4 * (fls(CPUs) + 1) objects in a slab, as far as order 3 has room for them, then the smallest order that wastes a
 * sixteenth at most), worked out by hand for four CPUs, so 16 objects. At risk: a page of 4096 bytes that somebody took for
 * granted.
 */
#include "ktest.h"
#include "util.h"

static const struct { size_t size; unsigned long pages, per_slab; } in_16k[] = {
	{ 8, 1, 2048 },	   { 64, 1, 256 },   { 192, 1, 85 },  { 1024, 1, 16 },
	{ 2048, 2, 16 },   { 4096, 4, 16 },  { 5000, 8, 26 }, { 10000, 8, 13 },
	{ 65536, 8, 2 },   { 262144, 16, 1 },
}, in_64k[] = {
	{ 8, 1, 8192 },	   { 64, 1, 1024 },  { 192, 1, 341 }, { 1024, 1, 64 },
	{ 4096, 1, 16 },   { 5000, 2, 26 },  { 8192, 2, 16 }, { 10000, 4, 26 },
	{ 65536, 8, 8 },   { 1048576, 16, 1 },
};

static void geometry_of(struct kunit *test, size_t page, size_t size, unsigned long pages, unsigned long per_slab)
{
	struct kmem_cache *cache = kmem_cache_create("pages", size, 0, SLAB_NO_MERGE, NULL);
	size_t n = 3 * per_slab + 1;
	char **objects = calloc(n, sizeof(*objects));
	struct slabinfo_row row;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	row = slabinfo_row("pages");
	if (row.pages != pages || row.per_slab != per_slab)
		ktest_fail(test, "size %zu: %lu objects in %lu pages, not %lu in %lu", size, row.per_slab, row.pages,
			   per_slab, pages);
	for (size_t i = 0; i < n; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, objects[i]);
		memset(objects[i], (int)i, size);
	}
	for (size_t i = 0; i < n; i++) {
		KUNIT_EXPECT_EQ(test, (unsigned char)objects[i][0], i & 255);
		KUNIT_EXPECT_EQ(test, (unsigned char)objects[i][size - 1], i & 255);
		/* Slabs begin with a page. */
		if (size % page == 0)
			KUNIT_EXPECT_EQ(test, (uintptr_t)objects[i] % page, 0);
		if (pages == 1)
			KUNIT_EXPECT_EQ(test, (uintptr_t)objects[i] / page, ((uintptr_t)objects[i] + size - 1) / page);
		kmem_cache_free(cache, objects[i]);
	}
	KUNIT_EXPECT_EQ(test, (uintptr_t)objects[0] % 8, 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	free(objects);
}

static void g9_pages_of_16k(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_LEN(in_16k); i++)
		geometry_of(test, 16384, in_16k[i].size, in_16k[i].pages, in_16k[i].per_slab);
	KTEST_EXPECT_SILENT(test);
}

static void g9_pages_of_64k(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_LEN(in_64k); i++)
		geometry_of(test, 65536, in_64k[i].size, in_64k[i].pages, in_64k[i].per_slab);
	KTEST_EXPECT_SILENT(test);
}

/* A page that cannot be put together from the system's is refused like any other value. */
static void g9_a_page_that_is_none(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("pages", 64, 0, SLAB_NO_MERGE, NULL);

	KTEST_EXPECT_SAID(test, "Unknown KMEM_CMDLINE parameter \"kmem.page_size=5000\", ignored\n");
	KUNIT_EXPECT_EQ(test, slabinfo_row("pages").per_slab, (unsigned long)sysconf(_SC_PAGESIZE) / 64);
	kmem_cache_destroy(cache);
}

/* The mapping that holds an address, and those before it: their ends, and whether they can be read. */
static int mappings_up_to(uintptr_t address, uintptr_t (*bounds)[2], bool *readable, int most)
{
	FILE *in = fopen("/proc/self/maps", "r");
	unsigned long from, to;
	char line[512], mode[8];
	int n = 0;

	while (in && fgets(line, sizeof(line), in)) {
		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) != 3 || from > address)
			break;
		if (n == most) {
			memmove(bounds, bounds + 1, (size_t)(most - 1) * sizeof(*bounds));
			memmove(readable, readable + 1, (size_t)(most - 1) * sizeof(*readable));
			n--;
		}
		bounds[n][0] = from;
		bounds[n][1] = to;
		readable[n++] = mode[0] == 'r';
	}
	if (in)
		fclose(in);
	return n;
}

/* Between the library's own memory and that of objects lies a block that nobody can touch, also when both are full. */
static void guard_between_zones(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("guarded", 4096, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);
	uintptr_t bounds[3][2];
	bool readable[3];

	KUNIT_ASSERT_NOT_NULL(test, object);
	KUNIT_ASSERT_TRUE(test, mappings_up_to((uintptr_t)object, bounds, readable, 3) == 3);
	KUNIT_EXPECT_TRUE(test, readable[2] && !readable[1] && readable[0]);
	KUNIT_EXPECT_EQ(test, bounds[1][1], bounds[2][0]);
	KUNIT_EXPECT_EQ(test, bounds[0][1], bounds[1][0]);
	KUNIT_EXPECT_GE(test, bounds[1][1] - bounds[1][0], 4 << 20);
}

KTEST_MAIN(
	KTEST(g9_pages_of_16k, .cmdline = "kmem.page_size=16K kmem.cpus=4"),
	KTEST(g9_pages_of_64k, .cmdline = "kmem.page_size=64K kmem.cpus=4"),
	KTEST(g9_a_page_that_is_none, .cmdline = "kmem.page_size=5000"),
	KTEST(guard_between_zones, .cmdline = "kmem.arena=8M"))
