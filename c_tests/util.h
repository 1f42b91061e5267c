/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What several tests need: slabinfo as text, the process's memory, a random sequence. */
#ifndef UTIL_H
#define UTIL_H

#include <fcntl.h>
#include <kmem.h>

#include "ktest.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* The text of slabinfo. */
static inline const char *slabinfo(void)
{
	static char text[4 << 20];
	int fd = memfd_create("slabinfo", 0);
	ssize_t n;

	if (kmem_slabinfo_write(fd) != 0)
		abort();
	n = pread(fd, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(fd);
	return text;
}

/* Whether a row of slabinfo begins with the text. */
static inline bool slabinfo_has(const char *prefix)
{
	for (const char *line = slabinfo(); line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, prefix, strlen(prefix)) == 0)
			return true;
	}
	return false;
}

/* Caches in slabinfo. */
static inline int slabinfo_rows(void)
{
	int lines = 0;

	for (const char *at = slabinfo(); (at = strchr(at, '\n')); at++)
		lines++;
	return lines ? lines - 2 : 0;
}

struct slabinfo_row {
	unsigned long active, objects, stride, per_slab, pages, slabs;
};

/* The row of a cache; all zeroes if there is none. */
static inline struct slabinfo_row slabinfo_row(const char *name)
{
	struct slabinfo_row row = { 0, 0, 0, 0, 0, 0 };

	for (const char *line = slabinfo(); line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ' ') {
			sscanf(line + strlen(name),
			       "%lu %lu %lu %lu %lu : tunables %*d %*d %*d : slabdata %lu", &row.active,
			       &row.objects, &row.stride, &row.per_slab, &row.pages, &row.slabs);
			break;
		}
	}
	return row;
}

/* A line of a file in /proc that begins with a word, as KiB; -1 if there is none. */
static inline long proc_kib(const char *path, const char *word)
{
	char line[256];
	long kib = -1;
	FILE *in = fopen(path, "r");

	while (in && fgets(line, sizeof(line), in)) {
		if (strncmp(line, word, strlen(word)) == 0) {
			kib = atol(line + strlen(word));
			break;
		}
	}
	if (in)
		fclose(in);
	return kib;
}

/* Private memory that this process has written to, in KiB. A system that does not say has the case skipped. */
static inline long private_dirty_kib(void)
{
	long kib = proc_kib("/proc/self/smaps_rollup", "Private_Dirty:");

	if (kib < 0)
		ktest_skip("no /proc/self/smaps_rollup");
	return kib;
}

/* How much a test of chance does: KMEM_STRESS, or what it does otherwise. */
static inline long stress(long otherwise)
{
	const char *given = getenv("KMEM_STRESS");

	return given ? atol(given) : otherwise;
}

/* Allocates objects and writes to all of them. */
static inline void fill_objects(struct kunit *test, struct kmem_cache *cache, void **objects, int n, size_t size)
{
	for (int i = 0; i < n; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, objects[i]);
		memset(objects[i], 1, size);
	}
}

/* A random sequence: xorshift64. The state must not be 0. */
static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif /* UTIL_H */
