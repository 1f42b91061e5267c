// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Reports are counted, per cache and in all, and kmem.panic_on_bug=1 makes the first one the last.
 *
 * At risk: a kind of report that is not counted, so that a test suite that asks for the number passes over it.
 */
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "ktest.h"
#include "util.h"

static struct kmem_cache *plain(const char *name)
{
	return kmem_cache_create(name, 64, 0, SLAB_NO_MERGE, NULL);
}

static void each_kind_counts_once(struct kunit *test)
{
	struct kmem_cache *a = plain("a"), *b = plain("b");
	char *object = kmem_cache_alloc(a, GFP_KERNEL);
	int local;

	KUNIT_EXPECT_EQ(test, kmem_errors(), 0);
	kmem_cache_free(a, object + 8);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(a), 1);
	kmem_cache_free(a, &local);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(a), 2);
	kmem_cache_free(a, object);
	kmem_cache_free(a, object);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(a), 3);
	object = kmem_cache_alloc(a, GFP_KERNEL);
	kmem_cache_free(b, object);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(a), 3);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(b), 1);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 4);
	kmem_cache_free_bulk(NULL, 1, (void *[]){ &local });
	KUNIT_EXPECT_EQ(test, kmem_errors(), 5);
	kmem_cache_free((struct kmem_cache *)&local, object);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 6);
	kmem_cache_destroy(b);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 6);
	object = kmem_cache_alloc(a, GFP_KERNEL);
	kmem_cache_destroy(a);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 7);
}

static void the_kmalloc_family_counts(struct kunit *test)
{
	char *block = kmalloc(100, GFP_KERNEL), *area = vmalloc(10000);
	int local;

	kfree(&local);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 1);
	kfree(block + 8);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 2);
	kfree(block);
	kfree(block);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 3);
	vfree(&local);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 4);
	kfree(area);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 5);
	KUNIT_EXPECT_EQ(test, ksize(&local), 0);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 6);
}

/* What rests in an array counts when it is found. */
static void late_reports_count(struct kunit *test)
{
	struct kmem_cache *cache = plain("late");
	char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, object + 8);
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), 1);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 1);
}

static void correct_use_counts_nothing(struct kunit *test)
{
	struct kmem_cache *cache = plain("good");

	for (int i = 0; i < 1000; i++)
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_cache_free(cache, NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), 0);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(NULL);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 0);
}

static void no_cache_has_no_errors(struct kunit *test)
{
	int local;

	KUNIT_EXPECT_EQ(test, kmem_cache_errors((struct kmem_cache *)&local), 0);
	KTEST_EXPECT_SAID(test, "kmem_cache_errors: 0x");
	KUNIT_EXPECT_EQ(test, kmem_errors(), 1);
}

static void the_first_report_is_the_last(struct kunit *test)
{
	struct kmem_cache *cache = plain("first");
	int local;

	(void)test;
	kmem_cache_free(cache, &local);
	_exit(3);
}

static void leave_with_42(const char *text)
{
	_exit(strcmp(text, "kmem.panic_on_bug set ...") == 0 ? 42 : 3);
}

static void the_panic_handler_is_asked(struct kunit *test)
{
	struct kmem_cache *cache = plain("first");

	kmem_set_panic_handler(leave_with_42);
	KUNIT_ASSERT_NOT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_cache_destroy(cache);
	_exit(3);
}

KTEST_MAIN(
	KTEST(each_kind_counts_once, .cmdline = "kmem.harden=1"),
	KTEST(the_kmalloc_family_counts, .cmdline = "kmem.harden=1"),
	KTEST(late_reports_count),
	KTEST(correct_use_counts_nothing),
	KTEST(no_cache_has_no_errors),
	KTEST(the_first_report_is_the_last, .cmdline = "kmem.panic_on_bug=1 kmem.harden=1", .signal = SIGABRT,
	      .says = "Kernel panic - not syncing: kmem.panic_on_bug set ...\n"),
	KTEST(the_panic_handler_is_asked, .cmdline = "kmem.panic_on_bug=1", .status = 42))
