// SPDX-License-Identifier: MIT OR Apache-2.0
/* caches.c - very many caches: time to create and destroy one, and what it keeps resident */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

void work_caches(void)
{
#ifdef BENCH_CACHES
	unsigned long n = opt.count;
	bench_t *type = pages(n * sizeof(*type));
	void **object = pages(n * sizeof(*object));
	double start, empty;

	/* What the first cache of a process brings with it is not the price of one more. */
	bench_destroy(create(opt.size, NULL, 1));
	resident();
	empty = resident();
	start = now_ns();
	for (unsigned long i = 0; i < n; i++)
		type[i] = create(opt.size, NULL, 1);
	report("create_us", (now_ns() - start) / 1e3 / (double)n);
	report("empty", (resident() - empty) / (double)n);
	for (unsigned long i = 0; i < n; i++)
		touch(object[i] = bench_alloc(type[i]));
	report("with_one", (resident() - empty) / (double)n);
	for (unsigned long i = 0; i < n; i++)
		bench_free(type[i], object[i]);
	start = now_ns();
	for (unsigned long i = 0; i < n; i++)
		bench_destroy(type[i]);
	report("destroy_us", (now_ns() - start) / 1e3 / (double)n);
	report("destroyed", resident() - empty);
#else
	fprintf(stderr, "has no caches to create\n");
	_Exit(77);
#endif
}
