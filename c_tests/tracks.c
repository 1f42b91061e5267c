// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Allocation and free tracks: who is named, and that nothing the program does to a track does harm.
 *
 * At risk: a track that names the library, or a neighbour, instead of the caller; a walk that is led astray by a frame
 * it does not understand; a track read back from memory that the program has written over.
 */
#include <pthread.h>
#include <sys/syscall.h>

#include "ktest.h"
#include "util.h"

#define OUTLINE __attribute__((noinline, noclone))
#define CHECKED (SLAB_STORE_USER | SLAB_CONSISTENCY_CHECKS)

static OUTLINE void *allocate_here(struct kmem_cache *cache)
{
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	__asm__ volatile("" ::: "memory");
	return object;
}

static OUTLINE void free_here(struct kmem_cache *cache, void *object)
{
	kmem_cache_free(cache, object);
	__asm__ volatile("" ::: "memory");
}

static OUTLINE void *go_deep(struct kmem_cache *cache, int depth)
{
	char ballast[200];
	void *object;

	__asm__ volatile("" ::"r"(ballast) : "memory");
	object = depth ? go_deep(cache, depth - 1) : allocate_here(cache);
	__asm__ volatile("" ::"r"(ballast) : "memory");
	return object;
}

/* A frame whose size is known at run time only. */
static OUTLINE void *with_variable_frame(struct kmem_cache *cache, int bytes)
{
	char *room = __builtin_alloca(bytes);
	void *object;

	__asm__ volatile("" ::"r"(room) : "memory");
	object = allocate_here(cache);
	__asm__ volatile("" ::"r"(room) : "memory");
	return object;
}

/* A system before Linux 4.14, at will. */
static bool is_old;
static int refused;

int madvise(void *at, size_t len, int advice)
{
	if (is_old && advice == MADV_WIPEONFORK) {
		refused++;
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_madvise, at, len, advice);
}

/* A cache with one live object: a second free is told by its object only in a slab that is in use. */
static struct kmem_cache *tracked(const char *name)
{
	struct kmem_cache *cache = kmem_cache_create(name, 120, 0, CHECKED, NULL);

	if (!kmem_cache_alloc(cache, GFP_KERNEL))
		abort();
	return cache;
}

/* Has the tracks of a free object shown. */
static void show(struct kmem_cache *cache, void *object)
{
	ktest_hush();
	kmem_cache_free(cache, object);
}

/* The line that begins with a word, without its newline; empty if there is none. */
static const char *line_of(const char *word)
{
	static char line[1024];
	const char *at = strstr(ktest_said(), word);

	line[0] = '\0';
	if (at)
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
	return line;
}

static void names_the_caller(struct kunit *test)
{
	struct kmem_cache *cache = tracked("tracked");
	unsigned long age, cpu, pid;
	char rest[64];
	void *object = allocate_here(cache);

	free_here(cache, object);
	show(cache, object);
	KTEST_EXPECT_SAID(test, "\n\nAllocated in allocate_here+0x");
	KTEST_EXPECT_SAID(test, "\nFreed in free_here+0x");
	/* The stack begins with the caller, as the kernel's does, and goes on with his. */
	KTEST_EXPECT_SAID(test, "\n allocate_here+0x");
	KTEST_EXPECT_SAID(test, "\n free_here+0x");
	KTEST_EXPECT_SAID(test, "\n names_the_caller+0x");
	KTEST_EXPECT_SAID(test, "\n main+0x");
	KUNIT_EXPECT_EQ(test, ktest_count("kmem_cache_alloc"), 0);
	KUNIT_EXPECT_EQ(test, sscanf(strstr(line_of("Allocated in "), " age="), " age=%lu cpu=%lu pid=%lu%s", &age, &cpu,
				     &pid, rest), 3);
	KUNIT_EXPECT_LE(test, age, 250);
	KUNIT_EXPECT_EQ(test, pid, syscall(SYS_gettid));
	/* Tracks come before the slab. */
	KUNIT_EXPECT_TRUE(test, strstr(ktest_said(), "Freed in ") < strstr(ktest_said(), "\nSlab 0x"));
}

static void ages_in_ticks(struct kunit *test)
{
	struct kmem_cache *cache = tracked("tracked");
	void *object = allocate_here(cache);
	int age;

	usleep(200000);
	free_here(cache, object);
	show(cache, object);
	age = atoi(strstr(line_of("Allocated in "), " age=") + 5);
	KUNIT_EXPECT_GE(test, age, 48);
	KUNIT_EXPECT_LE(test, age, 500);
	KUNIT_EXPECT_LE(test, atoi(strstr(line_of("Freed in "), " age=") + 5), age - 48);
}

static void nothing_before_the_first_call(struct kunit *test)
{
	struct kmem_cache *cache = tracked("tracked");
	char *object = allocate_here(cache);

	/* The neighbour was never allocated. */
	KUNIT_ASSERT_TRUE(test, (uintptr_t)object % 4096 == 184);
	show(cache, object + 184);
	KTEST_EXPECT_SAID(test, "Object already free");
	KUNIT_EXPECT_EQ(test, ktest_count("Allocated in") + ktest_count("Freed in"), 0);
}

static void at_most_sixteen_calls(struct kunit *test)
{
	struct kmem_cache *cache = tracked("tracked");
	void *object = go_deep(cache, 30);

	free_here(cache, object);
	show(cache, object);
	KTEST_EXPECT_SAID(test, "Allocated in allocate_here+0x");
	KUNIT_EXPECT_EQ(test, strstr(ktest_said(), "Freed in") - ktest_said() > 0 ? ktest_count("\n go_deep+0x") : 0, 15);
}

static void through_a_variable_frame(struct kunit *test)
{
	struct kmem_cache *cache = tracked("tracked");

	for (int bytes = 16; bytes < 5000; bytes += 400) {
		void *object = with_variable_frame(cache, bytes);

		free_here(cache, object);
		show(cache, object);
		KTEST_EXPECT_SAID(test, "\n allocate_here+0x");
		KTEST_EXPECT_SAID(test, "\n with_variable_frame+0x");
		KTEST_EXPECT_SAID(test, "\n through_a_variable_frame+0x");
	}
}

static struct kmem_cache *from_callback;
static void *callback_object;

static OUTLINE int compare(const void *a, const void *b)
{
	if (!callback_object)
		callback_object = allocate_here(from_callback);
	return *(const int *)a - *(const int *)b;
}

static void through_the_c_library(struct kunit *test)
{
	int numbers[] = { 3, 1, 2 };

	from_callback = tracked("tracked");
	qsort(numbers, 3, sizeof(int), compare);
	free_here(from_callback, callback_object);
	show(from_callback, callback_object);
	KTEST_EXPECT_SAID(test, "\n compare+0x");
	KTEST_EXPECT_SAID(test, "\n through_the_c_library+0x");
}

static OUTLINE void construct(void *object)
{
	(void)object;
	if (!callback_object)
		callback_object = allocate_here(from_callback);
	__asm__ volatile("" ::: "memory");
}

/* A constructor is the program's code, though the library called it. */
static void from_a_constructor(struct kunit *test)
{
	struct kmem_cache *outer = kmem_cache_create("outer", 64, 0, 0, construct);

	from_callback = tracked("tracked");
	KUNIT_ASSERT_NOT_NULL(test, kmem_cache_alloc(outer, GFP_KERNEL));
	free_here(from_callback, callback_object);
	show(from_callback, callback_object);
	KTEST_EXPECT_SAID(test, "Allocated in allocate_here+0x");
	KTEST_EXPECT_SAID(test, "\n construct+0x");
	KTEST_EXPECT_SAID(test, "\n from_a_constructor+0x");
}

static OUTLINE int allocate_many(struct kmem_cache *cache, void **objects)
{
	int n = kmem_cache_alloc_bulk(cache, GFP_KERNEL, 10, objects);

	__asm__ volatile("" ::: "memory");
	return n;
}

static OUTLINE void free_many(struct kmem_cache *cache, void **objects)
{
	kmem_cache_free_bulk(cache, 10, objects);
	__asm__ volatile("" ::: "memory");
}

static void bulk_calls(struct kunit *test)
{
	struct kmem_cache *cache = tracked("tracked");
	void *objects[10], *kept[10];

	KUNIT_ASSERT_TRUE(test, allocate_many(cache, objects) == 10);
	memcpy(kept, objects, sizeof(kept));
	free_many(cache, objects);
	for (int i = 0; i < 10; i++) {
		show(cache, kept[i]);
		KTEST_EXPECT_SAID(test, "Allocated in allocate_many+0x");
		KTEST_EXPECT_SAID(test, "Freed in free_many+0x");
	}
}

static OUTLINE void *call_first(struct kmem_cache *cache)
{
	void *object = kmem_cache_alloc(cache, GFP_ATOMIC);

	__asm__ volatile("" ::: "memory");
	return object;
}

static OUTLINE void *call_second(struct kmem_cache *cache)
{
	void *object = kmem_cache_zalloc(cache, GFP_KERNEL);

	__asm__ volatile("" ::: "memory");
	return object;
}

static OUTLINE void *parent_of_both(struct kmem_cache *cache, int which)
{
	void *object = which ? call_first(cache) : call_second(cache);

	__asm__ volatile("" ::: "memory");
	return object;
}

/* Stacks that lie at one place and differ in one word: what is remembered of the last must not be taken for this. */
static void callers_in_turn(struct kunit *test)
{
	static const char *const names[] = { "call_second", "call_first" };
	struct kmem_cache *cache = tracked("tracked");
	uint64_t state = 88172645463325252;
	char expected[128];

	for (int i = 0; i < 400; i++) {
		int which = random_next(&state) % 2, parent = random_next(&state) % 2;
		void *object = parent ? parent_of_both(cache, which) :
					which ? call_first(cache) : call_second(cache);

		free_here(cache, object);
		show(cache, object);
		snprintf(expected, sizeof(expected), "Allocated in %s+0x", names[which]);
		KTEST_EXPECT_SAID(test, expected);
		KUNIT_EXPECT_EQ(test, ktest_count("\n parent_of_both+0x"), parent);
	}
}

static void *other_thread(void *cache)
{
	static void *result[2];

	result[0] = allocate_here(cache);
	result[1] = (void *)syscall(SYS_gettid);
	return result;
}

static void names_thread_and_process(struct kunit *test)
{
	struct kmem_cache *cache = tracked("tracked");
	void *mine = allocate_here(cache), **theirs;
	pthread_t thread;
	char expected[64];
	int status;
	pid_t pid;

	pthread_create(&thread, NULL, other_thread, cache);
	pthread_join(thread, (void **)&theirs);
	free_here(cache, theirs[0]);
	show(cache, theirs[0]);
	snprintf(expected, sizeof(expected), " pid=%ld", (long)theirs[1]);
	KUNIT_EXPECT_NOT_NULL(test, strstr(line_of("Allocated in "), expected));
	snprintf(expected, sizeof(expected), " pid=%d", getpid());
	KUNIT_EXPECT_NOT_NULL(test, strstr(line_of("Freed in "), expected));
	/* A fork's child is somebody else. */
	pid = fork();
	if (pid == 0) {
		free_here(cache, mine);
		show(cache, mine);
		snprintf(expected, sizeof(expected), " pid=%d", getpid());
		_exit(strstr(line_of("Freed in "), expected) ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	KUNIT_EXPECT_EQ(test, status, 0);
}

static void leftovers(struct kunit *test)
{
	struct kmem_cache *cache = tracked("tracked");

	allocate_here(cache);
	allocate_here(cache);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, ktest_count("\nAllocated in allocate_here+0x"), 2);
	KUNIT_EXPECT_EQ(test, ktest_count("Freed in"), 0);
}

static void wrong_cache(struct kunit *test)
{
	struct kmem_cache *owner = tracked("owner"), *other = kmem_cache_create("other", 120, 0, 0, NULL);
	void *object = allocate_here(owner);

	/* The other cache keeps no tracks; the object's own does. */
	kmem_cache_free(other, object);
	kmem_cache_shrink(other);
	KTEST_EXPECT_SAID(test, "Wrong slab cache. other but object is from owner\n");
	KTEST_EXPECT_SAID(test, "\nAllocated in allocate_here+0x");
	KUNIT_EXPECT_EQ(test, ktest_count("Freed in"), 0);
	show(owner, object);
	KTEST_EXPECT_SAID(test, "\nFreed in wrong_cache+0x");
}

/* What the program writes over a track is shown as it is, and leads nowhere. */
static void scribbled_tracks(struct kunit *test)
{
	struct kmem_cache *cache = tracked("tracked");
	uint64_t state = 88172645463325252;

	for (int i = 0; i < 2000; i++) {
		unsigned char *object = allocate_here(cache);

		free_here(cache, object);
		for (int at = 120; at < 184; at += 8) {
			uint64_t word = random_next(&state);

			/* Small numbers, too, which look like a stack's. */
			word >>= i % 64;
			memcpy(object + at, &word, 8);
		}
		show(cache, object);
		KTEST_EXPECT_SAID(test, "Object already free");
	}
}

static void *hammer(void *cache)
{
	uint64_t state = (uint64_t)(uintptr_t)&state | 1;

	for (int i = 0; i < 20000; i++) {
		void *object = go_deep(cache, (int)(random_next(&state) % 40));

		if (!object)
			return cache;
		if (i % 2)
			free_here(cache, object);
		else
			kmem_cache_free(cache, object);
	}
	return NULL;
}

static void threads_share_stacks(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("tracked", 120, 0, CHECKED, NULL);
	pthread_t threads[4];
	void *failed;

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, hammer, cache);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &failed);
		KUNIT_EXPECT_NULL(test, failed);
	}
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

/* Where the system wipes no page for the child of a fork, each track asks for the thread's id, and for nothing else. */
static void names_the_process_on_an_old_system(struct kunit *test)
{
	is_old = true;
	for (int i = 0; i < 10; i++)
		names_thread_and_process(test);
	KUNIT_EXPECT_EQ(test, refused, 1);
}

KTEST_MAIN(
	KTEST(names_the_caller), KTEST(ages_in_ticks), KTEST(nothing_before_the_first_call), KTEST(at_most_sixteen_calls),
	KTEST(through_a_variable_frame), KTEST(through_the_c_library), KTEST(from_a_constructor), KTEST(bulk_calls), KTEST(callers_in_turn),
	KTEST(names_thread_and_process), KTEST(names_the_process_on_an_old_system), KTEST(leftovers), KTEST(wrong_cache), KTEST(scribbled_tracks),
	KTEST(threads_share_stacks))
