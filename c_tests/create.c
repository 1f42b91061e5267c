// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Creation: what is refused, with which words, and that a refusal leaves nothing behind.
 *
 * At risk: sizes near SIZE_MAX wrap round, a bad alignment passes, an error path keeps a cache or a name.
 */
#include "ktest.h"
#include "util.h"

#define REFUSED(test, name, call)                                                                    \
	do {                                                                                         \
		ktest_hush();                                                                        \
		KUNIT_EXPECT_NULL(test, call);                                                       \
		KTEST_EXPECT_SAID(test, "kmem_cache_create(" name ") failed with error -22\n");      \
		KTEST_EXPECT_SAID(test, "Call Trace:");                                              \
	} while (0)

static void name_missing(struct kunit *test)
{
	REFUSED(test, "(null)", kmem_cache_create(NULL, 64, 0, 0, NULL));
	KTEST_EXPECT_SAID(test, "kmem_cache_create((null)) integrity check failed\n");
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void name_empty(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("", 64, 0, 0, NULL);

	KUNIT_EXPECT_NOT_NULL(test, cache);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
	REFUSED(test, "", kmem_cache_create("", 64, 0, SLAB_NO_MERGE, NULL));
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void name_is_copied(struct kunit *test)
{
	char name[] = "volatile";
	struct kmem_cache *cache = kmem_cache_create(name, 64, 0, SLAB_NO_MERGE, NULL);

	memset(name, 'x', sizeof(name) - 1);
	KUNIT_EXPECT_TRUE(test, slabinfo_has("volatile "));
	kmem_cache_destroy(cache);
}

static void say_nothing(void *data, int level, const char *text, size_t len)
{
	(void)data, (void)level, (void)text, (void)len;
}

static void name_very_long(struct kunit *test)
{
	static char name[100000];
	struct kmem_cache *cache;

	memset(name, 'n', sizeof(name) - 1);
	cache = kmem_cache_create(name, 64, 0, SLAB_NO_MERGE, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 1);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

/* There is no memory for it, and nothing is taken in the attempt. */
static void name_beyond_all_bounds(struct kunit *test)
{
	enum { BYTES = 5 << 20 };
	struct kmem_usage before = { .size = sizeof(before) }, after = before;
	char *name = malloc(BYTES);

	KUNIT_EXPECT_NOT_NULL(test, kmem_cache_create("first", 64, 0, SLAB_NO_MERGE, NULL));
	memset(name, 'a', BYTES - 1);
	name[BYTES - 1] = '\0';
	kmem_set_log_handler(say_nothing, NULL);
	kmem_usage(&before);
	for (int i = 0; i < 4; i++)
		KUNIT_EXPECT_NULL(test, kmem_cache_create(name, 64, 0, SLAB_NO_MERGE, NULL));
	kmem_usage(&after);
	KUNIT_EXPECT_EQ(test, after.committed_bytes, before.committed_bytes);
	free(name);
}

static void size_zero(struct kunit *test)
{
	REFUSED(test, "zero", kmem_cache_create("zero", 0, 0, 0, NULL));
	KTEST_EXPECT_SAID(test, "kmem_cache_create(zero) integrity check failed\n");
	REFUSED(test, "zero", kmem_cache_create("zero", 0, 0, SLAB_HWCACHE_ALIGN, NULL));
}

static void sizes_too_large(struct kunit *test)
{
	const size_t max = 4 << 20;
	const size_t sizes[] = { max + 1, 2 * max, 1ull << 31, 1ull << 32, (1ull << 32) + 64, 1ull << 62,
				 SIZE_MAX - 4096, SIZE_MAX - 63, SIZE_MAX - 7, SIZE_MAX - 1, SIZE_MAX };
	struct kmem_cache *largest;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		REFUSED(test, "large", kmem_cache_create("large", sizes[i], 0, 0, NULL));
		REFUSED(test, "large", kmem_cache_create("large", sizes[i], 64, SLAB_HWCACHE_ALIGN, NULL));
		REFUSED(test, "large", kmem_cache_create("large", sizes[i], 0, SLAB_RED_ZONE, NULL));
	}
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	largest = kmem_cache_create("largest", max, 0, 0, NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_size(largest), max);
	kmem_cache_destroy(largest);
}

static void alignments_not_a_power_of_two(struct kunit *test)
{
	for (size_t align = 1; align <= 4096; align++) {
		if ((align & (align - 1)) != 0)
			REFUSED(test, "align", kmem_cache_create("align", 64, align, 0, NULL));
	}
	REFUSED(test, "align", kmem_cache_create("align", 64, SIZE_MAX, 0, NULL));
	REFUSED(test, "align", kmem_cache_create("align", 64, SIZE_MAX / 2 + 1, 0, NULL));
	REFUSED(test, "align", kmem_cache_create("align", 64, 8 << 20, 0, NULL));
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void flags_not_permitted(struct kunit *test)
{
	const unsigned long flags[] = { SLAB_FAILSLAB, SLAB_KASAN, SLAB_SKIP_KFENCE, 1ul << 30, 1ul << 31,
					1ul << 32, 1ul << 63, 1, 2, 0x80, ~0ul & ~(unsigned long)SLAB_PANIC };

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		REFUSED(test, "flags", kmem_cache_create("flags", 64, 0, flags[i], NULL));
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void flags_permitted(struct kunit *test)
{
	const unsigned long flags[] = {
		SLAB_CONSISTENCY_CHECKS, SLAB_RED_ZONE, SLAB_POISON, SLAB_KMALLOC, SLAB_HWCACHE_ALIGN,
		SLAB_CACHE_DMA, SLAB_CACHE_DMA32, SLAB_STORE_USER, SLAB_RECLAIM_ACCOUNT, SLAB_PANIC,
		SLAB_TYPESAFE_BY_RCU, SLAB_MEM_SPREAD, SLAB_TRACE, SLAB_DEBUG_OBJECTS, SLAB_NOLEAKTRACE,
		SLAB_NO_MERGE, SLAB_ACCOUNT, SLAB_NO_USER_FLAGS, SLAB_DESTROY_BY_RCU, SLAB_DEBUG_FREE,
		SLAB_TEMPORARY, SLAB_NOTRACK,
	};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		struct kmem_cache *cache = kmem_cache_create("flags", 64, 0, flags[i], NULL);

		KUNIT_ASSERT_NOT_NULL(test, cache);
		kmem_cache_destroy(cache);
	}
	KTEST_EXPECT_SILENT(test);
}

static void usercopy_windows(struct kunit *test)
{
	const struct { size_t offset, size; bool warns; } windows[] = {
		{ 0, 64, false }, { 63, 1, false }, { 0, 0, false }, { 8, 16, false },
		{ 1, 0, true },	  { 64, 1, true },  { 0, 65, true },  { 60, 5, true },
		{ SIZE_MAX, 2, true }, { 2, SIZE_MAX, true }, { SIZE_MAX, SIZE_MAX, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(windows); i++) {
		struct kmem_cache *cache;

		ktest_hush();
		cache = kmem_cache_create_usercopy("user", 64, 0, 0, windows[i].offset, windows[i].size, NULL);
		KUNIT_ASSERT_NOT_NULL(test, cache);
		KUNIT_EXPECT_EQ(test, ktest_count("WARNING: "), windows[i].warns);
		kmem_cache_destroy(cache);
	}
	ktest_hush();
	KUNIT_EXPECT_NULL(test, kmem_cache_create_usercopy("user", 0, 0, 0, 0, 0, NULL));
	KTEST_EXPECT_SAID(test, "kmem_cache_create_usercopy(user) failed with error -22\n");
}

static void args_form(struct kunit *test)
{
	struct kmem_cache_args args = { .align = 256 }, freeptr = { .use_freeptr_offset = true, .freeptr_offset = 8 };
	struct kmem_cache *cache = kmem_cache_create("args", 40, &args, SLAB_HWCACHE_ALIGN | SLAB_NO_MERGE);
	struct kmem_cache *defaults = kmem_cache_create("null", 40, NULL, SLAB_NO_MERGE);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, cache);
	KUNIT_ASSERT_NOT_NULL(test, defaults);
	KUNIT_EXPECT_EQ(test, (uintptr_t)object % 256, 0);
	KUNIT_EXPECT_EQ(test, args.align, 256);
	args.align = 4;
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(defaults);
	cache = kmem_cache_create("written", 40, &args, SLAB_NO_MERGE);
	KUNIT_EXPECT_EQ(test, args.align, 8);
	kmem_cache_destroy(cache);
	defaults = kmem_cache_create("shared", 40, NULL, 0);
	args.align = 4;
	cache = kmem_cache_create("merged", 40, &args, 0);
	KUNIT_EXPECT_PTR_EQ(test, cache, defaults);
	KUNIT_EXPECT_EQ(test, args.align, 4);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(defaults);
	REFUSED(test, "fp", kmem_cache_create("fp", 40, &freeptr, SLAB_NO_MERGE));
	cache = kmem_cache_create("fp", 40, &freeptr, SLAB_TYPESAFE_BY_RCU);
	KUNIT_EXPECT_NOT_NULL(test, cache);
	kmem_cache_destroy(cache);
	freeptr.freeptr_offset = 12;
	REFUSED(test, "fp", kmem_cache_create("fp", 40, &freeptr, SLAB_TYPESAFE_BY_RCU));
	freeptr.freeptr_offset = 40;
	REFUSED(test, "fp", kmem_cache_create("fp", 40, &freeptr, SLAB_TYPESAFE_BY_RCU));
}

static void args_of_unknown_type(struct kunit *test)
{
	int something = 0;
	void *args = &something;

	for (int i = 0; i < 3; i++) {
		struct kmem_cache *cache = kmem_cache_create("void", 40, args, 0);

		KUNIT_EXPECT_EQ(test, (intptr_t)cache, -EINVAL);
	}
	KUNIT_EXPECT_EQ(test, ktest_count("WARNING: "), 1);
}

struct tagged {
	char byte;
	double number;
	char text[21];
};

static void by_struct(struct kunit *test)
{
	struct kmem_cache *cache = KMEM_CACHE(tagged, SLAB_NO_MERGE);
	struct kmem_cache *copied = KMEM_CACHE_USERCOPY(tagged, 0, text);

	KUNIT_EXPECT_EQ(test, kmem_cache_size(cache), sizeof(struct tagged));
	KUNIT_EXPECT_TRUE(test, slabinfo_has("tagged "));
	KUNIT_EXPECT_PTR_NE(test, cache, copied);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(copied);
}

static void function_behind_the_macro(struct kunit *test)
{
	struct kmem_cache *(*create)(const char *, size_t, size_t, unsigned long, kmem_ctor_t) = kmem_cache_create;
	struct kmem_cache *cache = create("pointer", 64, 0, 0, NULL);

	KUNIT_EXPECT_NOT_NULL(test, cache);
	kmem_cache_destroy(cache);
}

static void panic_flag(struct kunit *test)
{
	(void)test;
	kmem_cache_create("doomed", 0, 0, SLAB_PANIC, NULL);
}

static void leave(const char *text)
{
	_exit(strcmp(text, "kmem_cache_create: Failed to create slab 'doomed'. Error -22") == 0 ? 7 : 8);
}

static void panic_handler(struct kunit *test)
{
	(void)test;
	kmem_set_panic_handler(leave);
	kmem_cache_create("doomed", 64, 0, SLAB_PANIC | SLAB_FAILSLAB, NULL);
}

static void come_back(const char *text)
{
	(void)text;
}

static void panic_handler_that_returns(struct kunit *test)
{
	(void)test;
	kmem_set_panic_handler(come_back);
	kmem_cache_create("doomed", 64, 3, SLAB_PANIC, NULL);
}

KTEST_MAIN(
	KTEST(name_missing), KTEST(name_empty), KTEST(name_is_copied), KTEST(name_very_long), KTEST(name_beyond_all_bounds), KTEST(size_zero),
	KTEST(sizes_too_large), KTEST(alignments_not_a_power_of_two), KTEST(flags_not_permitted),
	KTEST(flags_permitted), KTEST(usercopy_windows), KTEST(args_form), KTEST(args_of_unknown_type),
	KTEST(by_struct), KTEST(function_behind_the_macro),
	KTEST(panic_flag, .signal = SIGABRT,
	      .says = "Kernel panic - not syncing: kmem_cache_create: Failed to create slab 'doomed'. Error -22\n"),
	KTEST(panic_handler, .status = 7), KTEST(panic_handler_that_returns, .signal = SIGABRT))
