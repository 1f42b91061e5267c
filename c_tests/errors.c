// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Reports are counted, per cache and in all, and kmem.panic_on_bug=1 makes the first one the last.
 *
 * At risk: a kind of report that is not counted, so that a test suite that asks for the number passes over it.
 */
#include <pthread.h>
#include <setjmp.h>
#include <time.h>

#include <kmem/print.h>
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

/* --- a panic handler that leaves by longjmp --- */

static jmp_buf back;
static bool expected;
static int jumps;

static void jump(const char *text)
{
	jumps++;
	if (expected)
		longjmp(back, 1);
	dprintf(ktest_diag_fd, "unexpected: %s\n", text);
	_exit(KTEST_FAIL);
}

/* Runs a statement that makes a report; it does not come to its end. */
#define EXPECT_JUMP(test, statement)                                                 \
	do {                                                                         \
		expected = true;                                                     \
		if (!setjmp(back)) {                                                 \
			statement;                                                   \
			ktest_fail(test, "%s:%d: no panic", __FILE__, __LINE__);     \
		}                                                                    \
		expected = false;                                                    \
	} while (0)

static long long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

/* Nobody waits for what the library had when the handler left: a fork would, and a destroy. Nothing is kept by it either. */
static void expect_nothing_held(struct kunit *test, struct kmem_cache *cache, const char *name)
{
	struct kmem_usage usage = { .size = sizeof(usage) };
	long long began = now_us();
	int wstatus = -1, state = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_LT(test, now_us() - began, 90000);
	KUNIT_EXPECT_NULL(test, kmem_cache_find(name));
	KUNIT_EXPECT_EQ(test, kmem_usage(&usage), 0);
	KUNIT_EXPECT_EQ(test, usage.slab_bytes, 0);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
	KUNIT_EXPECT_EQ(test, state, PTHREAD_CANCEL_ENABLE);
	KUNIT_EXPECT_EQ(test, jumps, 1);
}

static void wrong_cache_and_a_jump(struct kunit *test)
{
	struct kmem_cache *a = plain("a"), *b = plain("b");

	kmem_set_panic_handler(jump);
	EXPECT_JUMP(test, kmem_cache_free(b, kmem_cache_alloc(a, GFP_KERNEL)));
	kmem_cache_destroy(b);
	expect_nothing_held(test, a, "a");
}

/* Objects of two slabs; some are freed twice, which comes out when the thread's arrays are emptied. */
static void emptied_arrays_and_a_jump(struct kunit *test)
{
	struct kmem_cache *cache = plain("arrays");
	void *objects[100];

	kmem_set_panic_handler(jump);
	fill_objects(test, cache, objects, 100, 64);
	for (int i = 0; i < 100; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_free(cache, objects[98]);
	kmem_cache_free(cache, objects[7]);
	EXPECT_JUMP(test, kmem_cache_shrink(cache));
	/* All were taken out, and both were reported, before the handler was called. */
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), 2);
	KUNIT_EXPECT_EQ(test, slabinfo_row("arrays").active, 0);
	expect_nothing_held(test, cache, "arrays");
}

static void damage_and_a_jump(struct kunit *test)
{
	struct kmem_cache *cache = plain("damaged");
	char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_set_panic_handler(jump);
	kmem_cache_free(cache, object);
	object[20] = 1;
	EXPECT_JUMP(test, validate_slab_cache(cache));
	expect_nothing_held(test, cache, "damaged");
}

static int local;

static void build_wrongly(void *object)
{
	memset(object, 0, 8);
	if (jumps == 0)
		kfree(&local);
}

/* In what the library calls a report ends the call of the library, not the program's function. */
static void a_constructor_and_a_jump(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("built", 64, 0, SLAB_NO_MERGE, build_wrongly);

	kmem_set_panic_handler(jump);
	EXPECT_JUMP(test, kmem_cache_alloc(cache, GFP_KERNEL));
	expect_nothing_held(test, cache, "built");
}

static void log_wrongly(void *data, int level, const char *text, size_t len)
{
	(void)level;
	(void)text;
	(void)len;
	if (jumps == 0)
		kfree(&local);
	++*(int *)data;
}

static void a_log_handler_and_a_jump(struct kunit *test)
{
	struct kmem_cache *cache = plain("logged");
	int messages = 0, before;

	kmem_set_panic_handler(jump);
	kmem_set_log_handler(log_wrongly, &messages);
	EXPECT_JUMP(test, kmem_printk("text\n"));
	before = messages;
	kmem_printk("text\n");
	KUNIT_EXPECT_EQ(test, messages, before + 1);
	expect_nothing_held(test, cache, "logged");
}

static bool poll_wrongly(struct kmem_rcu_flavor *flavor, unsigned long *state, bool may_sleep)
{
	(void)flavor;
	(void)state;
	(void)may_sleep;
	if (jumps == 0)
		kfree(&local);
	return jumps > 0;
}

static void a_grace_period_and_a_jump(struct kunit *test)
{
	static struct kmem_rcu_flavor flavor = { .poll = poll_wrongly };
	struct kmem_cache *cache = kmem_cache_create("readers", 64, 0, SLAB_TYPESAFE_BY_RCU | SLAB_NO_MERGE, NULL);

	kmem_set_panic_handler(jump);
	KUNIT_EXPECT_EQ(test, kmem_rcu_register(&flavor), 0);
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	EXPECT_JUMP(test, kmem_cache_shrink(cache));
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	expect_nothing_held(test, cache, "readers");
}

KTEST_MAIN(
	KTEST(each_kind_counts_once, .cmdline = "kmem.harden=1"),
	KTEST(the_kmalloc_family_counts, .cmdline = "kmem.harden=1"),
	KTEST(late_reports_count),
	KTEST(correct_use_counts_nothing),
	KTEST(no_cache_has_no_errors),
	KTEST(the_first_report_is_the_last, .cmdline = "kmem.panic_on_bug=1 kmem.harden=1", .signal = SIGABRT,
	      .says = "Kernel panic - not syncing: kmem.panic_on_bug set ...\n"),
	KTEST(the_panic_handler_is_asked, .cmdline = "kmem.panic_on_bug=1", .status = 42),
	KTEST(wrong_cache_and_a_jump, .cmdline = "kmem.panic_on_bug=1 kmem.harden=1"),
	KTEST(emptied_arrays_and_a_jump, .cmdline = "kmem.panic_on_bug=1"),
	KTEST(damage_and_a_jump, .cmdline = "kmem.panic_on_bug=1 slab_debug=FZP"),
	KTEST(a_constructor_and_a_jump, .cmdline = "kmem.panic_on_bug=1"),
	KTEST(a_log_handler_and_a_jump, .cmdline = "kmem.panic_on_bug=1"),
	KTEST(a_grace_period_and_a_jump, .cmdline = "kmem.panic_on_bug=1"))
