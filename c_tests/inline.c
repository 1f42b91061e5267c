// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * The fast path compiled into the caller: what it does itself, what it leaves to the library, and who may interrupt it.
 *
 * At risk: a header whose idea of a thread's arrays differs from the library's; a case that the inline code takes for
 * the common one and that is not.
 */
#define KMEM_INLINE
#include <pthread.h>
#include <time.h>
#include <ucontext.h>

#include "ktest.h"
#include "util.h"
#include "edges.h"

#ifdef KMEM_INLINE_BLOCK

static struct kmem_cache *shared;

/* Whether the calling thread's next allocation or free needs no call, as far as the cache decides. */
static bool is_at_hand(struct kmem_cache *cache)
{
	return kmem_inline_slot_of((uintptr_t)cache)->key == (uintptr_t)cache;
}

static void **top_of(struct kmem_cache *cache)
{
	return kmem_inline_slot_of((uintptr_t)cache)->top;
}

static void a_pair(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("pair", 64, 0, SLAB_NO_MERGE, NULL);
	void *first, *object, **top;

	KUNIT_EXPECT_FALSE(test, is_at_hand(cache));
	first = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_EXPECT_TRUE(test, is_at_hand(cache));
	kmem_cache_free(cache, first);
	top = top_of(cache);
	for (int i = 0; i < 1000; i++) {
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_EXPECT_PTR_EQ(test, object, first);
		KUNIT_EXPECT_PTR_EQ(test, top_of(cache), top - 1);
		KUNIT_EXPECT_TRUE(test, is_at_hand(cache));
		kmem_cache_free(cache, object);
		KUNIT_EXPECT_PTR_EQ(test, top_of(cache), top);
		KUNIT_EXPECT_TRUE(test, is_at_hand(cache));
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	KUNIT_EXPECT_EQ(test, slabinfo_row("pair").slabs, 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

/* Objects of all sizes, more of them than an array holds, and the library's own functions in between. */
static void empty_and_full(struct kunit *test)
{
	static const size_t sizes[] = { 8, 64, 600, 1024, 4096, 20000 };
	enum { N = 500 };
	unsigned char *objects[N];

	for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
		struct kmem_cache *cache = kmem_cache_create("full", sizes[s], 0, SLAB_NO_MERGE, NULL);

		for (int round = 0; round < 5; round++) {
			for (int i = 0; i < N; i++) {
				objects[i] = i % 3 ? kmem_cache_alloc(cache, GFP_KERNEL) :
						     (kmem_cache_alloc)(cache, GFP_KERNEL);
				KUNIT_ASSERT_NOT_NULL(test, objects[i]);
				memset(objects[i], i % 251, sizes[s]);
			}
			for (int i = 0; i < N; i++) {
				KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], sizes[s], (unsigned char)(i % 251)));
				if (i % 4)
					kmem_cache_free(cache, objects[i]);
				else
					(kmem_cache_free)(cache, objects[i]);
			}
		}
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
		KUNIT_EXPECT_EQ(test, slabinfo_row("full").slabs, 0);
		kmem_cache_destroy(cache);
	}
	KTEST_EXPECT_SILENT(test);
}

static void zeroed(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("zero", 200, 0, SLAB_NO_MERGE, NULL);
	volatile gfp_t zero = __GFP_ZERO, nothing = 0;
	unsigned char *object;

	for (int i = 0; i < 4; i++) {
		object = kmem_cache_alloc(cache, GFP_KERNEL | nothing);
		memset(object, 0xa5, 200);
		kmem_cache_free(cache, object);
		KUNIT_EXPECT_TRUE(test, is_at_hand(cache));
		object = i == 0 ? kmem_cache_alloc(cache, GFP_KERNEL | __GFP_ZERO) :
			 i == 1 ? kmem_cache_alloc(cache, GFP_KERNEL | zero) :
			 i == 2 ? kmem_cache_zalloc(cache, GFP_KERNEL) :
				  kmem_cache_alloc(cache, GFP_NOWAIT | __GFP_NOFAIL);
		KUNIT_ASSERT_NOT_NULL(test, object);
		KUNIT_EXPECT_TRUE(test, all_bytes(object, 200, i == 3 ? 0xa5 : 0));
		kmem_cache_free(cache, object);
	}
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static int constructed;

static void construct(void *object)
{
	constructed++;
	memset(object, 0x42, 100);
}

static void constructed_once(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("built", 100, 0, 0, construct);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);
	int before = constructed;

	for (int i = 0; i < 100; i++) {
		KUNIT_EXPECT_TRUE(test, all_bytes(object, 100, 0x42));
		kmem_cache_free(cache, object);
		object = kmem_cache_alloc(cache, GFP_KERNEL);
	}
	KUNIT_EXPECT_EQ(test, constructed, before);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

static void freed_twice(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("twice", 64, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL), *a, *b;

	kmem_cache_free(cache, object);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_EQ(test, ktest_count("BUG twice (Not tainted): Object already free\n"), 1);
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	b = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_PTR_NE(test, a, b);
	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	kmem_cache_destroy(cache);
}

/* NULL, many times: more than an array holds, and where a NULL is what was freed last. */
static void freed_null(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("null", 64, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, object);
	for (int i = 0; i < 300; i++) {
		kmem_cache_free(cache, NULL);
		KUNIT_EXPECT_NOT_NULL(test, object = kmem_cache_alloc(cache, GFP_KERNEL));
		kmem_cache_free(cache, NULL);
		kmem_cache_free(cache, object);
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void refuses(struct kunit *test, uintptr_t number, void *object)
{
	struct kmem_cache *wrong = (struct kmem_cache *)number;

	ktest_hush();
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(wrong, GFP_KERNEL));
	kmem_cache_free(wrong, object);
	KUNIT_EXPECT_EQ(test, ktest_count("is not a slab cache\n"), 2);
}

/* Numbers that are no caches: before the thread has an array, and with one. */
static void wrong_caches(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("right", 64, 0, SLAB_NO_MERGE, NULL);
	char local[64];
	void *object;

	for (int round = 0; round < 2; round++) {
		for (uintptr_t number = 0; number < 20; number++)
			refuses(test, number, local);
		for (int bit = 4; bit < 64; bit += 5) {
			refuses(test, (uintptr_t)1 << bit, local);
			refuses(test, 0 - ((uintptr_t)1 << bit), local);
			refuses(test, (uintptr_t)cache ^ ((uintptr_t)1 << bit), local);
		}
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		kmem_cache_free(cache, object);
		KUNIT_EXPECT_TRUE(test, is_at_hand(cache));
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
}

static pthread_barrier_t barrier;

static void *use_a_destroyed_cache(void *test)
{
	void *object = kmem_cache_alloc(shared, GFP_KERNEL);

	kmem_cache_free(shared, object);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	KUNIT_EXPECT_FALSE((struct kunit *)test, is_at_hand(shared));
	kmem_cache_free(shared, object);
	return kmem_cache_alloc(shared, GFP_KERNEL);
}

static void destroyed_cache(struct kunit *test)
{
	pthread_t thread;
	void *result;

	shared = kmem_cache_create("destroyed", 64, 0, SLAB_NO_MERGE, NULL);
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&thread, NULL, use_a_destroyed_cache, test);
	pthread_barrier_wait(&barrier);
	kmem_cache_free(shared, kmem_cache_alloc(shared, GFP_KERNEL));
	KUNIT_EXPECT_TRUE(test, is_at_hand(shared));
	kmem_cache_destroy(shared);
	KTEST_EXPECT_SILENT(test);
	pthread_barrier_wait(&barrier);
	pthread_join(thread, &result);
	KUNIT_EXPECT_NULL(test, result);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(shared, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, ktest_count("is not a slab cache\n"), 3);
}

/* Caches that check every object are never at hand: each call is the library's. */
static void checked_caches(struct kunit *test)
{
	static const slab_flags_t flags[] = { SLAB_POISON, SLAB_RED_ZONE, SLAB_STORE_USER, SLAB_CONSISTENCY_CHECKS };

	for (size_t f = 0; f < ARRAY_LEN(flags); f++) {
		struct kmem_cache *cache = kmem_cache_create("checked", 64, 0, flags[f] | SLAB_NO_MERGE, NULL);
		char *object;

		for (int i = 0; i < 100; i++) {
			object = kmem_cache_alloc(cache, GFP_KERNEL);
			KUNIT_EXPECT_FALSE(test, is_at_hand(cache));
			kmem_cache_free(cache, object);
			KUNIT_EXPECT_FALSE(test, is_at_hand(cache));
		}
		KTEST_EXPECT_SILENT(test);
		if (flags[f] == SLAB_CONSISTENCY_CHECKS) {
			kmem_cache_free(cache, object + 1);
			KTEST_EXPECT_SAID(test, "BUG checked ");
		}
		kmem_cache_destroy(cache);
	}
}

static void hardened(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("hard", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *other = kmem_cache_create("other", 64, 0, SLAB_NO_MERGE, NULL);
	void *a = kmem_cache_alloc(cache, GFP_KERNEL), *b = kmem_cache_alloc(cache, GFP_KERNEL);

	KUNIT_EXPECT_FALSE(test, is_at_hand(cache));
	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_free(cache, a);
	KUNIT_EXPECT_EQ(test, ktest_count("BUG hard (Not tainted): Object already free\n"), 1);
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(other, a);
	KTEST_EXPECT_SAID(test, "cache_from_obj: Wrong slab cache. other but object is from hard\n");
}

/* The functions are still there, and inline and library calls see the same arrays. */
static void as_functions(struct kunit *test)
{
	void *(*alloc)(struct kmem_cache *, gfp_t) = kmem_cache_alloc;
	void (*release)(struct kmem_cache *, void *) = &kmem_cache_free;
	struct kmem_cache_args args = { .align = 64 };
	struct kmem_cache *cache = kmem_cache_create("functions", 64, &args, SLAB_NO_MERGE);
	void *object = alloc(cache, GFP_KERNEL), *objects[10];

	KUNIT_ASSERT_NOT_NULL(test, object);
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_PTR_EQ(test, alloc(cache, GFP_KERNEL), object);
	release(cache, object);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_alloc(cache, GFP_KERNEL), object);
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 10, objects), 10);
	for (int i = 0; i < 10; i++)
		kmem_cache_free(cache, objects[i]);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

/* --- others at the same time ------------------------------------------------------------------------------------- */

struct stamped {
	uintptr_t owner, again;
	char rest[48];
};

static int wrong_stamps, stop;

/* Takes an object, says whose it is, and looks whether it stays so. */
static void stamp_one(uintptr_t owner, int turns)
{
	struct stamped *volatile object = kmem_cache_alloc(shared, GFP_KERNEL);

	__atomic_store_n(&object->owner, owner, __ATOMIC_RELAXED);
	__atomic_store_n(&object->again, owner, __ATOMIC_RELAXED);
	for (volatile int i = 0; i < turns; i++)
		;
	if (__atomic_load_n(&object->owner, __ATOMIC_RELAXED) != owner ||
	    __atomic_load_n(&object->again, __ATOMIC_RELAXED) != owner)
		__atomic_add_fetch(&wrong_stamps, 1, __ATOMIC_RELAXED);
	kmem_cache_free(shared, object);
}

static void *stamp_until_told(void *number)
{
	enum { HELD = 100 };
	struct stamped *held[HELD];

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		for (int i = 0; i < 200; i++)
			stamp_one((uintptr_t)number, i % 8);
		for (int i = 0; i < HELD; i++) {
			held[i] = kmem_cache_alloc(shared, GFP_KERNEL);
			held[i]->owner = (uintptr_t)number + (uintptr_t)i * 100;
		}
		for (int i = 0; i < HELD; i++) {
			if (held[i]->owner != (uintptr_t)number + (uintptr_t)i * 100)
				__atomic_add_fetch(&wrong_stamps, 1, __ATOMIC_RELAXED);
			kmem_cache_free(shared, held[i]);
		}
	}
	return NULL;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void drained_by_another_thread(struct kunit *test)
{
	pthread_t threads[4];
	double end;

	shared = kmem_cache_create("drained", sizeof(struct stamped), 0, SLAB_NO_MERGE, NULL);
	for (size_t t = 0; t < ARRAY_LEN(threads); t++)
		pthread_create(&threads[t], NULL, stamp_until_told, (void *)(t + 1));
	for (end = seconds() + 0.7; seconds() < end;)
		kmem_cache_shrink(shared);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (size_t t = 0; t < ARRAY_LEN(threads); t++)
		pthread_join(threads[t], NULL);
	KUNIT_EXPECT_EQ(test, wrong_stamps, 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	KUNIT_EXPECT_EQ(test, slabinfo_row("drained").slabs, 0);
	KTEST_EXPECT_SILENT(test);
}

static volatile int handler_runs;

static void handler(int signal)
{
	(void)signal;
	handler_runs++;
	stamp_one(2, 3);
}

static void *send_signals(void *to)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		pthread_kill(*(pthread_t *)to, SIGUSR1);
		sched_yield();
	}
	return NULL;
}

/* A handler between any two instructions of the inline code. The code outside it never leaves the array. */
static void interrupted_by_a_handler(struct kunit *test)
{
	pthread_t sender, self = pthread_self();
	double end;

	shared = kmem_cache_create("handler", sizeof(struct stamped), 0, SLAB_NO_MERGE, NULL);
	stamp_one(1, 0);
	signal(SIGUSR1, handler);
	pthread_create(&sender, NULL, send_signals, &self);
	for (end = seconds() + 20; handler_runs < 2000 && seconds() < end;)
		for (int i = 0; i < 1000; i++)
			stamp_one(1, 0);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(sender, NULL);
	KUNIT_EXPECT_GT(test, handler_runs, 0);
	KUNIT_EXPECT_EQ(test, wrong_stamps, 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	KTEST_EXPECT_SILENT(test);
}

static void in_a_child(struct kunit *test)
{
	void *object;
	int wstatus;
	pid_t pid;

	shared = kmem_cache_create("child", sizeof(struct stamped), 0, SLAB_NO_MERGE, NULL);
	kmem_cache_free(shared, object = kmem_cache_alloc(shared, GFP_KERNEL));
	pid = fork();
	if (pid == 0) {
		KUNIT_EXPECT_TRUE(test, is_at_hand(shared));
		KUNIT_EXPECT_PTR_EQ(test, kmem_cache_alloc(shared, GFP_KERNEL), object);
		kmem_cache_free(shared, object);
		drained_by_another_thread(test);
		ktest_done(test);
	}
	KUNIT_ASSERT_TRUE(test, waitpid(pid, &wstatus, 0) == pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_alloc(shared, GFP_KERNEL), object);
	kmem_cache_free(shared, object);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
}

static pthread_key_t late_key;
static int late_rounds;

/* Runs in several rounds: in the later ones the library has taken the thread's arrays back. */
static void use_the_cache_late(void *test)
{
	bool late = late_rounds++ > 0;

	for (int i = 0; i < 100; i++)
		stamp_one(3, 0);
	KUNIT_EXPECT_TRUE((struct kunit *)test, late ? !is_at_hand(shared) : true);
	if (late_rounds < 3)
		pthread_setspecific(late_key, test);
}

static void *end_with_a_destructor(void *test)
{
	stamp_one(3, 0);
	KUNIT_EXPECT_TRUE((struct kunit *)test, is_at_hand(shared));
	pthread_setspecific(late_key, test);
	return NULL;
}

static void at_the_end_of_a_thread(struct kunit *test)
{
	pthread_t thread;

	shared = kmem_cache_create("late", sizeof(struct stamped), 0, SLAB_NO_MERGE, NULL);
	stamp_one(1, 0);
	pthread_key_create(&late_key, use_the_cache_late);
	pthread_create(&thread, NULL, end_with_a_destructor, test);
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, late_rounds, 3);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	KUNIT_EXPECT_EQ(test, slabinfo_row("late").slabs, 0);
	KTEST_EXPECT_SILENT(test);
}

static ucontext_t coroutine, resumer;
static struct kmem_inline_slot *seen[2];

/* One loop that goes on in another thread after each turn. */
static void wander(void)
{
	for (int turn = 0;; turn++) {
		seen[turn % 2] = kmem_inline_slot_of((uintptr_t)shared);
		for (int i = 0; i < 100; i++)
			stamp_one(4, 0);
		swapcontext(&coroutine, &resumer);
	}
}

static void *resume(void *unused)
{
	for (int i = 0; i < 100; i++)
		stamp_one(5, 0);
	swapcontext(&resumer, &coroutine);
	return unused;
}

static void in_a_coroutine(struct kunit *test)
{
	static char stack[1 << 16];
	pthread_t thread;

	shared = kmem_cache_create("wander", sizeof(struct stamped), 0, SLAB_NO_MERGE, NULL);
	getcontext(&coroutine);
	coroutine.uc_stack.ss_sp = stack;
	coroutine.uc_stack.ss_size = sizeof(stack);
	makecontext(&coroutine, wander, 0);
	for (int i = 0; i < 20; i++) {
		resume(NULL);
		pthread_create(&thread, NULL, resume, NULL);
		pthread_join(thread, NULL);
		KUNIT_EXPECT_PTR_NE(test, seen[0], seen[1]);
	}
	KUNIT_EXPECT_EQ(test, wrong_stamps, 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(shared), 0);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(KTEST(a_pair), KTEST(empty_and_full), KTEST(zeroed), KTEST(constructed_once), KTEST(freed_twice),
	KTEST(freed_null), KTEST(wrong_caches), KTEST(destroyed_cache), KTEST(checked_caches),
	KTEST(hardened, .cmdline = "kmem.harden=1"), KTEST(as_functions), KTEST(drained_by_another_thread),
	KTEST(interrupted_by_a_handler), KTEST(in_a_child), KTEST(at_the_end_of_a_thread), KTEST(in_a_coroutine))

#else

int main(void)
{
	puts("1..0 # SKIP no inline path for this compiler and machine");
	return 0;
}

#endif
