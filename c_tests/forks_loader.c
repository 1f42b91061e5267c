// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Forks beside threads that ask the loader which files there are (docs/guarantees.md, 1).
 *
 * At risk: a child that waits for the loader's lock, whose holder is not there. KMEM_STRESS=<forks> (default 300).
 */
#include <link.h>
#include <pthread.h>
#include <sys/syscall.h>

#include "ktest.h"
#include "util.h"

static struct kmem_cache *cache;
static int stop;
static pthread_barrier_t barrier;

/* A call in a frame of one of many sizes: the library has not seen that stack yet. */
static __attribute__((noinline)) void use_somewhere(unsigned int number)
{
	volatile char *room = __builtin_alloca(16 + number % 4096 * 16);

	room[0] = 1;
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	room[1] = 1;
}

static void free_a_literal(unsigned int number)
{
	(void)number;
	kmem_kfree_const("literal");
}

static void (*work)(unsigned int number);

static void *work_all_the_time(void *unused)
{
	uint64_t state = 88172645463325252;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		work((unsigned int)random_next(&state));
	return unused;
}

static void fork_while_another_thread_works(struct kunit *test)
{
	pthread_t thread;

	pthread_create(&thread, NULL, work_all_the_time, NULL);
	for (long i = 0; i < stress(300) && test->failures == 0; i++) {
		int wstatus = 0;
		pid_t pid = fork();

		if (pid == 0) {
			alarm(10);
			work((unsigned int)i);
			_exit(0);
		}
		KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
		KUNIT_EXPECT_EQ(test, wstatus, 0);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	KTEST_EXPECT_SILENT(test);
}

/* Both ask the loader, whose lock no child gets unlocked. */
static void g1_stacks_are_walked(struct kunit *test)
{
	cache = kmem_cache_create("walked", 64, 0, SLAB_NO_MERGE, NULL);
	work = use_somewhere;
	fork_while_another_thread_works(test);
	kmem_cache_destroy(cache);
}

static void g1_constant_strings(struct kunit *test)
{
	work = free_a_literal;
	fork_while_another_thread_works(test);
}

static int stay_with_the_loader(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)info, (void)size, (void)unused;
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return 1;
}

static void *visit_the_loader(void *unused)
{
	dl_iterate_phdr(stay_with_the_loader, NULL);
	return unused;
}

static void *be_behind(void *id)
{
	__atomic_store_n((pid_t *)id, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
	free_a_literal(0);
	return NULL;
}

static bool sleeps_now(pid_t id)
{
	char path[64], state = 'R';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", id);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	if (file)
		fclose(file);
	return state == 'S';
}

/* The program keeps the loader's lock, and one of the library's calls waits behind it: the fork does not wait for ever, and
 * its child does without the loader. */
static void g1_a_visitor_that_stays(struct kunit *test)
{
	pthread_t visitor, behind;
	int wstatus = 0;
	pid_t id = 0, pid;

	cache = kmem_cache_create("walked", 64, 0, SLAB_NO_MERGE, NULL);
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&visitor, NULL, visit_the_loader, NULL);
	pthread_barrier_wait(&barrier);
	pthread_create(&behind, NULL, be_behind, &id);
	/* Where it does not wait, as with musl, there is nothing to be afraid of. */
	for (int i = 0; i < 1000 && !(__atomic_load_n(&id, __ATOMIC_ACQUIRE) && sleeps_now(id)); i++)
		usleep(1000);
	pid = fork();
	if (pid == 0) {
		static const char literal[] = "literal";
		const char *copy;

		alarm(10);
		for (unsigned int i = 0; i < 10; i++)
			use_somewhere(i);
		copy = kmem_kstrdup_const(literal, GFP_KERNEL);
		if (!copy || strcmp(copy, literal) != 0)
			_exit(1);
		kmem_kfree_const(copy);
		free_a_literal(0);
		kmem_cache_free(cache, (void *)(uintptr_t)literal);
		_exit(ktest_count("free_large_kmalloc") == 0 && kmem_errors() == 1 ? 0 : 2);
	}
	KUNIT_EXPECT_EQ(test, waitpid(pid, &wstatus, 0), pid);
	KUNIT_EXPECT_EQ(test, wstatus, 0);
	pthread_barrier_wait(&barrier);
	pthread_join(visitor, NULL);
	pthread_join(behind, NULL);
}

KTEST_MAIN(
	KTEST(g1_stacks_are_walked, .cmdline = "slab_debug=U", .seconds = 3000),
	KTEST(g1_constant_strings, .seconds = 3000),
	KTEST(g1_a_visitor_that_stays, .cmdline = "slab_debug=U"))
