// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Failures on request: failslab by boot option and by call, its filters, and fail-nth.
 *
 * At risk: an allocation that the fast path serves although it was to fail, in this thread or another; a failure that
 * was not asked for; arrays that never come back.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <pthread.h>
#include <stdatomic.h>

#include "ktest.h"
#include "util.h"

static struct kmem_cache *plain(const char *name)
{
	return kmem_cache_create(name, 64, 0, SLAB_NO_MERGE, NULL);
}

/* How many of n allocations fail; what is allocated is freed. */
static int failures(struct kmem_cache *cache, gfp_t gfp, int n)
{
	int failed = 0;

	for (int i = 0; i < n; i++) {
		void *object = kmem_cache_alloc(cache, gfp);

		failed += !object;
		kmem_cache_free(cache, object);
	}
	return failed;
}

static struct kmem_fault_attr always(void)
{
	struct kmem_fault_attr attr;

	kmem_failslab_get(&attr);
	attr.probability = 100;
	attr.times = -1;
	attr.verbose = 0;
	attr.ignore_gfp_wait = false;
	return attr;
}

static void defaults_are_the_kernels(struct kunit *test)
{
	struct kmem_fault_attr attr;

	kmem_failslab_get(&attr);
	KUNIT_EXPECT_EQ(test, attr.probability, 0);
	KUNIT_EXPECT_EQ(test, attr.interval, 1);
	KUNIT_EXPECT_EQ(test, attr.times, 1);
	KUNIT_EXPECT_EQ(test, attr.space, 0);
	KUNIT_EXPECT_EQ(test, attr.verbose, 2);
	KUNIT_EXPECT_FALSE(test, attr.task_filter);
	KUNIT_EXPECT_TRUE(test, attr.ignore_gfp_wait);
	KUNIT_EXPECT_FALSE(test, attr.cache_filter);
	KUNIT_EXPECT_EQ(test, failures(plain("off"), GFP_NOWAIT, 1000), 0);
}

/* A thread's array is full of objects when failures begin, and is used again when they end. */
static void calls_begin_and_end_it(struct kunit *test)
{
	struct kmem_cache *cache = plain("calls");
	struct kmem_fault_attr attr = always();
	void *array[8];

	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 100), 0);
	kmem_failslab_set(&attr);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 100), 100);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 8, array), 0);
	KUNIT_EXPECT_NULL(test, kmem_cache_zalloc(cache, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc_node(cache, GFP_KERNEL, 0));
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc_lru(cache, NULL, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL | __GFP_NOFAIL, 100), 0);
	kmem_failslab_set(NULL);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 100), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 8, array), 8);
	kmem_cache_free_bulk(cache, 8, array);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
}

/* slabinfo counts what rests in arrays as active: none while failures are wanted, some again afterwards. */
static void arrays_come_back(struct kunit *test)
{
	struct kmem_cache *cache = plain("arrays");
	struct kmem_fault_attr attr = always();

	attr.probability = 1;
	failures(cache, GFP_KERNEL, 100);
	KUNIT_EXPECT_GT(test, slabinfo_row("arrays").active, 0);
	kmem_failslab_set(&attr);
	failures(cache, GFP_KERNEL, 100);
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_row("arrays").active, 0);
	failures(cache, GFP_KERNEL, 100);
	KUNIT_EXPECT_EQ(test, slabinfo_row("arrays").active, 0);
	kmem_failslab_set(NULL);
	failures(cache, GFP_KERNEL, 100);
	KUNIT_EXPECT_GT(test, slabinfo_row("arrays").active, 0);
}

/* The last of a number of failures ends it, too. */
static void arrays_come_back_after_the_last_failure(struct kunit *test)
{
	struct kmem_cache *cache = plain("arrays");
	struct kmem_fault_attr attr = always();

	attr.times = 3;
	kmem_failslab_set(&attr);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 100), 3);
	kmem_cache_shrink(cache);
	failures(cache, GFP_KERNEL, 100);
	KUNIT_EXPECT_GT(test, slabinfo_row("arrays").active, 0);
	kmem_failslab_get(&attr);
	KUNIT_EXPECT_EQ(test, attr.times, 0);
}

static atomic_int phase, refused;

static void *other_thread(void *cache)
{
	failures(cache, GFP_KERNEL, 100);
	phase = 1;
	while (phase != 2)
		usleep(100);
	refused = failures(cache, GFP_KERNEL, 10);
	return NULL;
}

static void another_threads_array_is_taken(struct kunit *test)
{
	struct kmem_cache *cache = plain("threads");
	struct kmem_fault_attr attr = always();
	pthread_t thread;

	pthread_create(&thread, NULL, other_thread, cache);
	while (phase != 1)
		usleep(100);
	kmem_failslab_set(&attr);
	phase = 2;
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, refused, 10);
}

static void *takes_all(void *cache)
{
	refused += failures(cache, GFP_KERNEL, 10000);
	return NULL;
}

/* So many failures and no more, whoever gets them. */
static void times_is_exact_among_threads(struct kunit *test)
{
	struct kmem_cache *cache = plain("times");
	struct kmem_fault_attr attr = always();
	pthread_t threads[4];

	attr.times = 777;
	attr.probability = 50;
	kmem_failslab_set(&attr);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, takes_all, cache);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	KUNIT_EXPECT_EQ(test, refused, 777);
}

static void only_what_may_not_sleep(struct kunit *test)
{
	struct kmem_cache *cache = plain("nowait");

	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 100), 0);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_NOFS, 100), 0);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_NOWAIT, 100), 100);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_ATOMIC | __GFP_NOWARN, 100), 100);
}

static void interval_and_space(struct kunit *test)
{
	struct kmem_cache *cache = plain("interval");
	struct kmem_fault_attr attr = always();
	void *objects[20];

	attr.interval = 3;
	attr.space = 64 * 4 + 1;
	kmem_failslab_set(&attr);
	for (int i = 0; i < 20; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		/* Four pass for the space, then every third fails. */
		KUNIT_EXPECT_EQ(test, !objects[i], i >= 4 && (i - 4) % 3 == 2);
	}
	kmem_failslab_get(&attr);
	KUNIT_EXPECT_EQ(test, attr.space, 1);
}

static void probability_is_a_percentage(struct kunit *test)
{
	struct kmem_cache *cache = plain("chance");
	struct kmem_fault_attr attr = always();
	int failed;

	attr.probability = 20;
	kmem_failslab_set(&attr);
	failed = failures(cache, GFP_KERNEL, 10000);
	KUNIT_EXPECT_GT(test, failed, 1800);
	KUNIT_EXPECT_LT(test, failed, 2200);
}

static unsigned int first_failures(void)
{
	struct kmem_cache *cache = plain("seed");
	struct kmem_fault_attr attr = always();
	unsigned int failed = 0;

	attr.probability = 50;
	kmem_failslab_set(&attr);
	for (int i = 0; i < 32; i++)
		failed |= (unsigned int)failures(cache, GFP_KERNEL, 1) << i;
	return failed;
}

/* The same seed gives the same failures in each process. */
static void a_seed_repeats(struct kunit *test)
{
	unsigned int *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (fork() == 0) {
		*shared = first_failures();
		_exit(0);
	}
	wait(NULL);
	KUNIT_EXPECT_NE(test, *shared, 0);
	KUNIT_EXPECT_NE(test, *shared, UINT32_MAX);
	KUNIT_EXPECT_EQ(test, first_failures(), *shared);
}

static void marked_caches_only(struct kunit *test)
{
	struct kmem_cache *marked = plain("marked"), *other = plain("other");
	struct kmem_cache *shared = kmem_cache_create("shared", 200, 0, 0, NULL);
	struct kmem_cache *alone = kmem_cache_create("alone", 400, 0, 0, NULL);
	struct kmem_fault_attr attr = always();

	attr.cache_filter = true;
	kmem_failslab_set(&attr);
	KUNIT_EXPECT_EQ(test, failures(marked, GFP_KERNEL, 10), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_set_failslab(marked, true), 0);
	KUNIT_EXPECT_EQ(test, failures(marked, GFP_KERNEL, 10), 10);
	KUNIT_EXPECT_EQ(test, failures(other, GFP_KERNEL, 10), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_set_failslab(marked, false), 0);
	KUNIT_EXPECT_EQ(test, failures(marked, GFP_KERNEL, 10), 0);
	/* Nobody who shares a cache is surprised. */
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_create("sharer", 200, 0, 0, NULL), shared);
	KUNIT_EXPECT_EQ(test, kmem_cache_set_failslab(shared, true), -EINVAL);
	KUNIT_EXPECT_EQ(test, kmem_cache_set_failslab(alone, true), 0);
	KUNIT_EXPECT_PTR_NE(test, kmem_cache_create("no sharer", 400, 0, 0, NULL), alone);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, kmem_cache_set_failslab(NULL, true), -EINVAL);
}

/* slab_debug=A marks at creation. */
static void marked_by_letter(struct kunit *test)
{
	struct kmem_cache *marked = kmem_cache_create("marked_one", 64, 0, 0, NULL);
	struct kmem_cache *other = kmem_cache_create("other", 64, 0, 0, NULL);

	KUNIT_EXPECT_PTR_NE(test, marked, other);
	KUNIT_EXPECT_EQ(test, failures(marked, GFP_KERNEL, 10), 10);
	KUNIT_EXPECT_EQ(test, failures(other, GFP_KERNEL, 10), 0);
	KTEST_EXPECT_SILENT(test);
}

/* kmalloc up to the largest class; not beyond. */
static void kmalloc_fails_too(struct kunit *test)
{
	struct kmem_fault_attr attr = always();
	void *block;

	kfree(kmalloc(100, GFP_KERNEL));
	kmem_failslab_set(&attr);
	KUNIT_EXPECT_NULL(test, kmalloc(100, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kzalloc(8192, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kstrdup("text", GFP_KERNEL));
	block = kmalloc(8193, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, block);
	kfree(block);
	block = vmalloc(100);
	KUNIT_EXPECT_NOT_NULL(test, block);
	vfree(block);
	kmem_failslab_set(NULL);
	block = kmalloc(100, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, block);
	kfree(block);
}

static void *takes_part(void *cache)
{
	kmem_make_it_fail(true);
	refused = failures(cache, GFP_KERNEL, 10);
	return NULL;
}

static void threads_that_take_part(struct kunit *test)
{
	struct kmem_cache *cache = plain("task");
	struct kmem_fault_attr attr = always();
	pthread_t thread;

	attr.task_filter = true;
	kmem_failslab_set(&attr);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 10), 0);
	pthread_create(&thread, NULL, takes_part, cache);
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, refused, 10);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 10), 0);
	KUNIT_EXPECT_EQ(test, kmem_make_it_fail(true), 0);
	KUNIT_EXPECT_EQ(test, kmem_make_it_fail(true), 1);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 10), 10);
	KUNIT_EXPECT_EQ(test, kmem_make_it_fail(false), 1);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 10), 0);
}

__attribute__((__noinline__, section("here"))) static int from_here(struct kmem_cache *cache)
{
	int failed = failures(cache, GFP_KERNEL, 10);

	asm volatile("" ::: "memory");
	return failed;
}

extern char __start_here[], __stop_here[];

static void calls_on_the_stack(struct kunit *test)
{
	struct kmem_cache *cache = plain("stack");
	struct kmem_fault_attr attr = always();
	uintptr_t a = (uintptr_t)__start_here, b = (uintptr_t)__stop_here;

	attr.require_start = a;
	attr.require_end = b;
	kmem_failslab_set(&attr);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 10), 0);
	KUNIT_EXPECT_EQ(test, from_here(cache), 10);
	kmem_failslab_set(NULL);
	attr = always();
	attr.reject_start = a;
	attr.reject_end = b;
	kmem_failslab_set(&attr);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 10), 10);
	KUNIT_EXPECT_EQ(test, from_here(cache), 0);
	attr.stacktrace_depth = 0;
	kmem_failslab_set(&attr);
	KUNIT_EXPECT_EQ(test, from_here(cache), 10);
}

static void the_message_is_the_kernels(struct kunit *test)
{
	struct kmem_cache *cache = plain("message");
	struct kmem_fault_attr attr = always();

	attr.verbose = 2;
	attr.times = 5;
	attr.space = 7;
	kmem_failslab_set(&attr);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	KTEST_EXPECT_SAID(test, "FAULT_INJECTION: forcing a failure.\n"
				"name failslab, interval 1, probability 100, space 7, times 5\nCPU: ");
	KTEST_EXPECT_SAID(test, "Call Trace:\n");
	ktest_hush();
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN));
	KTEST_EXPECT_SILENT(test);
	attr.verbose = 1;
	kmem_failslab_set(&attr);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, ktest_count("\n"), 2);
	ktest_hush();
	attr.times = -1;
	attr.verbose_ratelimit_interval_ms = 60000;
	attr.verbose_ratelimit_burst = 3;
	kmem_failslab_set(&attr);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 10), 10);
	KUNIT_EXPECT_EQ(test, ktest_count("FAULT_INJECTION"), 3);
}

static void boot_option(struct kunit *test)
{
	struct kmem_cache *cache = plain("boot");
	struct kmem_fault_attr attr;

	kmem_failslab_get(&attr);
	KUNIT_EXPECT_EQ(test, attr.interval, 2);
	KUNIT_EXPECT_EQ(test, attr.probability, 100);
	KUNIT_EXPECT_EQ(test, attr.times, 3);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 10), 0);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_ATOMIC, 100), 3);
	KUNIT_EXPECT_EQ(test, ktest_count("FAULT_INJECTION: forcing a failure.\nname failslab, interval 2, probability 100, "
					  "space 0, times 1\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("\n"), 6);
}

/* As the kernel's sscanf() reads it: white space before a number, and what follows the fourth, are nothing. */
static void boot_option_with_more(struct kunit *test)
{
	struct kmem_fault_attr attr;

	kmem_failslab_get(&attr);
	KUNIT_EXPECT_EQ(test, attr.interval, 2);
	KUNIT_EXPECT_EQ(test, attr.probability, 100);
	KUNIT_EXPECT_EQ(test, attr.space, -5);
	KUNIT_EXPECT_EQ(test, attr.times, 3);
	KTEST_EXPECT_SILENT(test);
}

static void wrong_boot_option(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, failures(plain("wrong"), GFP_ATOMIC, 100), 0);
	KTEST_EXPECT_SAID(test, "FAULT_INJECTION: failed to parse arguments\n");
}

/* Every failure of a piece of code in turn. */
static void fail_nth_walks_through(struct kunit *test)
{
	struct kmem_cache *cache = plain("nth");
	struct kmem_fault_attr attr = always();
	void *objects[5];
	int n = 0;

	attr.probability = 0;
	kmem_failslab_set(&attr);
	failures(cache, GFP_KERNEL, 100);
	for (int left = 0; left == 0 && n < 100; ) {
		kmem_fail_nth(++n);
		for (int i = 0; i < 5; i++) {
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
			KUNIT_EXPECT_EQ(test, !objects[i], i == n - 1);
		}
		left = kmem_fail_nth(0);
		kmem_cache_free_bulk(cache, 5, objects);
	}
	KUNIT_EXPECT_EQ(test, n, 6);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 100), 0);
	KUNIT_EXPECT_GT(test, slabinfo_row("nth").active, 0);
}

static void *uses(void *cache)
{
	refused = failures(cache, GFP_NOWAIT, 100);
	return NULL;
}

static void fail_nth_is_the_threads(struct kunit *test)
{
	struct kmem_cache *cache = plain("nth");
	pthread_t thread;

	KUNIT_EXPECT_EQ(test, kmem_fail_nth(0), 0);
	KUNIT_EXPECT_EQ(test, kmem_fail_nth(2), 0);
	KUNIT_EXPECT_EQ(test, kmem_fail_nth(3), 2);
	pthread_create(&thread, NULL, uses, cache);
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, refused, 0);
	/* Requests that may sleep do not count. */
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 100), 0);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_NOWAIT, 2), 0);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_NOWAIT));
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_NOWAIT, 100), 0);
	KUNIT_EXPECT_EQ(test, kmem_fail_nth(0), 0);
}

static void fail_nth_at_boot(struct kunit *test)
{
	struct kmem_cache *cache = plain("nth");
	void *objects[5];

	for (int i = 0; i < 5; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_EXPECT_EQ(test, !objects[i], i == 2);
	}
	KTEST_EXPECT_SAID(test, "FAULT_INJECTION: forcing a failure.\n");
}

/* Before anything else, and with every object checked. */
static void caches_without_arrays(struct kunit *test)
{
	struct kmem_fault_attr attr = always();
	struct kmem_cache *cache, *red;

	kmem_fail_nth(1);
	kmem_failslab_set(&attr);
	cache = plain("hard");
	red = kmem_cache_create("red", 64, 0, SLAB_RED_ZONE, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	KUNIT_EXPECT_EQ(test, failures(cache, GFP_KERNEL, 100), 100);
	KUNIT_EXPECT_EQ(test, failures(red, GFP_KERNEL, 100), 100);
	kmem_failslab_set(NULL);
	KUNIT_EXPECT_EQ(test, failures(red, GFP_KERNEL, 100), 0);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(red);
}

/* Linux 6.12 looks at the number before anything else. */
static void a_request_for_none_is_none(struct kunit *test)
{
	struct kmem_cache *cache = plain("none"), *red = kmem_cache_create("red", 64, 0, SLAB_RED_ZONE, NULL);
	struct kmem_fault_attr attr = always();
	void *array[1];

	attr.probability = 0;
	kmem_failslab_set(&attr);
	KUNIT_EXPECT_EQ(test, kmem_fail_nth(1), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 0, array), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(red, GFP_KERNEL, 0, array), 0);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, kmem_fail_nth(0), 1);
}

static atomic_bool stop;

static void *churns(void *cache)
{
	void *objects[50];

	while (!stop) {
		for (int i = 0; i < 50; i++)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		for (int i = 0; i < 50; i++)
			kmem_cache_free(cache, objects[i]);
	}
	return NULL;
}

/* On and off while others allocate: nothing is lost. */
static void on_and_off_under_load(struct kunit *test)
{
	struct kmem_cache *cache = plain("load");
	struct kmem_fault_attr attr = always();
	pthread_t threads[3];

	attr.probability = 30;
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, churns, cache);
	for (int i = 0; i < 100; i++) {
		kmem_failslab_set(&attr);
		usleep(500);
		kmem_failslab_set(NULL);
		usleep(500);
	}
	stop = true;
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 0);
	kmem_cache_destroy(cache);
}

KTEST_MAIN(
	KTEST(defaults_are_the_kernels),
	KTEST(calls_begin_and_end_it),
	KTEST(arrays_come_back),
	KTEST(arrays_come_back_after_the_last_failure),
	KTEST(another_threads_array_is_taken),
	KTEST(times_is_exact_among_threads),
	KTEST(only_what_may_not_sleep, .cmdline = "failslab=1,100,0,-1 kmem.failslab_verbose=0"),
	KTEST(interval_and_space),
	KTEST(probability_is_a_percentage),
	KTEST(a_seed_repeats, .cmdline = "kmem.fault_seed=12345"),
	KTEST(marked_caches_only),
	KTEST(marked_by_letter, .cmdline = "slab_debug=A,marked* failslab=1,100,0,-1 kmem.failslab_verbose=0 "
					   "kmem.failslab_cache_filter=1 kmem.failslab_ignore_gfp_wait=0"),
	KTEST(kmalloc_fails_too),
	KTEST(threads_that_take_part),
	KTEST(calls_on_the_stack),
	KTEST(the_message_is_the_kernels),
	KTEST(boot_option, .cmdline = "failslab=2,100,0,3 kmem.failslab_verbose=1"),
	KTEST(boot_option_with_more, .cmdline = "failslab=2,100,-5,3,5"),
	{ .name = "boot_option_with_a_tail", .run = boot_option_with_more, .cmdline = "failslab=2,100,-5,3x" },
	{ .name = "boot_option_with_spaces", .run = boot_option_with_more, .cmdline = "failslab=\"2, 100,\t-5, 3\"" },
	{ .name = "boot_option_that_is_too_large", .run = boot_option_with_more,
	  .cmdline = "failslab=18446744073709551618,100,4294967291,-4294967293" },
	KTEST(wrong_boot_option, .cmdline = "failslab=1,100,0"),
	{ .name = "wrong_boot_option_with_a_sign", .run = wrong_boot_option, .cmdline = "failslab=-1,100,0,3" },
	{ .name = "wrong_boot_option_with_a_plus", .run = wrong_boot_option, .cmdline = "failslab=1,100,0,+3" },
	{ .name = "wrong_boot_option_with_a_space", .run = wrong_boot_option, .cmdline = "failslab=\"1 ,100,0,3\"" },
	{ .name = "wrong_boot_option_before_one", .run = wrong_boot_option, .cmdline = "failslab=1,100 failslab=1,0,0,3" },
	KTEST(fail_nth_walks_through),
	KTEST(fail_nth_is_the_threads),
	KTEST(fail_nth_at_boot, .cmdline = "kmem.fail_nth=3 kmem.failslab_ignore_gfp_wait=0"),
	KTEST(a_request_for_none_is_none),
	KTEST(caches_without_arrays, .cmdline = "kmem.harden=1"),
	KTEST(on_and_off_under_load))
