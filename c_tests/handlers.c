// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * What a signal handler gets that interrupted the library under its locks, from each function that would have to wait; and
 * what the library does not do in a handler at all (docs/guarantees.md, 2).
 *
 * At risk: a function that waits for the thread that it runs in.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <time.h>

#include <kmem/print.h>
#include <kmem/shrinker.h>

#include "ktest.h"
#include "under_locks.h"
#include "util.h"

static int entered, in_handler, started;

/* Creates caches until there is no memory for another one. */
static void interrupt_a_creation(struct kunit *test, void (*work)(void))
{
	enum { MOST = 40000 };
	static struct kmem_cache *caches[MOST];
	int n = 0;

	under_locks = work;
	while (under_locks && n < MOST)
		caches[n++] = kmem_cache_create("one of many", 64, 0, SLAB_NO_MERGE, NULL);
	KUNIT_EXPECT_EQ(test, entered, 1);
	while (n > 0)
		kmem_cache_destroy(caches[--n]);
}

#define REFUSED(x)                                                                             \
	do {                                                                                   \
		if (!(x))                                                                      \
			dprintf(ktest_diag_fd, "%s:%d: %s\n", __FILE__, __LINE__, #x), entered = -1000; \
	} while (0)

static struct kmem_cache *plain;
static void *object, *block, *secret, *pages, *area;
static size_t object_has;
static struct mempool_s *pool;
static struct shrinker *registered;
static char message[64];

static int visit(struct kmem_cache *cache, void *data)
{
	(void)cache;
	(void)data;
	return 0;
}

static unsigned long none(struct shrinker *shrinker, struct shrink_control *control)
{
	(void)shrinker;
	(void)control;
	return 0;
}

static void call_what_waits(void)
{
	static struct kmem_rcu_flavor flavor;
	static struct shrinker own = { .count_objects = none, .scan_objects = none };
	struct kmem_usage usage = { .size = sizeof(usage) };
	struct kmem_cache_usage of_plain = { .size = sizeof(of_plain) };
	struct kmem_fault_attr attr;
	char text[64];

	entered++;
	REFUSED(!kmem_cache_find("plain"));
	REFUSED(kmem_cache_for_each(visit, NULL) == -EBUSY);
	REFUSED(kmem_cache_attr_show(plain, "objects", text, sizeof(text)) == -EBUSY);
	REFUSED(kmem_cache_attr_store(plain, "min_partial", "5", 1) == -EBUSY);
	REFUSED(!kmem_dump_obj(object));
	REFUSED(kmem_usage(&usage) == -EBUSY);
	REFUSED(kmem_cache_usage(plain, &of_plain) == -EBUSY);
	REFUSED(kmem_slabinfo_write(STDOUT_FILENO) == -EBUSY);
	REFUSED(validate_slab_cache(plain) == 0);
	kmem_validate();
	kmem_failslab_get(&attr);
	attr.probability = 100;
	kmem_failslab_set(&attr);
	REFUSED(kmem_fail_nth(1) == -EBUSY);
	REFUSED(kmem_make_it_fail(true) == -EBUSY);
	REFUSED(kmem_cache_set_failslab(plain, true) == -EBUSY);
	kmem_cache_set_non_kernel(plain, 0);
	kmem_cache_set_callback(plain, NULL);
	kmem_cache_set_private(plain, NULL);
	REFUSED(kmem_cache_nr_allocated(plain) == 0);
	REFUSED(kmem_cache_get_alloc(plain) == 0);
	REFUSED(kmem_cache_nr_tallocated(plain) == 0);
	kmem_cache_zero_nr_tallocated(plain);
	REFUSED(!kmem_shrinker_alloc(0));
	kmem_shrinker_register(registered);
	kmem_shrinker_free(registered);
	REFUSED(kmem_register_shrinker(&own) == -EBUSY);
	kmem_unregister_shrinker(&own);
	REFUSED(kmem_rcu_settle() == 0);
	kmem_rcu_unregister(&flavor);
	REFUSED(!kmem_buckets_create("set", 0, 0, 0, NULL));
	REFUSED(kmem_mempool_resize(pool, 20) == -EBUSY);
}

static void set_up(void)
{
	plain = kmem_cache_create("plain", 100, 0, SLAB_NO_MERGE, NULL);
	object = kmem_cache_alloc(plain, GFP_KERNEL);
	pool = kmem_mempool_create(4, kmem_mempool_kmalloc, kmem_mempool_kfree, (void *)100, GFP_KERNEL);
	registered = kmem_shrinker_alloc(0);
	registered->count_objects = registered->scan_objects = none;
	kmem_shrinker_register(registered);
	object_has = kmem_ksize(object);
	block = kmem_kmalloc(100, GFP_KERNEL);
	secret = kmem_kmalloc(100, GFP_KERNEL);
	area = kmem_vmalloc(5 << 20, GFP_KERNEL);
	pages = kmem_alloc_pages(2, GFP_KERNEL);
}

static void g2_what_waits_is_refused(struct kunit *test)
{
	struct kmem_fault_attr attr;

	set_up();
	interrupt_a_creation(test, call_what_waits);
	KTEST_EXPECT_SAID(test, "kmem_cache_attr_show(): called from a signal handler that interrupted the library, ignored\n");
	KTEST_EXPECT_SAID(test, "validate_slab_cache(plain): called from");
	KTEST_EXPECT_SAID(test, "kmem_validate(): called from");
	KTEST_EXPECT_SAID(test, "kmem_failslab_set(): called from");
	KTEST_EXPECT_SAID(test, "kmem_cache_set_non_kernel(): called from");
	KTEST_EXPECT_SAID(test, "shrinker_free(): called from");
	KTEST_EXPECT_SAID(test, "kmem_rcu_unregister(): called from");
	ktest_hush();
	/* Nothing has changed. */
	kmem_failslab_get(&attr);
	KUNIT_EXPECT_EQ(test, attr.probability, 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_nr_allocated(plain), 1);
	KUNIT_EXPECT_EQ(test, pool->min_nr, 4);
	object = kmem_cache_alloc(plain, GFP_NOWAIT);
	KUNIT_EXPECT_NOT_NULL(test, object);
	kmem_reclaim();
	kmem_shrinker_free(registered);
	KTEST_EXPECT_SILENT(test);
}

static void call_what_may_fail(void)
{
	char *copy;
	void *element;

	entered++;
	REFUSED(kmem_ksize(secret) >= 100 && kmem_ksize(secret) <= 128);
	block = kmem_krealloc(block, 99, GFP_ATOMIC | __GFP_ZERO);
	kmem_kfree(block);
	kmem_kfree_sensitive(secret);
	block = kmem_kmalloc(64, GFP_ATOMIC);
	block = kmem_krealloc(block, 5000, GFP_ATOMIC) ?: block;
	kmem_kfree(block);
	kmem_kvfree(kmem_kvmalloc(100000, GFP_ATOMIC, -1));
	REFUSED(!kmem_vmalloc(100000, GFP_ATOMIC));
	REFUSED(!kmem_alloc_pages(3, GFP_ATOMIC));
	kmem_vfree(area);
	kmem_free_pages(pages);
	copy = kmem_kstrdup("text", GFP_ATOMIC);
	kmem_kfree_sensitive(copy);
	copy = kmem_kasprintf(GFP_ATOMIC, "%d", 42);
	kmem_kfree(copy);
	element = kmem_mempool_alloc(pool, GFP_ATOMIC);
	if (element)
		kmem_mempool_free(element, pool);
	REFUSED(!kmem_mempool_alloc_preallocated(pool));
	kmem_snprintf(message, sizeof(message), "%s %d", "said", 42);
	kmem_printk("%s\n", message);
	REFUSED(kmem_ksize(object) == object_has);
	REFUSED(kmem_valid_obj(object));
	REFUSED(!strcmp(kmem_cache_name(plain), "plain"));
	REFUSED(kmem_cache_size(plain) == 100 && kmem_errors() == 0 && kmem_cache_errors(plain) == 0);
	REFUSED(!kmem_is_vmalloc_addr(object));
}

/* Allocations and frees return, with memory or without. */
static void g2_what_may_fail_returns(struct kunit *test)
{
	struct kmem_usage usage = { .size = sizeof(usage) };

	set_up();
	interrupt_a_creation(test, call_what_may_fail);
	KUNIT_EXPECT_EQ(test, ktest_count("said 42\n"), 1);
	ktest_hush();
	kmem_mempool_destroy(pool);
	kmem_shrinker_free(registered);
	kmem_cache_free(plain, object);
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, kmem_usage(&usage), 0);
	KUNIT_EXPECT_EQ(test, usage.live_objects, 0);
	KUNIT_EXPECT_EQ(test, usage.slab_bytes, 0);
	KTEST_EXPECT_SILENT(test);
}

/* --- frees that were noted down --- */

static void free_twice(void)
{
	entered++;
	kmem_cache_free(plain, object);
	kmem_cache_free(plain, object);
}

/* The next slow path of any thread takes them in. */
static void expect_taken_in(struct kunit *test, struct kmem_cache *used)
{
	enum { MOST = 40000 };

	under_locks = free_twice;
	for (int n = 0; under_locks && n < MOST; n++)
		kmem_cache_create("one of many", 64, 0, SLAB_NO_MERGE, NULL);
	KUNIT_EXPECT_EQ(test, entered, 1);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_free(used, kmem_cache_alloc(used, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, ktest_count("Object already free"), 1);
}

static void g2_a_cache_without_arrays_takes_frees_in(struct kunit *test)
{
	struct kmem_cache *used = kmem_cache_create("used", 100, 0, SLAB_RED_ZONE, NULL);

	plain = kmem_cache_create("plain", 100, 0, SLAB_RED_ZONE, NULL);
	object = kmem_cache_alloc(plain, GFP_KERNEL);
	/* An empty slab would be another report. */
	KUNIT_ASSERT_NOT_NULL(test, kmem_cache_alloc(plain, GFP_KERNEL));
	expect_taken_in(test, used);
}

/* A thread that has freed nearly all of a cache has every call take the slow path for some seconds. */
static void g2_a_thread_that_watches_takes_frees_in(struct kunit *test)
{
	enum { N = 20000 };
	static void *objects[N];
	struct kmem_cache *used = kmem_cache_create("used", 256, 0, SLAB_NO_MERGE, NULL);

	plain = kmem_cache_create("plain", 100, 0, SLAB_NO_MERGE, NULL);
	object = kmem_cache_alloc(plain, GFP_KERNEL);
	for (int i = 0; i < N; i++)
		objects[i] = kmem_cache_alloc(used, GFP_KERNEL);
	for (int i = 0; i < N; i++)
		kmem_cache_free(used, objects[i]);
	expect_taken_in(test, used);
}

/* --- the thread for decay ---------------------------------------------------------------------------------------- */

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
	static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
	__atomic_add_fetch(&started, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&in_handler, __ATOMIC_SEQ_CST))
		dprintf(ktest_diag_fd, "a thread is started in a signal handler\n"), entered = -1000;
	return real(thread, attr, run, arg);
}

/* Slow paths, for longer than decay waits between two steps. */
static void work_without_waiting(int signal)
{
	struct timespec begin, now;
	void *some[300];

	(void)signal;
	__atomic_store_n(&in_handler, 1, __ATOMIC_SEQ_CST);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	do {
		if (kmem_cache_alloc_bulk(plain, GFP_ATOMIC, ARRAY_LEN(some), some))
			kmem_cache_free_bulk(plain, ARRAY_LEN(some), some);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((now.tv_sec - begin.tv_sec) * 1000 + (now.tv_nsec - begin.tv_nsec) / 1000000 < 100);
	entered++;
	__atomic_store_n(&in_handler, 0, __ATOMIC_SEQ_CST);
}

static void g2_no_thread_is_started_in_a_handler(struct kunit *test)
{
	void *some[300];
	int wstatus = 0;
	pid_t pid;

	plain = kmem_cache_create("plain", 100, 0, SLAB_NO_MERGE, NULL);
	signal(SIGUSR1, work_without_waiting);
	raise(SIGUSR1);
	KUNIT_EXPECT_EQ(test, entered, 1);
	KUNIT_EXPECT_EQ(test, started, 0);
	/* The first request that may wait has it started, and no other. */
	for (int i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(plain, GFP_KERNEL, ARRAY_LEN(some), some), ARRAY_LEN(some));
		kmem_cache_free_bulk(plain, ARRAY_LEN(some), some);
		raise(SIGUSR1);
	}
	KUNIT_EXPECT_EQ(test, started, 1);
	pid = fork();
	if (pid == 0) {
		alarm(20);
		raise(SIGUSR1);
		if (started != 1)
			_exit(1);
		for (size_t i = 0; i < ARRAY_LEN(some); i++)
			(void)!kmem_cache_alloc(plain, GFP_KERNEL);
		_exit(started == 2 && entered == 5 ? 0 : 2);
	}
	waitpid(pid, &wstatus, 0);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	KUNIT_EXPECT_EQ(test, entered, 4);
}

KTEST_MAIN(
	KTEST(g2_what_waits_is_refused),
	KTEST(g2_what_may_fail_returns),
	{ .name = "g2_what_may_fail_returns_in_debug_caches", .run = g2_what_may_fail_returns, .cmdline = "slab_debug" },
	KTEST(g2_a_cache_without_arrays_takes_frees_in),
	KTEST(g2_a_thread_that_watches_takes_frees_in),
	KTEST(g2_no_thread_is_started_in_a_handler, .cmdline = "kmem.background=1"))
