// SPDX-License-Identifier: MIT OR Apache-2.0
/* slab_debug= as a program's environment has it: what it says about itself, and that it reaches caches. */
#include <kmem.h>

#include "ktest.h"

/* Overruns an object of a cache that asks for nothing; returns how many reports that made. */
static unsigned long overrun(const char *name, unsigned long flags)
{
	struct kmem_cache *cache = kmem_cache_create(name, 61, 0, flags, NULL);
	unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);
	unsigned long before = kmem_cache_errors(cache);

	object[61] = 0x12;
	kmem_cache_free(cache, object);
	return kmem_cache_errors(cache) - before;
}

static void all_caches(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, overrun("any", 0), 1);
	KUNIT_EXPECT_EQ(test, overrun("other", 0), 1);
	KUNIT_EXPECT_EQ(test, overrun("refuses", SLAB_NO_USER_FLAGS | SLAB_NO_MERGE), 0);
}

static void one_cache(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, overrun("any", 0), 1);
	KUNIT_EXPECT_EQ(test, overrun("other", 0), 0);
}

static void some_caches(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, overrun("any", 0), 1);
	KUNIT_EXPECT_EQ(test, overrun("anything", 0), 1);
	KUNIT_EXPECT_EQ(test, overrun("other", 0), 1);
	KUNIT_EXPECT_EQ(test, overrun("another", 0), 0);
}

static void all_but_one(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, overrun("any", 0), 0);
	KUNIT_EXPECT_EQ(test, overrun("other", 0), 1);
}

static void no_cache(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, overrun("any", 0), 0);
	KTEST_EXPECT_SILENT(test);
}

static void unknown_letters(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, overrun("any", 0), 1);
	KUNIT_EXPECT_EQ(test, overrun("other", 0), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("slab_debug option 'x' unknown. skipped\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("slab_debug option '1' unknown. skipped\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("unknown. skipped"), 2);
}

static void poison_before_clearing(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("any", 61, 0, 0, NULL);
	unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, object[0], 0x6b);
	KUNIT_EXPECT_EQ(test, ktest_count("\n"), 1);
}

static void kmalloc_too(struct kunit *test)
{
	unsigned char *object = kmalloc(18, GFP_KERNEL);

	object[18] = 0x12;
	kfree(object);
	KTEST_EXPECT_SAID(test, "[kmalloc Redzone overwritten]");
	KTEST_EXPECT_SAID(test, "BUG kmalloc-32 (Not tainted): Object corrupt");
	ktest_hush();
	kfree(object);
	object = kzalloc(18, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, object[17], 0);
	KUNIT_EXPECT_EQ(test, object[18], 0xcc);
	KUNIT_EXPECT_EQ(test, ksize(object), 32);
	object[31] = 0x12;
	kfree(object);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(KTEST(all_caches, .cmdline = "slab_debug"), KTEST(all_caches, .cmdline = "slub_debug=fz"),
	   KTEST(all_caches, .cmdline = "slab_debug=;;-FZ;"), KTEST(one_cache, .cmdline = "slab_debug=,any"),
	   KTEST(one_cache, .cmdline = "slab_debug=FZ,any"), KTEST(some_caches, .cmdline = "slab_debug=FZ,other,any*"),
	   KTEST(some_caches, .cmdline = "slab_debug=FZ,any*;ZF,other;P,*"),
	   KTEST(all_but_one, .cmdline = "slab_debug=FZ;-,any"), KTEST(no_cache), KTEST(no_cache, .cmdline = "slab_debug=-"),
	   KTEST(no_cache, .cmdline = "slab_debug=ZPU"), KTEST(no_cache, .cmdline = "slab_debug=FZ,any;"),
	   KTEST(unknown_letters, .cmdline = "slab_debug=xFZ;1ZF,other"),
	   KTEST(poison_before_clearing, .cmdline = "slab_debug=P init_on_alloc=1",
		 .says = "mem auto-init: SLAB_POISON will take precedence over init_on_alloc/init_on_free\n"),
	   KTEST(kmalloc_too, .cmdline = "slab_debug"))
