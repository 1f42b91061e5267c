/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * misuse.h - one mistake per case, and all that is said about it
 *
 * Each mistake is made three times, in a process of its own each time: with the check that finds it (the report is
 * compared character by character), without that check (nothing is said), and with kmem.panic_on_bug=1 (the
 * process ends with SIGABRT at the first report).
 *
 *	static void *act(struct kmem_cache *cache) { ... return an object of the slab that is reported; }
 *	MISUSE_MAIN({ .name = "overrun", .size = 64, .on = FZP, .off = ZP, .act = act, .text = "..." })
 *
 * In texts an address inside the slab is <its offset in the slab>, the slab's record <slab>, NULL <null>, any other
 * <else>; a WARN block is the line WARN, a track the word Allocated or Freed.
 */
#ifndef MISUSE_H
#define MISUSE_H

#include <kmem.h>

#include "ktest.h"

#define F SLAB_CONSISTENCY_CHECKS
#define Z SLAB_RED_ZONE
#define P SLAB_POISON
#define U SLAB_STORE_USER

/* For .off: the check cannot be switched off. */
#define NEVER_OFF (~0UL)

struct misuse {
	const char *name;
	unsigned int size, align;
	unsigned long on, off; /* flags of the cache with and without the check */
	void (*ctor)(void *);
	void *(*act)(struct kmem_cache *cache);
	const char *text;
	bool harmless; /* what is said is no report: the third run is left out */
};

/* The parts of a report. */
#define BANNER(text)                                                                     \
	"=============================================================================\n" \
	"BUG test (Not tainted): " text "\n"                                              \
	"-----------------------------------------------------------------------------\n\n"
#define BANNER_AGAIN(text)                                                               \
	"=============================================================================\n" \
	"BUG test (Tainted: G    B): " text "\n"                                          \
	"-----------------------------------------------------------------------------\n\n"
#define SLAB(objects, used, fp) "Slab <slab> objects=" #objects " used=" #used " fp=<" #fp "> flags=0x200(slab)\n"
#define OBJECT(at, fp) "Object <" #at "> @offset=" #at " fp=<" #fp ">\n\n"
#define FIX(text) "FIX test: " text "\n"
#define NOT_FREED(at) FIX("Object at <" #at "> not freed")

static inline void misuse_append(char *to, size_t room, const char *text, size_t len)
{
	size_t used = strlen(to);

	if (used + len + 1 < room) {
		memcpy(to + used, text, len);
		to[used + len] = '\0';
	}
}

/* Whether sixteen hexadecimal digits stand here, and no seventeenth. */
static inline bool misuse_is_address(const char *at)
{
	return strspn(at, "0123456789abcdef") == 16;
}

/* What the case has said, its addresses made comparable. */
static inline const char *misuse_said(const void *object, size_t slab_bytes)
{
	static char text[1 << 18];
	uintptr_t base = (uintptr_t)object & ~(uintptr_t)(slab_bytes - 1);
	const char *at = ktest_said();
	char name[32];

	text[0] = '\0';
	while (*at) {
		if (strncmp(at, "------------[ cut here ]", 24) == 0) {
			const char *end = strstr(at, "---[ end trace");

			at = end ? strchr(end, '\n') + 1 : at + strlen(at);
			misuse_append(text, sizeof(text), "WARN\n", 5);
			continue;
		}
		if (strncmp(at, "CPU: ", 5) == 0) {
			const char *end = strstr(at, "</TASK>\n");

			at = end ? end + 8 : at + strlen(at);
			continue;
		}
		if (strncmp(at, "Allocated in ", 13) == 0 || strncmp(at, "Freed in ", 9) == 0) {
			misuse_append(text, sizeof(text), at, strcspn(at, " "));
			misuse_append(text, sizeof(text), "\n", 1);
			/* The line itself and its stack. */
			do
				at = strchr(at, '\n') + 1;
			while (*at == ' ');
			continue;
		}
		if (misuse_is_address(at + (strncmp(at, "0x", 2) == 0 ? 2 : 0))) {
			const char *digits = at + (strncmp(at, "0x", 2) == 0 ? 2 : 0);
			uintptr_t value = strtoull(digits, NULL, 16);

			if (strlen(text) >= 5 && strcmp(text + strlen(text) - 5, "Slab ") == 0)
				snprintf(name, sizeof(name), "<slab>");
			else if (value - base < slab_bytes)
				snprintf(name, sizeof(name), "<%lu>", (unsigned long)(value - base));
			else
				snprintf(name, sizeof(name), value ? "<else>" : "<null>");
			misuse_append(text, sizeof(text), name, strlen(name));
			at = digits + 16;
			continue;
		}
		misuse_append(text, sizeof(text), at, 1);
		at++;
	}
	return text;
}

static const struct misuse *misuse_list;
static size_t misuse_count;

static inline const struct misuse *misuse_find(const char *name)
{
	size_t len = strcspn(name, ":");

	for (size_t i = 0; i < misuse_count; i++)
		if (strlen(misuse_list[i].name) == len && strncmp(misuse_list[i].name, name, len) == 0)
			return &misuse_list[i];
	abort();
}

static inline void *misuse_do(struct kunit *test, const struct misuse *m, unsigned long flags)
{
	struct kmem_cache *cache = kmem_cache_create("test", m->size, m->align, flags | SLAB_NO_MERGE, m->ctor);
	void *object;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	object = m->act(cache);
	KUNIT_ASSERT_NOT_NULL(test, object);
	return object;
}

static inline void misuse_found(struct kunit *test)
{
	const struct misuse *m = misuse_find(test->name);
	void *object = misuse_do(test, m, m->on);
	/* Objects of up to a page are in slabs of a page here (see the command line), larger ones in slabs of eight. */
	const char *said = misuse_said(object, m->size > 2048 ? 32768 : 4096);

	if (strcmp(said, m->text) != 0)
		ktest_fail(test, "said:\n%sbut should have:\n%s", said, m->text);
}

static inline void misuse_unchecked(struct kunit *test)
{
	const struct misuse *m = misuse_find(test->name);

	misuse_do(test, m, m->off);
	KTEST_EXPECT_SILENT(test);
}

static inline void misuse_stops(struct kunit *test)
{
	const struct misuse *m = misuse_find(test->name);

	misuse_do(test, m, m->on);
}

static inline int misuse_main(int argc, char **argv)
{
	int number = 0, failed = 0;

	printf("1..%d\n", (int)(3 * misuse_count));
	for (size_t i = 0; i < misuse_count; i++) {
		const struct misuse *m = &misuse_list[i];
		char unchecked[200], stops[200];
		struct ktest_case cases[] = {
			{ .name = m->name, .run = misuse_found, .cmdline = "kmem.cpus=1 slab_max_order=0" },
			{ .name = unchecked, .run = misuse_unchecked, .cmdline = "kmem.cpus=1 slab_max_order=0" },
			{ .name = stops, .run = misuse_stops, .signal = SIGABRT,
			  .cmdline = "kmem.cpus=1 slab_max_order=0 kmem.panic_on_bug=1" },
		};

		snprintf(unchecked, sizeof(unchecked), "%s: unchecked", m->name);
		snprintf(stops, sizeof(stops), "%s: stops", m->name);
		for (size_t c = 0; c < 3; c++) {
			number++;
			if (c == 1 && m->off == NEVER_OFF)
				printf("ok %d - %s # SKIP always checked\n", number, cases[c].name);
			else if (c == 2 && m->harmless)
				printf("ok %d - %s # SKIP no report\n", number, cases[c].name);
			else if (argc > 1 && strcmp(argv[1], m->name) != 0)
				printf("ok %d - %s # SKIP not asked for\n", number, cases[c].name);
			else if (!ktest_run(&cases[c], number))
				failed++;
		}
	}
	return failed ? 1 : 0;
}

/* The program: makes the mistakes whose names are given, or all. */
#define MISUSE_MAIN(...)                                                      \
	int main(int argc, char **argv)                                       \
	{                                                                     \
		static const struct misuse list[] = { __VA_ARGS__ };          \
                                                                              \
		misuse_list = list;                                           \
		misuse_count = sizeof(list) / sizeof(list[0]);                \
		return misuse_main(argc, argv);                               \
	}

#endif /* MISUSE_H */
