// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Every exported function in a thread that is to be cancelled: none is a place where that happens (docs/guarantees.md, 3).
 *
 * The request is there before the work begins, so the first place to be cancelled ends the thread. At risk: a call to the C
 * library that is one (open, write, read, sleep), or a function of the program's that the library calls, with a lock, a
 * pin or half of an object in the thread's hands.
 */
#include "sweep_work.h"

static bool ended;

static void *with_a_request(void *work)
{
	pthread_cancel(pthread_self());
	((const struct work *)work)->run();
	ended = true;
	pthread_testcancel();
	return NULL;
}

static void try(struct kunit *test, const struct work *work)
{
	int wstatus = 0;
	pid_t pid = fresh_process();

	if (pid == 0) {
		pthread_t thread;
		void *result;

		pthread_create(&thread, NULL, with_a_request, (void *)work);
		pthread_join(thread, &result);
		if (!ended)
			dprintf(ktest_diag_fd, "%s: cancelled after the call of %s\n", work->name, last_name);
		_exit(ended && result == PTHREAD_CANCELED ? 0 : 1);
	}
	waitpid(pid, &wstatus, 0);
	if (wstatus != 0)
		ktest_fail(test, "%s: ended with %x\n%s", work->name, wstatus, ktest_said());
}

static void g3_no_function_is_a_place_to_be_cancelled(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_LEN(works); i++)
		try(test, &works[i]);
}

/* Reports are written, with names that are read from files. */
static void mistakes(void)
{
	struct kmem_cache *plain = kmem_cache_create("plain", 100, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *checked = kmem_cache_create("checked", 100, 0, SLAB_POISON | SLAB_RED_ZONE | SLAB_STORE_USER, NULL);
	char *object = kmem_cache_alloc(plain, GFP_KERNEL), buf[64];

	note("kmem_cache_free");
	kmem_cache_free(plain, object);
	kmem_cache_free(plain, object);
	kmem_cache_free(plain, buf);
	object = kmem_cache_alloc(checked, GFP_KERNEL);
	kmem_cache_free(checked, object);
	object[8] = 1;
	object = kmem_cache_alloc(checked, GFP_KERNEL);
	note("kmem_snprintf");
	kmem_snprintf(buf, sizeof(buf), "%pS", (void *)mistakes);
	note("kmem_cache_destroy");
	kmem_cache_destroy(plain);
	kmem_cache_destroy(checked);
	MUST(kmem_errors() > 2);
}

static void g3_nor_is_a_report(struct kunit *test)
{
	try(test, &(struct work){ .name = "mistakes", .run = mistakes });
}

struct later {
	void *object;
	struct mempool_s *pool;
};

static void *free_later(void *arg)
{
	struct later *later = arg;

	usleep(50000);
	if (later->pool)
		kmem_mempool_free(later->object, later->pool);
	else
		kmem_kvfree(later->object);
	return NULL;
}

static void *none(gfp_t gfp, void *data)
{
	(void)gfp;
	(void)data;
	return NULL;
}

/* Whoever waits for memory, or for an element, is not cancelled while he does. */
static void waits(void)
{
	static struct later later[3];
	struct kmem_cache *cache = kmem_cache_create("large", 2 << 20, 0, SLAB_NO_MERGE, NULL);
	static void *blocks[64];
	pthread_t threads[3];
	int n = 0;

	later[0].pool = kmem_mempool_create(1, kmem_mempool_kmalloc, kmem_mempool_kfree, (void *)100, GFP_KERNEL);
	later[0].object = kmem_mempool_alloc_preallocated(later[0].pool);
	later[0].pool->alloc = none;
	pthread_create(&threads[0], NULL, free_later, &later[0]);
	note("kmem_mempool_alloc");
	MUST(kmem_mempool_alloc(later[0].pool, GFP_KERNEL) == later[0].object);

	while (n < 64 && (blocks[n] = kmem_kvmalloc(2 << 20, GFP_NOWAIT | __GFP_NOWARN, -1)))
		n++;
	MUST(n > 4 && n < 64);
	for (int i = 1; i < 3; i++) {
		later[i].object = blocks[--n];
		pthread_create(&threads[i], NULL, free_later, &later[i]);
		note(i == 1 ? "kmem_cache_alloc" : "kmem_kvmalloc");
		if (i == 1)
			MUST(kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOFAIL));
		else
			MUST(kmem_kvmalloc(2 << 20, GFP_KERNEL | __GFP_NOFAIL, -1));
	}
	for (int i = 0; i < 3; i++)
		NOT_CANCELLED(pthread_join(threads[i], NULL));
}

static void g3_nor_is_waiting(struct kunit *test)
{
	try(test, &(struct work){ .name = "waits", .run = waits });
}

KTEST_MAIN(
	KTEST(g3_no_function_is_a_place_to_be_cancelled),
	{ .name = "g3_nor_with_a_log_file", .run = g3_no_function_is_a_place_to_be_cancelled, .cmdline = "kmem.log=/dev/null" },
	{ .name = "g3_nor_with_debugging", .run = g3_no_function_is_a_place_to_be_cancelled, .cmdline = "slab_debug=FZPU" },
	{ .name = "g3_nor_with_a_thread_of_its_own", .run = g3_no_function_is_a_place_to_be_cancelled, .cmdline = "kmem.background=1 kmem.harden=2" },
	KTEST(g3_nor_is_a_report),
	KTEST(g3_nor_is_waiting, .cmdline = "kmem.arena=32M"))
