// SPDX-License-Identifier: MIT OR Apache-2.0
/* dpdk.c - DPDK's mempool, in-process, without huge pages or devices */
#include <fcntl.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_version.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

const char *bench_start(void)
{
	static char *argv[] = { "bench", "--no-huge", "--no-pci", "--no-shconf", "--no-telemetry", "-m", "1536",
				"--log-level=error", NULL };
	cpu_set_t was;
	int out = dup(1), err;

	/* It talks on standard output, and pins the thread. */
	sched_getaffinity(0, sizeof(was), &was);
	dup2(2, 1);
	err = rte_eal_init(sizeof(argv) / sizeof(argv[0]) - 1, argv);
	dup2(out, 1);
	close(out);
	sched_setaffinity(0, sizeof(was), &was);
	return err < 0 ? "rte_eal_init failed" : NULL;
}

const char *bench_version(void)
{
	return rte_version();
}

void *bench_entry(void)
{
	return (void *)(uintptr_t)rte_mempool_create;
}

static bench_ctor_t the_ctor;

static void construct(struct rte_mempool *pool, void *data, void *object, unsigned int n)
{
	(void)pool, (void)data, (void)n;
	the_ctor(object);
}

/* Caches of 512 objects per thread, and so many more in the pool that no thread runs dry. */
bool bench_create(bench_t *pool, size_t size, bench_ctor_t ctor, size_t most)
{
	enum { CACHE = RTE_MEMPOOL_CACHE_MAX_SIZE };
	unsigned int n = (unsigned int)most + (opt.threads + 2) * 2 * CACHE;

	the_ctor = ctor;
	*pool = rte_mempool_create("bench", n, (unsigned int)size, CACHE, 0, NULL, NULL, ctor ? construct : NULL,
				   NULL, SOCKET_ID_ANY, 0);
	if (!*pool)
		fprintf(stderr, "%s\n", rte_strerror(rte_errno));
	return *pool;
}

void bench_destroy(bench_t pool)
{
	rte_mempool_free(pool);
}

void bench_reclaim(bench_t pool)
{
	(void)pool;
}

/* Only registered threads have a cache. */
void bench_thread_start(void)
{
	if (rte_thread_register())
		fail("rte_thread_register failed");
}

void bench_thread_stop(void)
{
	rte_thread_unregister();
}
