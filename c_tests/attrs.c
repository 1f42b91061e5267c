// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Attributes of caches by call, caches by name, and where a pointer comes from. (What Linux says to the same questions
 * is in the scenarios linux/attr_*.c and linux/dump_obj.c.)
 *
 * At risk: a monitoring program that reads an attribute into a small buffer, of a cache that goes away, or while
 * others use the cache.
 */
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>

#include "ktest.h"
#include "util.h"
#include <kmem/print.h>

#define OUTLINE __attribute__((noinline, noclone))

static char text[1 << 16];

static const char *show(struct kmem_cache *cache, const char *attribute)
{
	long n = kmem_cache_attr_show(cache, attribute, text, sizeof(text));

	if (n < 0)
		snprintf(text, sizeof(text), "error %ld", n);
	return text;
}

static long store(struct kmem_cache *cache, const char *attribute, const char *value)
{
	return kmem_cache_attr_store(cache, attribute, value, strlen(value));
}

#define EXPECT_SHOWN(test, cache, attribute, expected)                                                    \
	do {                                                                                              \
		if (strcmp(show(cache, attribute), expected) != 0)                                        \
			ktest_fail(test, "%s:%d: %s: %s", __FILE__, __LINE__, attribute, text);           \
	} while (0)

/* All but those that the other cases look at; sizes and orders for two CPUs. */
static void every_attribute(struct kunit *test)
{
	static const struct {
		const char *attribute, *plain, *debug;
	} expected[] = {
		{ "aliases", "1\n", "0\n" },
		{ "align", "8\n", "64\n" },
		{ "alloc_traces", "error -2", "No data\n" },
		{ "cache_dma", "0\n", "1\n" },
		{ "cpu_partial", "0\n", "0\n" },
		{ "cpu_slabs", "0\n", "0\n" },
		{ "ctor", "", "" },
		{ "destroy_by_rcu", "0\n", "1\n" },
		{ "failslab", "0\n", "1\n" },
		{ "free_traces", "error -2", "No data\n" },
		{ "hwcache_align", "0\n", "1\n" },
		{ "min_partial", "5\n", "5\n" },
		{ "object_size", "100\n", "700\n" },
		{ "objects", "0\n", "0\n" },
		{ "objects_partial", "0\n", "0\n" },
		{ "objs_per_slab", "39\n", "18\n" },
		{ "order", "0\n", "2\n" },
		{ "partial", "0\n", "0\n" },
		{ "poison", "0\n", "1\n" },
		{ "reclaim_account", "0\n", "1\n" },
		{ "red_zone", "0\n", "1\n" },
		{ "remote_node_defrag_ratio", "100\n", "100\n" },
		{ "sanity_checks", "0\n", "1\n" },
		{ "sheaf_capacity", "60\n", "0\n" },
		{ "shrink", "", "" },
		{ "skip_kfence", "0\n", "0\n" },
		{ "slab_size", "104\n", "896\n" },
		{ "slabs", "0\n", "0\n" },
		{ "slabs_cpu_partial", "0(0)\n", "0(0)\n" },
		{ "store_user", "0\n", "1\n" },
		{ "total_objects", "0\n", "0\n" },
		{ "trace", "0\n", "1\n" },
		{ "usersize", "0\n", "8\n" },
		{ "validate", "", "" },
	};
	struct kmem_cache *plain = kmem_cache_create("plain", 98, 0, 0, NULL);
	struct kmem_cache *debug = kmem_cache_create_usercopy(
		"debug", 700, 0,
		SLAB_HWCACHE_ALIGN | SLAB_TYPESAFE_BY_RCU | SLAB_RECLAIM_ACCOUNT | SLAB_CACHE_DMA | SLAB_RED_ZONE |
			SLAB_POISON | SLAB_STORE_USER | SLAB_CONSISTENCY_CHECKS | SLAB_TRACE,
		16, 8, NULL);

	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_create("alias", 100, 0, 0, NULL), plain);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		EXPECT_SHOWN(test, plain, expected[i].attribute, expected[i].plain);
		EXPECT_SHOWN(test, debug, expected[i].attribute, expected[i].debug);
		/* None is left out here. */
		KUNIT_EXPECT_EQ(test, strcmp(kmem_cache_attr_name(i), expected[i].attribute), 0);
	}
	KUNIT_EXPECT_NULL(test, kmem_cache_attr_name(ARRAY_LEN(expected)));
	KUNIT_EXPECT_NULL(test, kmem_cache_attr_name((size_t)-1));
	KTEST_EXPECT_SILENT(test);
}

static void counts_follow_use(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("counted", 64, 0, SLAB_CONSISTENCY_CHECKS, NULL);
	static void *objects[200];

	for (int i = 0; i < 200; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	EXPECT_SHOWN(test, cache, "objects", "200 N0=200\n");
	EXPECT_SHOWN(test, cache, "total_objects", "256 N0=256\n");
	EXPECT_SHOWN(test, cache, "slabs", "4 N0=4\n");
	EXPECT_SHOWN(test, cache, "partial", "1 N0=1\n");
	EXPECT_SHOWN(test, cache, "objects_partial", "8 N0=8\n");
	for (int i = 0; i < 64; i++)
		kmem_cache_free(cache, objects[i]);
	EXPECT_SHOWN(test, cache, "objects", "136 N0=136\n");
	EXPECT_SHOWN(test, cache, "partial", "2 N0=2\n");
	KUNIT_EXPECT_EQ(test, store(cache, "shrink", "1\n"), 2);
	EXPECT_SHOWN(test, cache, "slabs", "3 N0=3\n");
	EXPECT_SHOWN(test, cache, "partial", "1 N0=1\n");
}

static void ctor_of_attrs(void *object)
{
	(void)object;
}

static void constructor_by_name(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("constructed", 64, 0, 0, ctor_of_attrs);

	KUNIT_EXPECT_TRUE(test, strncmp(show(cache, "ctor"), "ctor_of_attrs+0x0/0x", 20) == 0);
	KUNIT_EXPECT_EQ(test, text[strlen(text) - 1], '\n');
}

static void buffers_of_any_size(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("constructed", 64, 0, 0, ctor_of_attrs);
	long whole = kmem_cache_attr_show(cache, "ctor", NULL, 0);
	char buffer[256];

	KUNIT_EXPECT_GT(test, whole, 20);
	show(cache, "ctor");
	for (size_t size = 0; size < 200; size++) {
		memset(buffer, '?', sizeof(buffer));
		KUNIT_EXPECT_EQ(test, kmem_cache_attr_show(cache, "ctor", buffer, size), whole);
		KUNIT_EXPECT_EQ(test, buffer[size], '?');
		if (size > 0) {
			size_t kept = size - 1 < (size_t)whole ? size - 1 : (size_t)whole;

			KUNIT_EXPECT_EQ(test, strlen(buffer), kept);
			KUNIT_EXPECT_EQ(test, memcmp(buffer, text, kept), 0);
		}
	}
}

static void refusals(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("one", 64, 0, 0, NULL), *alias;

	KUNIT_EXPECT_EQ(test, kmem_cache_attr_show(cache, "nonsense", text, sizeof(text)), -ENOENT);
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_show(cache, "", text, sizeof(text)), -ENOENT);
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_show(cache, "orde", text, sizeof(text)), -ENOENT);
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_show(cache, NULL, text, sizeof(text)), -EINVAL);
	KUNIT_EXPECT_EQ(test, store(cache, "order", "1"), -EACCES);
	KUNIT_EXPECT_EQ(test, store(cache, "alloc_traces", "1"), -ENOENT);
	KUNIT_EXPECT_EQ(test, store(cache, "nonsense", "1"), -ENOENT);
	KUNIT_EXPECT_EQ(test, store(cache, "cpu_partial", "0"), 1);
	KUNIT_EXPECT_EQ(test, store(cache, "cpu_partial", "6"), -EINVAL);
	KUNIT_EXPECT_EQ(test, store(cache, "cpu_partial", "4294967296"), -ERANGE);
	KUNIT_EXPECT_EQ(test, store(cache, "validate", "1"), -EINVAL);
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_store(cache, "shrink", NULL, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_store(cache, "shrink", NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_store(cache, NULL, "1", 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_store(cache, "shrink", "1", (size_t)-1), -EINVAL);
	/* Bytes, not a string: a NUL is one of them. */
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_store(cache, "min_partial", "7\0", 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_store(cache, "min_partial", "78", 1), 1);
	EXPECT_SHOWN(test, cache, "min_partial", "7\n");
	KTEST_EXPECT_SILENT(test);

	/* The mark of failslab is not for caches that are shared. */
	KUNIT_EXPECT_EQ(test, store(cache, "failslab", "1"), 1);
	EXPECT_SHOWN(test, cache, "failslab", "1\n");
	KUNIT_EXPECT_EQ(test, store(cache, "failslab", "no"), 2);
	EXPECT_SHOWN(test, cache, "failslab", "0\n");
	alias = kmem_cache_create("two", 64, 0, 0, NULL);
	KUNIT_EXPECT_PTR_EQ(test, alias, cache);
	KUNIT_EXPECT_EQ(test, store(cache, "failslab", "1"), -EINVAL);

	KUNIT_EXPECT_EQ(test, kmem_cache_attr_show(NULL, "order", text, sizeof(text)), -EINVAL);
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_store((void *)text, "shrink", "1", 1), -EINVAL);
	KTEST_EXPECT_SAID(test, "kmem_cache_attr_show: 0x0000000000000000 is not a slab cache\n");
	KTEST_EXPECT_SAID(test, "kmem_cache_attr_store: 0x");
}

static void min_partial_is_obeyed(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("kept", 1024, 0, SLAB_NO_MERGE, NULL);
	static void *objects[2000];

	KUNIT_EXPECT_EQ(test, store(cache, "min_partial", "2"), 1);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 2000; i++)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		kmem_cache_free_bulk(cache, 2000, objects);
	}
	kmem_cache_shrink(cache);
	EXPECT_SHOWN(test, cache, "slabs", "0\n");
}

static void validate_reports(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("checked", 64, 0, SLAB_RED_ZONE, NULL);
	char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, store(cache, "validate", "1"), 1);
	KTEST_EXPECT_SILENT(test);
	object[64] = 0x12;
	KUNIT_EXPECT_EQ(test, store(cache, "validate", "1"), 1);
	KTEST_EXPECT_SAID(test, "[Right Redzone overwritten]");
	KUNIT_EXPECT_GT(test, kmem_cache_errors(cache), 0);
}

struct round {
	struct kmem_cache *seen[16];
	int n, stop_at;
};

static int visit(struct kmem_cache *cache, void *data)
{
	struct round *round = data;

	round->seen[round->n++] = cache;
	return round->n == round->stop_at ? -7 : 0;
}

static int destroy_it(struct kmem_cache *cache, void *data)
{
	int caches = slabinfo_rows();

	(void)data;
	/* The library's own hold on it does not count. */
	if (strcmp(show(cache, "aliases"), "0\n") != 0)
		return 1;
	kmem_cache_destroy(cache);
	return slabinfo_rows() != caches - 1;
}

static void by_name_and_in_turn(struct kunit *test)
{
	struct kmem_cache *a = kmem_cache_create("a", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *b = kmem_cache_create("b", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *second_b = kmem_cache_create("b", 64, 0, SLAB_NO_MERGE, NULL);
	struct round round = { .n = 0 };

	KUNIT_EXPECT_EQ(test, strcmp(kmem_cache_name(a), "a"), 0);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_find("a"), a);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_find("b"), second_b);
	kmem_cache_destroy(second_b);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_find("b"), b);
	KUNIT_EXPECT_NULL(test, kmem_cache_find("c"));
	KUNIT_EXPECT_NULL(test, kmem_cache_find(NULL));
	KUNIT_EXPECT_EQ(test, kmem_cache_for_each(visit, &round), 0);
	KUNIT_EXPECT_EQ(test, round.n, 2);
	KUNIT_EXPECT_PTR_EQ(test, round.seen[0], b);
	KUNIT_EXPECT_PTR_EQ(test, round.seen[1], a);
	round = (struct round){ .stop_at = 1 };
	KUNIT_EXPECT_EQ(test, kmem_cache_for_each(visit, &round), -7);
	KUNIT_EXPECT_EQ(test, round.n, 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_for_each(NULL, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, kmem_cache_for_each(destroy_it, NULL), 0);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	KUNIT_EXPECT_NULL(test, kmem_cache_find("a"));
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_NULL(test, kmem_cache_name(NULL));
	KTEST_EXPECT_SAID(test, "kmem_cache_name: 0x0000000000000000 is not a slab cache\n");
}

static atomic_bool done;

static void *use(void *cache)
{
	void *objects[40];

	while (!done) {
		for (int i = 0; i < 40; i++)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		kmem_cache_free_bulk(cache, 40, objects);
	}
	return NULL;
}

static void while_others_work(struct kunit *test)
{
	static const unsigned long flags[] = { SLAB_NO_MERGE, SLAB_STORE_USER };

	for (int i = 0; i < 2; i++) {
		struct kmem_cache *cache = kmem_cache_create("busy", 64, 0, flags[i], NULL);
		pthread_t threads[2];

		done = false;
		for (int t = 0; t < 2; t++)
			pthread_create(&threads[t], NULL, use, cache);
		for (int n = 0; n < 200; n++) {
			const char *name;

			for (size_t at = 0; (name = kmem_cache_attr_name(at)); at++)
				(void)show(cache, name);
			store(cache, "shrink", "1");
			store(cache, "min_partial", n % 2 ? "0" : "9");
		}
		done = true;
		for (int t = 0; t < 2; t++)
			pthread_join(threads[t], NULL);
		kmem_cache_destroy(cache);
	}
	KTEST_EXPECT_SILENT(test);
}

static OUTLINE void *allocate_here(struct kmem_cache *cache)
{
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	__asm__ volatile("" ::: "memory");
	return object;
}

/* A different stack for each number: calls at two places make its bits. */
static OUTLINE void *many_places(struct kmem_cache *cache, int place)
{
	void *object;

	if (place == 0) {
		object = allocate_here(cache);
	} else if (place % 2) {
		object = many_places(cache, place / 2);
		__asm__ volatile("# odd" ::: "memory");
	} else {
		object = many_places(cache, place / 2);
		__asm__ volatile("# even" ::: "memory");
	}
	return object;
}

static void traces_of_many_places(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("traced", 64, 0, SLAB_STORE_USER, NULL);
	long total = 0, last = LONG_MAX, whole;
	char *all, *line;

	for (int i = 0; i < 1000; i++)
		for (int n = 0; n <= i % 3; n++)
			(void)!many_places(cache, i);
	whole = kmem_cache_attr_show(cache, "alloc_traces", NULL, 0);
	KUNIT_ASSERT_TRUE(test, whole > 10000);
	/* Ages grow meanwhile, and with them the text. */
	all = malloc(2 * whole);
	KUNIT_EXPECT_LT(test, kmem_cache_attr_show(cache, "alloc_traces", all, 2 * whole), 2 * whole);
	for (line = strtok(all, "\n"); line; line = strtok(NULL, "\n")) {
		if (strncmp(line, "        ", 8) == 0)
			continue;
		KUNIT_EXPECT_LE(test, atol(line), last);
		last = atol(line);
		total += last;
		KUNIT_EXPECT_NOT_NULL(test, strstr(line, " allocate_here+0x"));
		KUNIT_EXPECT_NOT_NULL(test, strstr(line, " pid="));
	}
	KUNIT_EXPECT_EQ(test, total, 1999);
	free(all);
}

static void ages_and_threads(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("traced", 64, 0, SLAB_STORE_USER, NULL);
	void *objects[3];
	pid_t pid;
	int status;

	for (int i = 0; i < 3; i++) {
		objects[i] = allocate_here(cache);
		usleep(40000);
	}
	KUNIT_EXPECT_NOT_NULL(test, strstr(show(cache, "alloc_traces"), "      3 allocate_here+0x"));
	{
		long least, mean, most;

		KUNIT_EXPECT_EQ(test, sscanf(strstr(text, " age="), " age=%ld/%ld/%ld", &least, &mean, &most), 3);
		KUNIT_EXPECT_GE(test, least, 9);
		KUNIT_EXPECT_GE(test, mean, least + 9);
		KUNIT_EXPECT_GE(test, most, mean + 9);
		KUNIT_EXPECT_LT(test, most, 500);
	}
	/* First lives: nobody has freed them. */
	KUNIT_EXPECT_NOT_NULL(test, strstr(show(cache, "free_traces"), "      3 <not-available> age="));
	kmem_cache_free(cache, objects[1]);
	KUNIT_EXPECT_PTR_EQ(test, allocate_here(cache), objects[1]);
	KUNIT_EXPECT_NOT_NULL(test, strstr(show(cache, "free_traces"), "      1 ages_and_threads+0x"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "      2 <not-available> age="));
	/* A record without a stack has no empty line behind it. */
	KUNIT_EXPECT_NULL(test, strstr(text, "      2 <not-available> age=0\n\n"));
	pid = fork();
	if (pid == 0) {
		char expected[64];

		(void)!allocate_here(cache);
		snprintf(expected, sizeof(expected), " pid=%d", getpid());
		_exit(strstr(show(cache, "alloc_traces"), expected) ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	KUNIT_EXPECT_EQ(test, status, 0);
}

/* What a size class gives beyond what was asked for: the size asked for lies behind the tracks. */
static void traces_of_waste(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("class", 64, 0, SLAB_KMALLOC | SLAB_STORE_USER, NULL);

	for (int i = 0; i < 4; i++) {
		char *object = allocate_here(cache);
		size_t *asked = (size_t *)(object + 64 + 64);

		KUNIT_EXPECT_EQ(test, *asked, 64);
		if (i > 0)
			*asked = 50;
	}
	KUNIT_EXPECT_NOT_NULL(test, strstr(show(cache, "alloc_traces"), "      3 allocate_here+0x"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "] waste=42/14 age="));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "      1 allocate_here+0x"));
	KUNIT_EXPECT_NULL(test, strstr(text, "waste=0"));
	KUNIT_EXPECT_NULL(test, strstr(show(cache, "free_traces"), "waste"));
}

static void dump_anything(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("dumped", 120, 0, SLAB_STORE_USER, NULL);
	char *object = allocate_here(cache), local;
	char expected[128];

	KUNIT_EXPECT_FALSE(test, kmem_dump_obj(NULL));
	KUNIT_EXPECT_FALSE(test, kmem_dump_obj((void *)16));
	KUNIT_EXPECT_FALSE(test, kmem_dump_obj(&local));
	KUNIT_EXPECT_FALSE(test, kmem_dump_obj((void *)-1));
	KUNIT_EXPECT_FALSE(test, kmem_dump_obj(cache));
	KUNIT_EXPECT_FALSE(test, kmem_valid_obj(&local));
	KUNIT_EXPECT_FALSE(test, kmem_valid_obj(NULL));
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_TRUE(test, kmem_valid_obj(object));
	KUNIT_EXPECT_TRUE(test, kmem_valid_obj(object + 4095));

	kmem_printk("the pointer:");
	KUNIT_EXPECT_TRUE(test, kmem_dump_obj(object + 3));
	snprintf(expected, sizeof(expected), "the pointer: slab dumped start %016lx pointer offset 3 size 120 allocated at "
		 "allocate_here+0x", (unsigned long)object);
	KTEST_EXPECT_SAID(test, expected);
	KTEST_EXPECT_SAID(test, "\n    allocate_here+0x");
	KTEST_EXPECT_SAID(test, "\n    dump_anything+0x");
	KUNIT_EXPECT_EQ(test, ktest_count("Free path"), 0);
	ktest_hush();
	/* Every address of the slab is somebody's. */
	for (int at = 0; at < 4096; at++)
		KUNIT_EXPECT_TRUE(test, kmem_dump_obj(object + at));
	KUNIT_EXPECT_EQ(test, ktest_count(" slab dumped start "), 4096);
	KUNIT_EXPECT_EQ(test, ktest_count(" allocated at allocate_here+0x"), 184);
	/* Its object is live, its slab is nobody's list: a cache that was destroyed too early still has its name. */
	kmem_cache_destroy(cache);
	ktest_hush();
	KUNIT_EXPECT_TRUE(test, kmem_dump_obj(object));
	KTEST_EXPECT_SAID(test, " slab dumped start ");
}

KTEST_MAIN(
	KTEST(every_attribute, .cmdline = "kmem.cpus=2 slab_debug=A,debug"), KTEST(counts_follow_use, .cmdline = "kmem.cpus=2"),
	KTEST(constructor_by_name), KTEST(buffers_of_any_size), KTEST(refusals), KTEST(min_partial_is_obeyed),
	KTEST(validate_reports), KTEST(by_name_and_in_turn), KTEST(while_others_work), KTEST(traces_of_many_places),
	KTEST(ages_and_threads),
	KTEST(traces_of_waste), KTEST(dump_anything))
