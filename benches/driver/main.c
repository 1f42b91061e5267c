// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * main.c - one measurement of one allocator
 *
 *   bench-NAME WORKLOAD [size=BYTES] [count=N] [threads=N] [order=lifo|fifo|shuffled] [ms=T] [samples=N] [fixed=N]
 *   bench-NAME version
 *
 * Prints "key value" lines. Exit status 0; 1 after a failure, with the reason on standard error; 77 and the reason
 * when this allocator cannot do that workload.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

struct options opt = { .size = 64, .count = 1000, .threads = 1, .order = "lifo", .ms = 10, .samples = 5 };

static const struct {
	const char *name;
	void (*run)(void);
} works[] = {
	{ "hot", work_hot },	     { "batch", work_batch },	{ "replace", work_replace },
	{ "handover", work_handover }, { "built", work_built },	{ "bulk", work_bulk },
	{ "memory", work_memory },   { "decay", work_decay },	{ "idle", work_idle },
	{ "tail", work_tail },	     { "caches", work_caches },	{ "mixed", work_mixed },
	{ "constant", work_constant },
};

static bool value(const char *arg, const char *key, const char **text)
{
	size_t n = strlen(key);

	if (strncmp(arg, key, n) || arg[n] != '=')
		return false;
	*text = arg + n + 1;
	return true;
}

static void parse(const char *arg)
{
	const char *text;

	if (value(arg, "size", &text))
		opt.size = strtoul(text, NULL, 10);
	else if (value(arg, "count", &text))
		opt.count = strtoul(text, NULL, 10);
	else if (value(arg, "threads", &text))
		opt.threads = (unsigned int)strtoul(text, NULL, 10);
	else if (value(arg, "order", &text))
		opt.order = text;
	else if (value(arg, "ms", &text))
		opt.ms = strtod(text, NULL);
	else if (value(arg, "samples", &text))
		opt.samples = (unsigned int)strtoul(text, NULL, 10);
	else if (value(arg, "fixed", &text))
		opt.fixed = strtoul(text, NULL, 10);
	else
		fail("unknown option");
	if (!opt.size || !opt.count || !opt.threads || !opt.samples || opt.samples > SAMPLES_MOST)
		fail("option out of range");
}

static void version(void)
{
	Dl_info info;

	printf("version %s\n", bench_version());
	if (dladdr(bench_entry(), &info) && info.dli_fname)
		printf("from %s\n", info.dli_fname);
}

int main(int argc, char **argv)
{
	const char *why;

	if (argc < 2)
		fail("usage: bench-NAME WORKLOAD [key=value ...]");
	for (int i = 2; i < argc; i++)
		parse(argv[i]);
	cpus();
	why = bench_start();
	if (why) {
		fprintf(stderr, "%s\n", why);
		return 77;
	}
	if (!strcmp(argv[1], "version")) {
		version();
		return 0;
	}
	pin(0);
	for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++) {
		if (!strcmp(argv[1], works[i].name)) {
			works[i].run();
			return 0;
		}
	}
	fail("unknown workload");
}
