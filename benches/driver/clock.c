// SPDX-License-Identifier: MIT OR Apache-2.0
/* clock.c - time, samples and their median */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench.h"

double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* What the process has had of the CPUs, system calls included: not the time that other tasks took. */
static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

void sleep_ms(double ms)
{
	struct timespec t = { (time_t)(ms / 1e3), (long)((ms - (double)(time_t)(ms / 1e3) * 1e3) * 1e6) };

	while (nanosleep(&t, &t))
		;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double median(double *values, unsigned int n)
{
	qsort(values, n, sizeof(*values), ascending);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

void report(const char *key, double value)
{
	printf("%s %.6g\n", key, value);
}

void time_pairs(void (*work)(void *state, unsigned long pairs), void *state, unsigned long unit)
{
	double value[SAMPLES_MOST], start, took;
	unsigned long pairs = unit;

	if (opt.fixed) {
		work(state, (opt.fixed + unit - 1) / unit * unit);
		return;
	}
	/* How many pairs fill a sample; the last of these runs is also the warm-up. */
	for (;;) {
		start = cpu_ns();
		work(state, pairs);
		took = cpu_ns() - start;
		if (took >= opt.ms * 1e6 / 2)
			break;
		pairs *= 2;
	}
	pairs = (unsigned long)((double)pairs * opt.ms * 1e6 / took) / unit * unit;
	if (!pairs)
		pairs = unit;
	work(state, unit);
	for (unsigned int i = 0; i < opt.samples; i++) {
		start = cpu_ns();
		work(state, pairs);
		value[i] = (cpu_ns() - start) / (double)pairs;
	}
	report("ns", median(value, opt.samples));
	report("least", value[0]);
}

static unsigned long total(_Atomic unsigned long *const *done, unsigned int n)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < n; i++)
		sum += atomic_load_explicit(done[i], memory_order_relaxed);
	return sum;
}

void time_threads(_Atomic unsigned long *const *done, unsigned int n, double factor)
{
	double value[SAMPLES_MOST];

	for (unsigned int i = 0; i < n; i++)
		while (!atomic_load(done[i]))
			sleep_ms(1);
	sleep_ms(opt.ms);
	for (unsigned int i = 0; i < opt.samples; i++) {
		double start = now_ns();
		unsigned long before = total(done, n);

		do
			sleep_ms(opt.ms);
		while (total(done, n) == before);
		value[i] = (now_ns() - start) * factor / (double)(total(done, n) - before);
	}
	report("ns", median(value, opt.samples));
	report("least", value[0]);
}
