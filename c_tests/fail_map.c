// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Every system call for memory fails once: the 1st, the 2nd, ... until a run needs no more of them.
 *
 * The program's own mmap and mprotect stand in front of the C library's. At risk: an error path that leaks,
 * keeps half a cache, or leaves the library unusable.
 */
#include <sys/syscall.h>

#include "ktest.h"
#include "util.h"

static int calls, fail_at;

static bool fails(void)
{
	return ++calls == fail_at;
}

void *mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	if (fails()) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return (void *)syscall(SYS_mmap, at, len, prot, flags, fd, offset);
}

int mprotect(void *at, size_t len, int prot)
{
	if (fails()) {
		errno = ENOMEM;
		return -1;
	}
	return (int)syscall(SYS_mprotect, at, len, prot);
}

static void ctor(void *object)
{
	*(int *)object = 42;
}

/* What a program does; returns how many of its steps failed. Everything is undone again. Nothing here may wait: a
 * request that may is tried again, which a failure that comes once does not survive. */
static int use(struct kunit *test)
{
	struct kmem_cache *plain = kmem_cache_create("plain", 100, 0, 0, NULL);
	struct kmem_cache *built = kmem_cache_create("built", 100, 0, SLAB_NO_MERGE, ctor);
	struct kmem_cache *large = kmem_cache_create("large", 4 << 20, 0, SLAB_NO_MERGE, NULL);
	void *objects[3] = { NULL, NULL, NULL }, *many[100];
	int failed = !plain + !built + !large;

	if (plain)
		failed += !(objects[0] = kmem_cache_alloc(plain, GFP_NOWAIT));
	if (built)
		failed += !(objects[1] = kmem_cache_alloc(built, GFP_NOWAIT));
	if (large)
		failed += !(objects[2] = kmem_cache_alloc(large, GFP_NOWAIT));
	if (objects[1])
		KUNIT_EXPECT_EQ(test, *(int *)objects[1], 42);
	if (plain && kmem_cache_alloc_bulk(plain, GFP_NOWAIT, 100, many) == 100)
		kmem_cache_free_bulk(plain, 100, many);
	else
		failed++;
	if (plain)
		kmem_cache_free(plain, objects[0]);
	if (built)
		kmem_cache_free(built, objects[1]);
	if (large)
		kmem_cache_free(large, objects[2]);
	kmem_cache_destroy(plain);
	kmem_cache_destroy(built);
	kmem_cache_destroy(large);
	return failed;
}

/* One round per failing call, each in a process that has not used the library. */
static void each_call_in_turn(struct kunit *test)
{
	int rounds = 0, failures = 0;

	for (int at = 1; at < 1000; at++) {
		int wstatus;
		pid_t pid = fork();

		if (pid == 0) {
			struct kunit child = *test;
			int failed;

			calls = 0;
			fail_at = at;
			failed = use(&child);
			if (calls < at)
				_exit(50);
			/* Whatever failed, nothing is left, and the next try succeeds. */
			fail_at = 0;
			KUNIT_EXPECT_EQ(&child, slabinfo_rows(), 0);
			KUNIT_EXPECT_EQ(&child, use(&child), 0);
			KUNIT_EXPECT_EQ(&child, slabinfo_rows(), 0);
			KUNIT_EXPECT_EQ(&child, ktest_count("BUG"), 0);
			_exit(child.failures ? KTEST_FAIL : failed ? 1 : 0);
		}
		waitpid(pid, &wstatus, 0);
		KUNIT_ASSERT_TRUE(test, WIFEXITED(wstatus));
		KUNIT_EXPECT_NE(test, WEXITSTATUS(wstatus), KTEST_FAIL);
		rounds = at;
		failures += WEXITSTATUS(wstatus) == 1;
		if (WEXITSTATUS(wstatus) == 50)
			break;
	}
	/* At least: the reservation, its trees, a block's header and pages in each zone. */
	KUNIT_EXPECT_GE(test, rounds, 7);
	KUNIT_EXPECT_LT(test, rounds, 999);
	KUNIT_EXPECT_GE(test, failures, 4);
}

KTEST_MAIN(KTEST(each_call_in_turn))
