// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Every call to the system or the C library that can fail does so once: the 1st, the 2nd, ... until a run needs no more of
 * them (docs/guarantees.md, 5). fail_map.c does it for memory alone, and looks closer.
 *
 * The program's own functions stand in front of the C library's, syscall() included. At risk: a call whose failure nobody
 * has thought of: no barrier, no key, no affinity mask, advice that is refused.
 */
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "ktest.h"
#include "util.h"

#ifdef __x86_64__
static int calls, fail_at;

static bool fails(int error)
{
	if (__atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) != fail_at)
		return false;
	errno = error;
	return true;
}

static long call(long number, long a, long b, long c, long d, long e, long f)
{
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall" : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	if (result < 0 && result > -4096) {
		errno = (int)-result;
		return -1;
	}
	return result;
}

long syscall(long number, ...)
{
	va_list ap;
	long a[6];

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	return fails(ENOSYS) ? -1 : call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

void *mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	if (fails(ENOMEM))
		return MAP_FAILED;
	return (void *)call(SYS_mmap, (long)at, (long)len, prot, flags, fd, offset);
}

int munmap(void *at, size_t len)
{
	return fails(ENOMEM) ? -1 : (int)call(SYS_munmap, (long)at, (long)len, 0, 0, 0, 0);
}

int mprotect(void *at, size_t len, int prot)
{
	return fails(ENOMEM) ? -1 : (int)call(SYS_mprotect, (long)at, (long)len, prot, 0, 0, 0);
}

int madvise(void *at, size_t len, int advice)
{
	return fails(EAGAIN) ? -1 : (int)call(SYS_madvise, (long)at, (long)len, advice, 0, 0, 0);
}

int getrlimit(__rlimit_resource_t what, struct rlimit *limit)
{
	return fails(EPERM) ? -1 : (int)call(SYS_prlimit64, 0, (long)what, 0, (long)limit, 0, 0);
}

static struct kmem_cache *shared;
static pthread_barrier_t barrier;

static void *park(void *unused)
{
	void *objects[40];
	int n = 0;

	while (n < 40 && (objects[n] = kmem_cache_alloc(shared, GFP_KERNEL)))
		n++;
	while (n > 0)
		kmem_cache_free(shared, objects[--n]);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return unused;
}

/* What a program does, with another thread that has parked objects. All is undone; what failed is not looked at. */
static void use(void)
{
	struct kmem_usage usage = { .size = sizeof(usage) };
	int null = open("/dev/null", O_WRONLY);
	void *objects[100];
	pthread_t thread;
	char *text;

	shared = kmem_cache_create("shared", 300, 0, SLAB_NO_MERGE, NULL);
	if (shared) {
		pthread_barrier_init(&barrier, NULL, 2);
		pthread_create(&thread, NULL, park, NULL);
		pthread_barrier_wait(&barrier);
		if (kmem_cache_alloc_bulk(shared, GFP_KERNEL, 100, objects))
			kmem_cache_free_bulk(shared, 100, objects);
		kmem_cache_free(shared, kmem_cache_zalloc(shared, GFP_ATOMIC | __GFP_NOWARN));
		kmem_cache_shrink(shared);
		pthread_barrier_wait(&barrier);
		pthread_join(thread, NULL);
	}
	text = kmalloc(100, GFP_KERNEL);
	text = krealloc(text, 5000, GFP_KERNEL) ?: text;
	kfree(text);
	kvfree(kvmalloc(3 << 20, GFP_KERNEL | __GFP_NOWARN));
	kfree(kmalloc(100000, GFP_KERNEL | __GFP_NOWARN));
	kmem_usage(&usage);
	kmem_slabinfo_write(null);
	kmem_reclaim();
	kmem_cache_destroy(shared);
	close(null);
}

static void g5_each_call_in_turn(struct kunit *test)
{
	struct kmem_usage usage = { .size = sizeof(usage) };
	int at, wstatus = 0;

	for (at = 1; at < 2000; at++) {
		pid_t pid = fork();

		if (pid == 0) {
			struct kunit child = *test;

			alarm(30);
			calls = 0;
			fail_at = at;
			use();
			if (calls < at)
				_exit(50);
			fail_at = 0;
			use();
			kmem_usage(&usage);
			KUNIT_EXPECT_EQ(&child, usage.live_objects, 0);
			KUNIT_EXPECT_EQ(&child, slabinfo_has("shared "), 0);
			KUNIT_EXPECT_EQ(&child, ktest_count("BUG"), 0);
			_exit(child.failures ? KTEST_FAIL : 0);
		}
		waitpid(pid, &wstatus, 0);
		if (WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 50)
			break;
		if (wstatus != 0)
			ktest_fail(test, "call %d: ended with %x", at, wstatus);
		ktest_hush();
	}
	/* At least: the arena, its blocks, the barrier and its use, advice, the affinity mask. */
	KUNIT_EXPECT_GE(test, at, 30);
	KUNIT_EXPECT_LT(test, at, 2000);
	printf("# %d calls failed in turn\n", at - 1);
}

KTEST_MAIN(KTEST(g5_each_call_in_turn, .seconds = 300))
#else
static void g5_only_on_x86_64(struct kunit *test) { kunit_skip(test, "system calls are spelt out for x86-64"); }
KTEST_MAIN(KTEST(g5_only_on_x86_64))
#endif
