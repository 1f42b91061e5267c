// SPDX-License-Identifier: MIT OR Apache-2.0
/* place.c - where the driver runs and keeps its own data: CPUs, pages, resident memory */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

void fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(1);
}

/* The CPUs that the process was started with; read before anything is pinned. */
static const cpu_set_t *allowed(void)
{
	static cpu_set_t set;

	if (!CPU_COUNT(&set) && sched_getaffinity(0, sizeof(set), &set))
		fail("sched_getaffinity failed");
	return &set;
}

unsigned int cpus(void)
{
	return (unsigned int)CPU_COUNT(allowed());
}

/* From the last CPU down: the first one serves most interrupts. */
void pin(unsigned int nth)
{
	unsigned int left = nth % cpus();
	cpu_set_t one;

	for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--) {
		if (!CPU_ISSET(cpu, allowed()) || left--)
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (sched_setaffinity(0, sizeof(one), &one))
			fail("sched_setaffinity failed");
		return;
	}
}

void *pages(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (p == MAP_FAILED)
		fail("out of memory");
	return p;
}

uint32_t *shuffled(uint32_t n, uint32_t seed)
{
	uint32_t *index = pages(n * sizeof(*index));
	struct rng rng = { seed };

	for (uint32_t i = 0; i < n; i++) {
		uint32_t j = below(&rng, i + 1);

		index[i] = index[j];
		index[j] = i;
	}
	return index;
}

/*
 * Not statm: since Linux 6.2 it may lag behind by some pages per CPU. File pages are left out because how much of a
 * library's code happens to be resident is not the allocator's doing.
 */
double resident(void)
{
	static char text[8192];
	int fd = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	double sum = 0;
	unsigned long kib;
	const char *at;

	if (n <= 0)
		fail("cannot read /proc/self/smaps_rollup");
	close(fd);
	text[n] = 0;
	at = strstr(text, "Pss_Anon:");
	if (at && sscanf(at, "Pss_Anon: %lu", &kib) == 1)
		sum += (double)kib;
	at = strstr(text, "Pss_Shmem:");
	if (at && sscanf(at, "Pss_Shmem: %lu", &kib) == 1)
		sum += (double)kib;
	return sum * 1024;
}
