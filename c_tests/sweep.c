// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Every exported function, with each failure that can come to it: of each call to the system or the C library, of each
 * allocation of the library's own (debug builds), of each object by failslab; once, and from then on (docs/guarantees.md, 5).
 *
 * Each piece of work in sweep_work.h undoes what it does. With a failure some of its calls fail, in the way their
 * documentation says; then nothing is left, no more memory is in use than before, and all of it works. At risk: an error
 * path that nobody has walked. KMEM_THOROUGH=1 leaves none out.
 */
#include <elf.h>
#include <link.h>

#include "sweep_work.h"

/* --- one failure ------------------------------------------------------------------------------------------------- */

enum mode { CALL, CALLS, MEMORY, MEMORIES, OBJECT, OBJECTS, MODES };
static const char *const mode_names[] = { "call", "all calls from", "memory", "all memory from", "object", "all objects from" };

static bool runs_well(const struct work *work)
{
	well = true;
	work->run();
	return well;
}

static void fail_objects(bool on)
{
	struct kmem_fault_attr attr;

	kmem_failslab_get(&attr);
	attr.probability = on ? 100 : 0;
	attr.times = -1;
	attr.verbose = 0;
	attr.ignore_gfp_wait = false;
	kmem_failslab_set(&attr);
}

/* Runs the work with a failure, or, at 0, without; `*came` says whether it came to it. */
static bool fails(const struct work *work, enum mode mode, int at, bool *came)
{
	bool success, refused;

	refuse_begin(mode < MEMORY ? REFUSE_CALLS : REFUSE_MEMORY, mode < OBJECT ? at : 0, mode & 1);
	if (mode >= OBJECT && at > 0) {
		fail_objects(mode == OBJECTS);
		kmem_fail_nth(mode == OBJECT ? (unsigned int)at : 0);
	}
	success = runs_well(work);
	refused = refuse_end();
	*came = mode < OBJECT ? refused : mode == OBJECTS ? at == 1 : kmem_fail_nth(0) == 0;
	if (mode >= OBJECT && at > 0)
		kmem_failslab_set(NULL);
	return success;
}

/* Bytes that are in use. */
static size_t in_use(void)
{
	struct kmem_usage usage = { .size = sizeof(usage) };

	kmem_reclaim();
	MUST(kmem_usage(&usage) == 0);
	MUST(usage.live_objects == 0);
	MUST(kmem_errors() == 0);
	return usage.metadata_bytes + usage.slab_bytes;
}

enum { WELL = 0, NOT_WELL = 1, DID_NOT_COME = 50 };

/* In a process that has not used the library: a failure, and then none. */
static int once(const struct work *work, enum mode mode, int at)
{
	bool came, success = fails(work, mode, at, &came);

	if (!came)
		return DID_NOT_COME;
	in_use();
	MUST(runs_well(work));
	in_use();
	return success ? WELL : NOT_WELL;
}

/*
 * In one that has: failures that come again take no more memory than the first did. To the byte: debug builds tell. (All
 * runs are made from one place, for each stack is kept once.)
 */
static int again(const struct work *work, enum mode mode, int at)
{
	const char *plan = work->keeps ? "!!!m!!!m-" : "--!-!-m!!!-m";
	long taken = 0;
	size_t bytes = 0;

	for (const char *step = plan; *step; step++) {
		bool came;

		if (*step != 'm') {
			bool success = fails(work, mode, *step == '!' ? at : 0, &came);

			MUST(success || *step == '!');
			if (*step == '!' && !came)
				return DID_NOT_COME;
			continue;
		}
		if (bytes == 0) {
			bytes = in_use();
			taken = refuse_taken;
		} else if (in_use() > bytes + 4096 || refuse_taken > taken) {
			dprintf(ktest_diag_fd, "%ld bytes more of its own, %zd in all\n", refuse_taken - taken,
				(ssize_t)(in_use() - bytes));
			return 60;
		}
	}
	return WELL;
}

/* --- the sweep --------------------------------------------------------------------------------------------------- */

static int in_a_child(struct kunit *test, const struct work *work, enum mode mode, int at,
		      int (*what)(const struct work *, enum mode, int))
{
	int wstatus = 0;
	pid_t pid = fresh_process();

	if (pid == 0)
		_exit(what(work, mode, at));
	waitpid(pid, &wstatus, 0);
	if (!WIFEXITED(wstatus) || (WEXITSTATUS(wstatus) > NOT_WELL && WEXITSTATUS(wstatus) != DID_NOT_COME)) {
		ktest_fail(test, "%s, %s %d: ended with %x\n%s", work->name, mode_names[mode], at, wstatus, ktest_said());
		return test->failures > 5 ? DID_NOT_COME : NOT_WELL;
	}
	return WEXITSTATUS(wstatus);
}

static void sweep(struct kunit *test, int (*what)(const struct work *, enum mode, int))
{
	int tried[MODES] = { 0 }, seen[MODES] = { 0 };
	bool thorough = getenv("KMEM_THOROUGH");

	for (size_t i = 0; i < ARRAY_LEN(works); i++) {
		for (enum mode mode = 0; mode < MODES; mode++) {
			int at = 1, status = WELL;

			if (mode >= OBJECT && works[i].own_faults)
				continue;
			while (at < 5000 && (status = in_a_child(test, &works[i], mode, at, what)) != DID_NOT_COME) {
				seen[mode] += status == NOT_WELL;
				tried[mode]++;
				/* Reading symbols takes a thousand calls that are alike. */
				at += thorough ? 1 : 1 + at / 16;
			}
			KUNIT_EXPECT_LT(test, at, 5000);
		}
	}
	for (enum mode mode = 0; mode < MODES; mode++) {
		printf("# %s: %d failures, seen by %d\n", mode_names[mode], tried[mode], seen[mode]);
		/* In release builds nobody asks whether memory is to fail. */
		if (tried[mode] > 0 && what == once)
			KUNIT_EXPECT_GT(test, seen[mode], 0);
	}
	KUNIT_EXPECT_GT(test, tried[CALL], 100);
	KUNIT_EXPECT_GT(test, tried[OBJECT], 50);
}

static void g5_each_failure(struct kunit *test)
{
	sweep(test, once);
}

static void g5_no_failure_costs_memory(struct kunit *test)
{
	caches();
	if (refuse_counts == 0)
		kunit_skip(test, "only debug builds tell what they take for themselves");
	sweep(test, again);
}

/* --- is that all? ------------------------------------------------------------------------------------------------ */

/* Exported, and not called above. */
static const struct { const char *name, *why; } exceptions[] = {
	{ "kmem_bug", "does not return" },
	{ "kmem_panic", "does not return" },
	{ "kmem_inline_abi_1", "is a variable" },
};

static struct kunit *asker;
static int nr_exported;

static void check_export(const char *name)
{
	nr_exported++;
	for (int i = 0; i < MOST_NAMES && names[i]; i++)
		if (!strcmp(names[i], name))
			return;
	for (size_t i = 0; i < ARRAY_LEN(exceptions); i++)
		if (!strcmp(exceptions[i].name, name))
			return;
	ktest_fail(asker, "%s is exported: no piece of work calls it", name);
}

/* The names that a loaded object defines: as many as its hash table knows. */
static void check_object(const struct dl_phdr_info *info, const ElfW(Dyn) * dynamic)
{
	const ElfW(Sym) *symbols = NULL;
	const uint32_t *hash = NULL;
	const char *strings = NULL;
	uint32_t last = 0;

	for (; dynamic->d_tag != DT_NULL; dynamic++) {
		ElfW(Addr) at = dynamic->d_un.d_ptr < info->dlpi_addr ? dynamic->d_un.d_ptr + info->dlpi_addr : dynamic->d_un.d_ptr;

		if (dynamic->d_tag == DT_SYMTAB)
			symbols = (const ElfW(Sym) *)at;
		else if (dynamic->d_tag == DT_STRTAB)
			strings = (const char *)at;
		else if (dynamic->d_tag == DT_GNU_HASH)
			hash = (const uint32_t *)at;
	}
	KUNIT_ASSERT_TRUE(asker, symbols && strings && hash);
	const uint32_t *buckets = hash + 4 + hash[2] * sizeof(ElfW(Addr)) / 4, *chains = buckets + hash[0];

	for (uint32_t i = 0; i < hash[0]; i++)
		last = buckets[i] > last ? buckets[i] : last;
	while (!(chains[last - hash[1]] & 1))
		last++;
	for (uint32_t i = hash[1]; i <= last; i++)
		if (symbols[i].st_shndx != SHN_UNDEF)
			check_export(strings + symbols[i].st_name);
}

static int look_at_library(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	if (!strstr(info->dlpi_name, "libkmem"))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			check_object(info, (const ElfW(Dyn) *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr));
	return 1;
}

static void g5_every_exported_function_is_swept(struct kunit *test)
{
	asker = test;
	for (size_t i = 0; i < ARRAY_LEN(works); i++)
		if (!runs_well(&works[i]))
			ktest_fail(test, "%s: a call fails without cause", works[i].name);
	if (!dl_iterate_phdr(look_at_library, NULL))
		kunit_skip(test, "the library is part of the program");
	KUNIT_EXPECT_GT(test, nr_exported, 100);
}

KTEST_MAIN(
	KTEST(g5_every_exported_function_is_swept),
	KTEST(g5_each_failure, .seconds = 600),
	KTEST(g5_no_failure_costs_memory, .seconds = 600))
