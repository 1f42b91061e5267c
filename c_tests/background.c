// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * The library's own thread (kmem.background=1) and forks.
 *
 * At risk: a child without it, which keeps idle memory for ever.
 */
#include <dirent.h>

#include "ktest.h"
#include "util.h"

/* The first process of a pid namespace that unshares its own has children with its own id. */
pid_t getpid(void)
{
	return 1;
}

static int threads_here(void)
{
	DIR *tasks = opendir("/proc/self/task");
	const struct dirent *entry;
	int n = 0;

	while ((entry = readdir(tasks)))
		n += entry->d_name[0] != '.';
	closedir(tasks);
	return n;
}

/* Takes and frees objects until the thread is there, for some seconds; whether it is. */
static bool comes(void)
{
	struct kmem_cache *cache = kmem_cache_create("work", 100, 0, SLAB_NO_MERGE, NULL);
	void *objects[200];

	for (int round = 0; round < 500 && threads_here() < 2; round++) {
		for (size_t i = 0; i < ARRAY_LEN(objects); i++)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		for (size_t i = 0; i < ARRAY_LEN(objects); i++)
			kmem_cache_free(cache, objects[i]);
		usleep(10000);
	}
	return threads_here() == 2;
}

static void in_a_child_with_the_id_of_its_parent(struct kunit *test)
{
	int status = -1;
	pid_t pid;

	KUNIT_EXPECT_EQ(test, threads_here(), 1);
	KUNIT_EXPECT_TRUE(test, comes());
	pid = fork();
	if (pid == 0)
		_exit(threads_here() == 1 && comes() ? 0 : 1);
	KUNIT_EXPECT_EQ(test, waitpid(pid, &status, 0), pid);
	KUNIT_EXPECT_EQ(test, status, 0);
}

KTEST_MAIN(KTEST(in_a_child_with_the_id_of_its_parent, .cmdline = "kmem.background=1"))
