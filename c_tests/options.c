// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Boot options at their limits, and what init_on_alloc and init_on_free leave of an object.
 *
 * At risk: an option that is misread in silence, bytes of one cache that show up in another.
 */
#include <fcntl.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include "ktest.h"
#include "util.h"
#include "edges.h"

static void constructor(void *object)
{
	memset(object, 0x5c, 64);
}

static void works(struct kunit *test)
{
	enum { N = 1000 };
	struct kmem_cache *cache = kmem_cache_create("works", 1000, 0, SLAB_NO_MERGE, NULL);
	void *objects[N];

	KUNIT_ASSERT_NOT_NULL(test, cache);
	for (int i = 0; i < N; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, objects[i]);
		memset(objects[i], i, 1000);
	}
	for (int i = 0; i < N; i++) {
		KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], 1000, (unsigned char)i));
		kmem_cache_free(cache, objects[i]);
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
}

static void huge_arena(struct kunit *test)
{
	works(test);
}

/* More address space than there is: as much as there is. */
static void arena_of_half_the_address_space(struct kunit *test)
{
	works(test);
	KTEST_EXPECT_SILENT(test);
}

/* Which, with what the library adds for itself, is more than a number holds. */
static void arena_of_the_whole_address_space(struct kunit *test)
{
	works(test);
	KTEST_EXPECT_SILENT(test);
}

static void arena_of_one_byte(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("least", 64, 0, SLAB_NO_MERGE, NULL);
	void *object;

	if (!cache) {
		KTEST_EXPECT_SAID(test, "kmem_cache_create(least) failed with error -12\n");
		return;
	}
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	if (object)
		memset(object, 1, 64);
	else
		KTEST_EXPECT_SAID(test, "SLUB: Unable to allocate memory");
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void geometry(struct kunit *test, unsigned long pages, unsigned long per_slab)
{
	struct kmem_cache *cache = kmem_cache_create("geometry", 512, 0, SLAB_NO_MERGE, NULL);
	struct slabinfo_row row = slabinfo_row("geometry");

	KUNIT_EXPECT_EQ(test, row.pages, pages);
	KUNIT_EXPECT_EQ(test, row.per_slab, per_slab);
	kmem_cache_destroy(cache);
}

static void largest_order_said_last(struct kunit *test)
{
	geometry(test, 4, 32);
	KTEST_EXPECT_SILENT(test);
}

static void smallest_order_said_last(struct kunit *test)
{
	geometry(test, 32, 256);
	KTEST_EXPECT_SILENT(test);
}

static void confined_to_one_cpu(struct kunit *test)
{
	confine(test, 1);
	geometry(test, 1, 8);
}

static void confined_to_two_cpus(struct kunit *test)
{
	confine(test, 2);
	geometry(test, 2, 16);
}

static const size_t sizes[] = { 1, 7, 8, 63, 64, 100, 192, 1000, 4096, 10000 };

/* Whether a free object reads as zeroes; under a debug flag the free pointer lies in its middle. */
static bool cleared(const unsigned char *object, size_t size, unsigned long flag)
{
	size_t middle = size / 2 / 8 * 8;

	if (!flag || (flag == SLAB_RED_ZONE && size < 8))
		return all_bytes(object, size, 0);
	return all_bytes(object, middle, 0) && (size < middle + 8 || all_bytes(object + middle + 8, size - middle - 8, 0));
}

static void cleared_on_free(struct kunit *test)
{
	static const unsigned long flags[] = { 0, SLAB_RED_ZONE, SLAB_STORE_USER, SLAB_CONSISTENCY_CHECKS };

	for (size_t s = 0; s < ARRAY_LEN(sizes) * ARRAY_LEN(flags); s++) {
		size_t size = sizes[s / ARRAY_LEN(flags)];
		unsigned long flag = flags[s % ARRAY_LEN(flags)];
		struct kmem_cache *cache = kmem_cache_create("clear", size, 0, flag | SLAB_NO_MERGE, NULL);
		unsigned char *objects[8];

		/* The others keep the slab in place. */
		for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
			KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], size, 0));
			memset(objects[i], 0xff, size);
		}
		kmem_cache_free(cache, objects[1]);
		kmem_cache_free_bulk(cache, 2, (void **)objects + 2);
		kmem_cache_free_bulk(NULL, 1, (void **)objects + 4);
		for (size_t i = 1; i < 5; i++)
			KUNIT_EXPECT_TRUE(test, cleared(objects[i], size, flag));
		KUNIT_EXPECT_TRUE(test, all_bytes(objects[0], size, 0xff) && all_bytes(objects[5], size, 0xff));
		if (flag == SLAB_RED_ZONE)
			KUNIT_EXPECT_TRUE(test, all_bytes(objects[1] + size, 1, 0xbb) && all_bytes(objects[1] - 8, 8, 0xbb));
		kmem_cache_free(cache, objects[0]);
		kmem_cache_free_bulk(cache, 3, (void **)objects + 5);
		kmem_cache_destroy(cache);
	}
	KTEST_EXPECT_SILENT(test);
}

static void kept_on_free(struct kunit *test)
{
	struct kmem_cache *rcu = kmem_cache_create("rcu", 64, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	struct kmem_cache *made = kmem_cache_create("made", 64, 0, SLAB_NO_MERGE, constructor);
	struct kmem_cache *poison = kmem_cache_create("poison", 64, 0, SLAB_POISON, NULL);
	unsigned char *a = kmem_cache_alloc(rcu, GFP_KERNEL), *b = kmem_cache_alloc(made, GFP_KERNEL);
	unsigned char *c = kmem_cache_alloc(poison, GFP_KERNEL);

	(void)!kmem_cache_alloc(rcu, GFP_KERNEL);
	(void)!kmem_cache_alloc(made, GFP_KERNEL);
	(void)!kmem_cache_alloc(poison, GFP_KERNEL);
	memset(a, 0x77, 64);
	kmem_cache_free(rcu, a);
	KUNIT_EXPECT_TRUE(test, all_bytes(a, 64, 0x77));
	KUNIT_EXPECT_PTR_EQ(test, kmem_cache_alloc(rcu, GFP_KERNEL), a);
	KUNIT_EXPECT_TRUE(test, all_bytes(a, 64, 0x77));
	KUNIT_EXPECT_TRUE(test, all_bytes(b, 64, 0x5c));
	kmem_cache_free(made, b);
	KUNIT_EXPECT_TRUE(test, all_bytes(b, 64, 0x5c));
	memset(c, 0, 64);
	kmem_cache_free(poison, c);
	KUNIT_EXPECT_TRUE(test, all_bytes(c, 63, 0x6b) && all_bytes(c + 63, 1, 0xa5));
	KTEST_EXPECT_SILENT(test);
}

/* What these caches keep must not reach a cache whose free objects are promised to be clear. */
static void pages_change_hands_clear(struct kunit *test)
{
	static const struct { unsigned long flags; kmem_ctor_t ctor; } kinds[] = {
		{ SLAB_POISON, NULL }, { SLAB_TYPESAFE_BY_RCU, NULL }, { SLAB_NO_MERGE, constructor }, { SLAB_NO_MERGE, NULL },
		{ SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, NULL },
	};
	enum { N = 4000 };
	static unsigned char *objects[N];

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct kmem_cache *from = kmem_cache_create("from", 64, 0, kinds[k].flags, kinds[k].ctor), *plain;
		int wrong = 0;

		for (int i = 0; i < N; i++) {
			objects[i] = kmem_cache_alloc(from, GFP_KERNEL);
			memset(objects[i], 0x77, 64);
		}
		/* The frees alone empty most slabs; a shrink would have the system clear the pages. */
		for (int i = 0; i < N; i++)
			kmem_cache_free(from, objects[i]);
		plain = kmem_cache_create("plain", 4096, 0, SLAB_NO_MERGE, NULL);
		for (int i = 0; i < 64; i++) {
			objects[i] = kmem_cache_alloc(plain, GFP_KERNEL);
			wrong += !all_bytes(objects[i], 4096, 0);
		}
		KUNIT_EXPECT_EQ(test, wrong, 0);
		kmem_cache_free_bulk(plain, 64, (void **)objects);
		kmem_cache_destroy(plain);
		kmem_cache_destroy(from);
	}
}

static void cleared_on_alloc(struct kunit *test)
{
	struct kmem_cache *rcu = kmem_cache_create("rcu", 64, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	struct kmem_cache *made = kmem_cache_create("made", 64, 0, SLAB_NO_MERGE, constructor);
	struct kmem_cache *poison = kmem_cache_create("poison", 64, 0, SLAB_POISON, NULL);
	unsigned char *object;

	for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
		struct kmem_cache *plain = kmem_cache_create("plain", sizes[s], 0, SLAB_NO_MERGE, NULL);
		void *bulk[4];

		for (int round = 0; round < 3; round++) {
			object = kmem_cache_alloc(plain, GFP_KERNEL);
			KUNIT_EXPECT_TRUE(test, all_bytes(object, sizes[s], 0));
			memset(object, 0xff, sizes[s]);
			kmem_cache_free(plain, object);
			KUNIT_ASSERT_TRUE(test, kmem_cache_alloc_bulk(plain, GFP_KERNEL, 4, bulk) == 4);
			for (int i = 0; i < 4; i++) {
				KUNIT_EXPECT_TRUE(test, all_bytes(bulk[i], sizes[s], 0));
				memset(bulk[i], 0xff, sizes[s]);
			}
			kmem_cache_free_bulk(plain, 4, bulk);
		}
		kmem_cache_destroy(plain);
	}
	object = kmem_cache_alloc(made, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, all_bytes(object, 64, 0x5c));
	kmem_cache_free(made, object);
	object = kmem_cache_zalloc(made, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, all_bytes(object, 64, 0x5c));
	kmem_cache_free(made, object);
	object = kmem_cache_alloc(rcu, GFP_KERNEL);
	memset(object, 0x77, 64);
	kmem_cache_free(rcu, object);
	object = kmem_cache_alloc(rcu, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, all_bytes(object, 64, 0x77));
	kmem_cache_free(rcu, object);
	object = kmem_cache_zalloc(rcu, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, all_bytes(object, 64, 0));
	kmem_cache_free(rcu, object);
	object = kmem_cache_alloc(poison, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, all_bytes(object, 63, 0x6b) && object[63] == 0xa5);
	kmem_cache_free(poison, object);
	object = kmem_cache_zalloc(poison, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, all_bytes(object, 64, 0));
	kmem_cache_free(poison, object);
}

/* The track of the last free: nobody has freed an object of a new slab, whatever its pages held before. */
static void tracks_start_empty(struct kunit *test)
{
	enum { N = 4000 };
	static void *objects[N];
	struct kmem_cache *from = kmem_cache_create("from", 4096, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *user = kmem_cache_create("user", 64, 0, SLAB_STORE_USER, NULL);
	struct kmem_cache *both = kmem_cache_create("both", 64, 0, SLAB_STORE_USER | SLAB_POISON, NULL);

	for (int i = 0; i < 400; i++) {
		objects[i] = kmem_cache_alloc(from, GFP_KERNEL);
		memset(objects[i], 0xff, 4096);
	}
	for (int i = 0; i < 400; i++)
		kmem_cache_free(from, objects[i]);
	for (int i = 0; i < 1000; i++) {
		char *one = kmem_cache_alloc(user, GFP_KERNEL), *two = kmem_cache_alloc(both, GFP_KERNEL);

		/* After the payload, and after a free pointer that lies outside: 32 bytes of alloc, 32 of free. */
		KUNIT_EXPECT_TRUE(test, all_bytes(one + 64 + 32, 32, 0));
		KUNIT_EXPECT_TRUE(test, all_bytes(two + 64 + 8 + 32, 32, 0));
	}
}

static void shrink_sorts_by_fill(struct kunit *test)
{
	enum { PER_SLAB = 64, N = 3 * PER_SLAB };
	static const int to_free[] = { 15, 5, 25 };
	struct kmem_cache *cache = kmem_cache_create("sorted", 64, 0, SLAB_NO_MERGE, NULL);
	uintptr_t page[3];
	char *objects[N];

	for (int i = 0; i < N; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		page[i / PER_SLAB] = (uintptr_t)objects[i] / 4096;
	}
	KUNIT_ASSERT_TRUE(test, slabinfo_row("sorted").slabs == 3 && page[0] != page[1] && page[1] != page[2]);
	/* The middle one is the fullest, and neither the first nor the last on the list. */
	for (int slab = 0; slab < 3; slab++)
		for (int i = 0; i < to_free[slab]; i++)
			kmem_cache_free(cache, objects[slab * PER_SLAB + 2 * i]);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 1);
	for (int i = 0; i < 5 + 15 + 25; i++) {
		uintptr_t at = (uintptr_t)kmem_cache_alloc(cache, GFP_KERNEL) / 4096;

		KUNIT_EXPECT_EQ(test, at, page[i < 5 ? 1 : i < 5 + 15 ? 0 : 2]);
	}
}

/* --- a program that runs with more rights than its caller --------------------------------------------------------- */

#define AS_PROBE "KTEST_OPTIONS_PROBE"

/* The case below runs this program anew. Status: 1 if the library heeds KMEM_CMDLINE, 2 more if the caller lacks rights. */
__attribute__((constructor)) static void probe(void)
{
	if (getenv(AS_PROBE)) {
		kmem_cache_create("probe", 64, 0, SLAB_NO_MERGE, NULL);
		_exit((slabinfo_row("probe").stride != 64) | (getauxval(AT_SECURE) ? 2 : 0));
	}
}

static int run_probe(const char *program)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		setenv(AS_PROBE, "1", 1);
		execl(program, program, (char *)NULL);
		_exit(50);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool copy_program(const char *to)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	char buffer[1 << 16];
	ssize_t n = 0;

	while (from >= 0 && fd >= 0 && (n = read(from, buffer, sizeof(buffer))) > 0)
		if (write(fd, buffer, (size_t)n) != n)
			break;
	close(from);
	return n == 0 && close(fd) == 0;
}

static void options_of_others_are_not_taken(struct kunit *test)
{
	char program[64], log[64], line[128];
	int as_before, with_rights;

	snprintf(program, sizeof(program), "/tmp/kmem-options-%d", getpid());
	snprintf(log, sizeof(log), "%s.log", program);
	snprintf(line, sizeof(line), "slab_debug=Z nonsense kmem.log=%s", log);
	setenv("KMEM_CMDLINE", line, 1);
	KUNIT_ASSERT_TRUE(test, copy_program(program));
	as_before = run_probe(program);
	KUNIT_EXPECT_EQ(test, as_before, 1);
	KUNIT_EXPECT_EQ(test, unlink(log), 0);
	ktest_hush();
	/* Set-group-ID. */
	with_rights = chown(program, (uid_t)-1, 65534) == 0 && chmod(program, 02755) == 0 ? run_probe(program) : 1;
	unlink(program);
	if (!(with_rights & 2))
		kunit_skip(test, "no rights can be given here");
	KUNIT_EXPECT_EQ(test, with_rights, 2);
	KUNIT_EXPECT_NE(test, unlink(log), 0);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(
	KTEST(huge_arena, .cmdline = "kmem.arena=999999999T"),
	KTEST(arena_of_half_the_address_space, .cmdline = "kmem.arena=8388607T"),
	KTEST(arena_of_the_whole_address_space, .cmdline = "kmem.arena=16777215T"),
	KTEST(arena_of_one_byte, .cmdline = "kmem.arena=1"),
	KTEST(largest_order_said_last, .cmdline = "slab_min_order=5 slab_max_order=2 kmem.cpus=1"),
	KTEST(smallest_order_said_last, .cmdline = "slab_max_order=2 slab_min_order=5 kmem.cpus=1"),
	KTEST(confined_to_one_cpu),
	KTEST(confined_to_two_cpus),
	KTEST(cleared_on_free, .cmdline = "init_on_free=1"),
	KTEST(kept_on_free, .cmdline = "init_on_free=1"),
	KTEST(pages_change_hands_clear, .cmdline = "init_on_free=1"),
	KTEST(cleared_on_alloc, .cmdline = "init_on_alloc=1"),
	KTEST(tracks_start_empty, .cmdline = "kmem.harden=1"),
	KTEST(shrink_sorts_by_fill, .cmdline = "kmem.harden=1"),
	KTEST(options_of_others_are_not_taken))
