// SPDX-License-Identifier: MIT OR Apache-2.0
/* mutexlist.c - a mutex around a free list */
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "bench.h"

struct pool {
	pthread_mutex_t lock;
	void *free;
	size_t size;
};

void *pool_alloc(struct pool *pool)
{
	void *object;

	pthread_mutex_lock(&pool->lock);
	object = pool->free;
	if (object)
		pool->free = *(void **)object;
	pthread_mutex_unlock(&pool->lock);
	return object ? object : malloc(pool->size);
}

void pool_free(struct pool *pool, void *object)
{
	pthread_mutex_lock(&pool->lock);
	*(void **)object = pool->free;
	pool->free = object;
	pthread_mutex_unlock(&pool->lock);
}

const char *bench_start(void)
{
	return NULL;
}

const char *bench_version(void)
{
	return "over glibc";
}

void *bench_entry(void)
{
	return (void *)(uintptr_t)pool_alloc;
}

bool bench_create(bench_t *pool, size_t size, bench_ctor_t ctor, size_t most)
{
	(void)ctor, (void)most;
	*pool = calloc(1, sizeof(**pool));
	if (!*pool)
		return false;
	pthread_mutex_init(&(*pool)->lock, NULL);
	(*pool)->size = size;
	return true;
}

void bench_reclaim(bench_t pool)
{
	void *object, *next;

	pthread_mutex_lock(&pool->lock);
	object = pool->free;
	pool->free = NULL;
	pthread_mutex_unlock(&pool->lock);
	for (; object; object = next) {
		next = *(void **)object;
		free(object);
	}
	malloc_trim(0);
}

void bench_destroy(bench_t pool)
{
	bench_reclaim(pool);
	free(pool);
}

void bench_thread_start(void)
{
}

void bench_thread_stop(void)
{
}
