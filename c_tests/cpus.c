// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * CPUs that come, go, and have odd numbers (docs/guarantees.md, 9).
 *
 * The program's own sched_getcpu() stands in front of the C library's. At risk: a table with a place for each CPU that was
 * there at the start.
 */
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>

#include "cgroup.h"
#include "ktest.h"
#include "util.h"

static int pretended = INT_MIN;

int sched_getcpu(void)
{
	unsigned int cpu = 0;

	if (pretended != INT_MIN)
		return pretended;
	return syscall(SYS_getcpu, &cpu, NULL, NULL) == 0 ? (int)cpu : -1;
}

static struct kmem_cache *cache, *checked;

static void make_caches(void)
{
	cache = kmem_cache_create("cpus", 200, 0, SLAB_NO_MERGE, NULL);
	checked = kmem_cache_create("cpus_checked", 200, 0, SLAB_STORE_USER | SLAB_POISON | SLAB_RED_ZONE, NULL);
}

/* Objects with stamps of their owner. */
static void *use(void *stamp)
{
	uint64_t *objects[200];

	for (int round = 0; round < 20; round++) {
		struct kmem_cache *which = round & 1 ? checked : cache;

		for (int i = 0; i < 200; i++) {
			objects[i] = kmem_cache_alloc(which, GFP_KERNEL);
			if (!objects[i])
				abort();
			for (int w = 0; w < 25; w++)
				objects[i][w] = (uintptr_t)stamp + (uint64_t)i;
		}
		for (int i = 0; i < 200; i++) {
			for (int w = 0; w < 25; w++)
				if (objects[i][w] != (uintptr_t)stamp + (uint64_t)i)
					abort();
			kmem_cache_free(which, objects[i]);
		}
	}
	return NULL;
}

static void use_in_threads(void)
{
	pthread_t threads[8];

	for (uintptr_t t = 0; t < ARRAY_LEN(threads); t++)
		pthread_create(&threads[t], NULL, use, (void *)((t + 1) << 32));
	use((void *)0xc0ffee00);
	for (size_t t = 0; t < ARRAY_LEN(threads); t++)
		pthread_join(threads[t], NULL);
}

static void leave_nothing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(checked), 0);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(checked);
	KTEST_EXPECT_SILENT(test);
}

/* The library starts on one CPU, then the program may use all, then another one. */
static void g9_affinity_changes(struct kunit *test)
{
	struct slabinfo_row row;
	cpu_set_t all, one;
	int cpus[2], n = 0;

	KUNIT_ASSERT_TRUE(test, sched_getaffinity(0, sizeof(all), &all) == 0);
	for (int cpu = 0; cpu < CPU_SETSIZE && n < 2; cpu++)
		if (CPU_ISSET(cpu, &all))
			cpus[n++] = cpu;
	if (n < 2)
		kunit_skip(test, "there is one CPU");
	CPU_ZERO(&one);
	CPU_SET(cpus[0], &one);
	sched_setaffinity(0, sizeof(one), &one);
	make_caches();
	row = slabinfo_row("cpus");
	use_in_threads();
	sched_setaffinity(0, sizeof(all), &all);
	use_in_threads();
	CPU_ZERO(&one);
	CPU_SET(cpus[1], &one);
	sched_setaffinity(0, sizeof(one), &one);
	use_in_threads();
	KUNIT_EXPECT_EQ(test, slabinfo_row("cpus").per_slab, row.per_slab);
	leave_nothing(test);
}

/* The same from outside, while threads are at work. */
static void g9_a_cpuset_changes(struct kunit *test)
{
	static const char *const parents[] = { "/sys/fs/cgroup/cpuset", "/sys/fs/cgroup" };
	int wstatus = KTEST_SKIP << 8;

	for (size_t i = 0; i < ARRAY_LEN(parents); i++) {
		pid_t child;

		if (!cgroup_make(parents[i]))
			continue;
		cgroup_write("cpuset.mems", "0");
		if (!cgroup_write("cpuset.cpus", "0")) {
			cgroup_remove();
			continue;
		}
		child = fork();
		if (child == 0) {
			if (!cgroup_enter())
				_exit(KTEST_SKIP);
			make_caches();
			use_in_threads();
			if (!cgroup_write("cpuset.cpus", "0-1"))
				_exit(KTEST_SKIP);
			use_in_threads();
			cgroup_write("cpuset.cpus", "1");
			use_in_threads();
			leave_nothing(test);
			_exit(test->failures ? KTEST_FAIL : 0);
		}
		waitpid(child, &wstatus, 0);
		cgroup_remove();
		break;
	}
	if (WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == KTEST_SKIP)
		kunit_skip(test, "no cpuset of two CPUs can be made here");
	KUNIT_EXPECT_EQ(test, wstatus, 0);
}

/* Numbers that no machine here has, and some that none has. */
static void g9_odd_cpu_numbers(struct kunit *test)
{
	static const int numbers[] = { 0, 1, 63, 64, 255, 256, 4095, 4096, 8191, 8192, 1 << 20, INT_MAX, -1 };
	static char text[65536];
	void *objects[ARRAY_LEN(numbers)];
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	make_caches();
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		pretended = numbers[i];
		use_in_threads();
		objects[i] = kmem_cache_alloc(checked, GFP_KERNEL);
		kmem_cache_shrink(cache);
	}
	KUNIT_EXPECT_GT(test, kmem_cache_attr_show(checked, "alloc_traces", text, sizeof(text)), 0);
	/* A record has room for 4096; an unknown number counts as 0. */
	if (cpus > 1 && !strstr(text, " cpus=0-1,63-64,255-256,4095"))
		ktest_fail(test, "%s", text);
	KTEST_EXPECT_SILENT(test);
	pretended = 4095;
	kmem_cache_free(checked, objects[0]);
	kmem_cache_free(checked, objects[0]);
	KTEST_EXPECT_SAID(test, "Object already free");
	KTEST_EXPECT_SAID(test, " cpu=4095 pid=");
	KTEST_EXPECT_SAID(test, "CPU: 4095 ");
	ktest_hush();
	for (size_t i = 1; i < ARRAY_LEN(numbers); i++)
		kmem_cache_free(checked, objects[i]);
	kmem_cache_destroy(cache);
}

KTEST_MAIN(
	KTEST(g9_affinity_changes),
	KTEST(g9_a_cpuset_changes),
	KTEST(g9_odd_cpu_numbers, .cmdline = "kmem.cpus=4096"))
