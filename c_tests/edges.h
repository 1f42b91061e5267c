/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the tests of edges share: texts to expect, bytes to compare, CPUs to run on. */
#ifndef EDGES_H
#define EDGES_H

#include <sched.h>

static inline const char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A formatted text, valid until the next call. */
static inline const char *text_of(const char *format, ...)
{
	static char text[4096];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return text;
}

/* Whether all bytes have the value; reads memory that is free. */
static inline bool all_bytes(const void *at, size_t len, unsigned char value)
{
	const volatile unsigned char *byte = at;

	for (size_t i = 0; i < len; i++)
		if (byte[i] != value)
			return false;
	return true;
}

/* Confines the process to so many CPUs, the lowest ones; skips the case if there are fewer. */
static inline int confine(struct kunit *test, int cpus)
{
	cpu_set_t may, set;
	int first = -1;

	CPU_ZERO(&set);
	KUNIT_ASSERT_TRUE(test, sched_getaffinity(0, sizeof(may), &may) == 0);
	for (int cpu = 0; cpu < CPU_SETSIZE && cpus > 0; cpu++) {
		if (!CPU_ISSET(cpu, &may))
			continue;
		first = first < 0 ? cpu : first;
		CPU_SET(cpu, &set);
		cpus--;
	}
	if (cpus > 0)
		kunit_skip(test, "not enough CPUs");
	KUNIT_ASSERT_TRUE(test, sched_setaffinity(0, sizeof(set), &set) == 0);
	return first;
}

#endif /* EDGES_H */
