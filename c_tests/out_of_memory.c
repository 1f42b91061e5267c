// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * What is said when memory ends, to the letter.
 *
 * At risk: a number of another slab, a request shown as it was not made.
 */
#include <sched.h>

#include "ktest.h"
#include "util.h"
#include "edges.h"

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

KTEST_MAIN(
	KTEST(out_of_memory_message, .cmdline = "kmem.arena=32M kmem.cpus=2"),
	KTEST(out_of_memory_with_free_objects, .cmdline = "kmem.arena=32M kmem.cpus=2"),
	KTEST(out_of_memory_names_the_node, .cmdline = "kmem.arena=32M kmem.cpus=2"),
	KTEST(out_of_memory_with_a_wrong_zone, .cmdline = "kmem.arena=32M kmem.cpus=2"))
