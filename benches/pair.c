// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * pair - one object allocated and freed, and batches of 1000, beside malloc
 *
 * Rounds of libkmem and malloc alternate, so that whatever else the machine does hits both; what counts is the
 * ratio of the medians.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <kmem.h>

enum { ROUNDS = 15, OBJECTS = 1000, REPEAT = 300 };

static struct kmem_cache *cache;
static size_t size;
static void *batch[OBJECTS];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Keeps the compiler from dropping an allocation. */
static void use(void *object)
{
	__asm__ volatile("" : : "r"(object) : "memory");
}

static void kmem_pair(void)
{
	for (int i = 0; i < OBJECTS; i++) {
		void *object = kmem_cache_alloc(cache, GFP_KERNEL);

		use(object);
		kmem_cache_free(cache, object);
	}
}

static void malloc_pair(void)
{
	for (int i = 0; i < OBJECTS; i++) {
		void *object = malloc(size);

		use(object);
		free(object);
	}
}

static void kmem_batch(void)
{
	for (int i = 0; i < OBJECTS; i++)
		use(batch[i] = kmem_cache_alloc(cache, GFP_KERNEL));
	for (int i = 0; i < OBJECTS; i++)
		kmem_cache_free(cache, batch[i]);
}

static void malloc_batch(void)
{
	for (int i = 0; i < OBJECTS; i++)
		use(batch[i] = malloc(size));
	for (int i = 0; i < OBJECTS; i++)
		free(batch[i]);
}

static void kmem_bulk(void)
{
	kmem_cache_alloc_bulk(cache, GFP_KERNEL, OBJECTS, batch);
	kmem_cache_free_bulk(cache, OBJECTS, batch);
}

static double timed(void (*work)(void))
{
	double start = now();

	for (int i = 0; i < REPEAT; i++)
		work();
	return (now() - start) / REPEAT / OBJECTS;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void compare(const char *name, void (*ours)(void), void (*theirs)(void))
{
	double a[ROUNDS], b[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		a[i] = timed(ours);
		b[i] = timed(theirs);
	}
	qsort(a, ROUNDS, sizeof(double), ascending);
	qsort(b, ROUNDS, sizeof(double), ascending);
	printf("| %-6s | %4zu | %7.1f | %7.1f | %5.2f |\n", name, size, a[ROUNDS / 2], b[ROUNDS / 2],
	       a[ROUNDS / 2] / b[ROUNDS / 2]);
}

int main(void)
{
	static const size_t sizes[] = { 16, 64, 256, 1024, 4096 };

	printf("| work   | size | libkmem | malloc  | ratio |   ns per object, median of %d rounds\n", ROUNDS);
	printf("|--------|------|---------|---------|-------|\n");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size = sizes[i];
		cache = kmem_cache_create("bench", size, 0, SLAB_NO_MERGE, NULL);
		if (!cache)
			return 1;
		compare("pair", kmem_pair, malloc_pair);
		compare("batch", kmem_batch, malloc_batch);
		compare("bulk", kmem_bulk, malloc_batch);
		kmem_cache_destroy(cache);
	}
	return 0;
}
