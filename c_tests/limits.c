// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * What the system allows a process: locked memory, mappings, a memory cgroup (docs/guarantees.md, 5).
 *
 * At risk: memory that is taken for cleared because the system was asked to clear it, a mapping for each piece that was
 * given back, a program that is killed although most of its memory is idle.
 */
#include <pthread.h>
#include <sys/resource.h>
#include <time.h>

#include "cgroup.h"
#include "ktest.h"
#include "util.h"

static bool is_zero(const char *bytes, size_t len)
{
	return bytes[0] == 0 && !memcmp(bytes, bytes + 1, len - 1);
}

/* The system does not take locked memory back, so it clears nothing. */
static void g5_locked_memory_is_cleared(struct kunit *test)
{
	struct kmem_cache *cache;
	char *block;

	if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
		kunit_skip(test, "no memory may be locked here");
	cache = kmem_cache_create("locked", 2 << 20, 0, SLAB_NO_MERGE, NULL);
	for (int round = 0; round < 2; round++) {
		for (size_t size = 4096; size <= 12 << 20; size *= 3) {
			block = kvzalloc(size, GFP_KERNEL);
			KUNIT_ASSERT_NOT_NULL(test, block);
			KUNIT_EXPECT_TRUE(test, is_zero(block, size));
			memset(block, 0xff, size);
			kvfree(block);
		}
		block = kmem_cache_zalloc(cache, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, block);
		KUNIT_EXPECT_TRUE(test, is_zero(block, 2 << 20));
		memset(block, 0xff, 2 << 20);
		kmem_cache_free(cache, block);
		kmem_reclaim();
	}
	kmem_cache_destroy(cache);
}

static int asked;

/* Some time after the last request is made. */
static void *lift(void *limit)
{
	struct timespec time = { 0, 50000000 };

	do
		nanosleep(&time, NULL);
	while (!__atomic_exchange_n(&asked, 0, __ATOMIC_SEQ_CST));
	nanosleep(&time, NULL);
	setrlimit(RLIMIT_AS, limit);
	return NULL;
}

/* A request that must not fail waits for its memory, also where none of the library's own can be had yet. */
static void first_request(struct kunit *test, void *(*request)(void))
{
	struct rlimit before, none = { 0, 0 };
	pthread_t thread;

	getrlimit(RLIMIT_AS, &before);
	none.rlim_cur = 1 << 20;
	none.rlim_max = before.rlim_max;
	pthread_create(&thread, NULL, lift, &before);
	setrlimit(RLIMIT_AS, &none);
	KUNIT_EXPECT_NULL(test, kmem_kmalloc(64, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kmem_kvmalloc(100000, GFP_KERNEL, -1));
	KUNIT_EXPECT_NULL(test, kmem_kmalloc(64, GFP_ATOMIC | __GFP_NOWARN));
	__atomic_store_n(&asked, 1, __ATOMIC_SEQ_CST);
	KUNIT_EXPECT_NOT_NULL(test, request());
	pthread_join(thread, NULL);
}

static void *small(void)
{
	return kmem_kmalloc(64, GFP_KERNEL | __GFP_NOFAIL);
}

static void *large(void)
{
	return kmem_kmalloc(100000, GFP_KERNEL | __GFP_NOFAIL);
}

static void *either(void)
{
	return kmem_kvmalloc(100000, GFP_KERNEL | __GFP_NOFAIL, -1);
}

static void *area(void)
{
	return kmem_vmalloc(100000, GFP_KERNEL | __GFP_NOFAIL);
}

static void *pages(void)
{
	return kmem_alloc_pages(2, GFP_KERNEL | __GFP_NOFAIL);
}

static void g5_nofail_waits_for_the_first_memory(struct kunit *test)
{
	void *(*const requests[])(void) = { small, large, either, area, pages };

	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		int wstatus = -1;
		pid_t pid = fork();

		if (pid == 0) {
			alarm(20);
			first_request(test, requests[i]);
			_exit(test->failures);
		}
		KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
		KUNIT_EXPECT_EQ(test, wstatus, 0);
	}
}

static long mappings(void)
{
	FILE *in = fopen("/proc/self/maps", "r");
	long lines = 0;
	int c;

	while (in && (c = getc(in)) != EOF)
		lines += c == '\n';
	if (in)
		fclose(in);
	return lines;
}

/* Whatever is given back, and in whatever order: the system allows 65530 mappings, and this needs none of them. */
static void g5_no_mapping_per_piece(struct kunit *test)
{
	enum { SLABS = 20000 };
	struct kmem_cache *cache = kmem_cache_create("pieces", 4096, 0, SLAB_NO_MERGE, NULL);
	static void *objects[SLABS];
	long before;

	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	before = mappings();
	for (int i = 0; i < SLABS; i++)
		KUNIT_ASSERT_NOT_NULL(test, objects[i] = kmem_cache_alloc(cache, GFP_KERNEL));
	for (int i = 0; i < SLABS; i += 2)
		kmem_cache_free(cache, objects[i]);
	kmem_reclaim();
	KUNIT_EXPECT_LE(test, mappings(), before + 4);
	for (int i = 1; i < SLABS; i += 2)
		kmem_cache_free(cache, objects[i]);
	for (int i = 0; i < SLABS; i += 100)
		kvfree(kvmalloc((size_t)(i + 1) * 300, GFP_KERNEL));
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_LE(test, mappings(), before + 4);
}

/* --- a memory cgroup --------------------------------------------------------------------------------------------- */

enum { LIMIT_MIB = 64 };

/* Runs `work` in a child process whose memory is limited; returns how it ended. */
static int in_a_group(struct kunit *test, int (*work)(void))
{
	static const struct { const char *parent, *limit, *swap; } kinds[] = {
		{ "/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes" },
		{ "/sys/fs/cgroup", "memory.max", "memory.swap.max" },
	};
	char text[32];
	int wstatus = 0;

	snprintf(text, sizeof(text), "%d", LIMIT_MIB << 20);
	for (size_t kind = 0; kind < ARRAY_LEN(kinds); kind++) {
		pid_t pid;

		if (!cgroup_make(kinds[kind].parent))
			continue;
		if (!cgroup_write(kinds[kind].limit, text)) {
			cgroup_remove();
			continue;
		}
		cgroup_write(kinds[kind].swap, kind == 0 ? text : "0");
		pid = fork();
		if (pid == 0)
			_exit(cgroup_enter() ? work() : KTEST_SKIP);
		waitpid(pid, &wstatus, 0);
		cgroup_remove();
		if (WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == KTEST_SKIP)
			continue;
		return wstatus;
	}
	kunit_skip(test, "no memory cgroup can be made here");
}

enum { CACHES = 12, BURST_MIB = 40, OBJECT = 1000, BURST = (BURST_MIB << 20) / OBJECT };
static struct kmem_cache *caches[CACHES];
static void *burst[BURST];

/* Objects of a cache, all at once, and none. Each would fit twelve times into the machine, and once into the group. */
static int bursts(void (*afterwards)(struct kmem_cache *))
{
	for (int c = 0; c < CACHES; c++) {
		caches[c] = kmem_cache_create("burst", OBJECT, 0, SLAB_NO_MERGE, NULL);
		for (int i = 0; i < BURST; i++) {
			burst[i] = kmem_cache_alloc(caches[c], GFP_KERNEL);
			if (!burst[i])
				return 1;
			memset(burst[i], 1, OBJECT);
		}
		for (int i = 0; i < BURST; i++)
			kmem_cache_free(caches[c], burst[i]);
		afterwards(caches[c]);
	}
	return 0;
}

static void nothing(struct kmem_cache *cache)
{
	(void)cache;
}

static void shrink_it(struct kmem_cache *cache)
{
	kmem_cache_shrink(cache);
}

static void reclaim_all(struct kmem_cache *cache)
{
	(void)cache;
	kmem_reclaim();
}

static int bursts_and_nothing(void) { return bursts(nothing); }
static int bursts_and_shrinks(void) { return bursts(shrink_it); }
static int bursts_and_reclaims(void) { return bursts(reclaim_all); }

/* All that can be had, and written to. */
static int fill(void)
{
	struct kmem_cache *cache = kmem_cache_create("fill", OBJECT, 0, SLAB_NO_MERGE, NULL);
	void *object, *last = NULL;
	long n = 0;

	for (; (object = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN)); n++) {
		memset(object, 1, OBJECT);
		*(void **)object = last;
		last = object;
	}
	for (; last; last = object) {
		object = *(void **)last;
		kmem_cache_free(cache, last);
	}
	kmem_cache_destroy(cache);
	return n < BURST;
}

static int touch_too_much(void)
{
	memset(mmap(NULL, 2 * LIMIT_MIB << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1,
	       2 * LIMIT_MIB << 20);
	return 0;
}

/* Who gives back what lies idle stays below the limit. (In this group a process that goes beyond it is killed.) */
static void g5_memory_cgroup(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, in_a_group(test, touch_too_much), SIGKILL);
	KUNIT_EXPECT_EQ(test, in_a_group(test, bursts_and_shrinks), 0);
	KUNIT_EXPECT_EQ(test, in_a_group(test, bursts_and_reclaims), 0);
}

/* An arena that fits into the group: what lies idle is found before memory is taken, and the end is an answer. */
static void g5_memory_cgroup_with_an_arena(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, in_a_group(test, bursts_and_nothing), 0);
	KUNIT_EXPECT_EQ(test, in_a_group(test, fill), 0);
}

KTEST_MAIN(
	KTEST(g5_locked_memory_is_cleared),
	KTEST(g5_memory_cgroup),
	KTEST(g5_memory_cgroup_with_an_arena, .cmdline = "kmem.arena=56M"),
	KTEST(g5_nofail_waits_for_the_first_memory),
	KTEST(g5_no_mapping_per_piece))
