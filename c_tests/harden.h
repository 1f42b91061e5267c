/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the tests of hardened caches share: a cache, its figures, what a report says without the bytes. */
#ifndef HARDEN_H
#define HARDEN_H

#include "ktest.h"
#include "misuse.h"
#include "util.h"
#include "edges.h"

/* A slab of 64 objects of 64 bytes. */
#define ONE_SLAB " kmem.cpus=1 slab_max_order=0"

static inline struct kmem_cache *test_cache(size_t size, unsigned long flags)
{
	return kmem_cache_create("test", size, 0, flags | SLAB_NO_MERGE, NULL);
}

static inline struct kmem_cache_usage usage_of(struct kunit *test, struct kmem_cache *cache)
{
	struct kmem_cache_usage usage = { .size = sizeof(usage) };

	KUNIT_EXPECT_EQ(test, kmem_cache_usage(cache, &usage), 0);
	KUNIT_EXPECT_EQ(test, usage.live_objects + usage.parked_objects + usage.free_objects, usage.total_objects);
	return usage;
}

/* What was said since the last look, but for the bytes of objects. */
static inline const char *said_about(const void *object)
{
	static char text[1 << 16];
	const char *line = misuse_said(object, 4096);

	text[0] = '\0';
	while (*line) {
		size_t len = strcspn(line, "\n") + 1;

		if (strncmp(line, "Object   ", 9) && strncmp(line, "Bytes b4 ", 9) && strncmp(line, "Padding  ", 9) &&
		    strncmp(line, "Redzone  ", 9))
			misuse_append(text, sizeof(text), line, len);
		line += len;
	}
	ktest_hush();
	return text;
}

#define EXPECT_REPORT(test, object, text)                                                   \
	do {                                                                                \
		const char *said_ = said_about(object);                                     \
		if (strcmp(said_, text) != 0)                                               \
			ktest_fail(test, "%s:%d: said:\n%s", __FILE__, __LINE__, said_);    \
	} while (0)

#endif /* HARDEN_H */
