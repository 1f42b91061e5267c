/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* mempool.h - memory pools under the kernel's names. The functions are documented in kmem.h. */
#ifndef KMEM_MEMPOOL_H
#define KMEM_MEMPOOL_H

#include "../kmem.h"

typedef struct mempool_s mempool_t;

#ifdef __cplusplus
extern "C" {
#endif

#ifndef KMEM_IS
#if defined(__GNUC__)
#define KMEM_IS(name) __asm__(#name)
#else
#define KMEM_IS(name)
#endif
#endif
#if !defined(__GNUC__)
#define mempool_exit kmem_mempool_exit
#define mempool_destroy kmem_mempool_destroy
#define mempool_resize kmem_mempool_resize
#define mempool_alloc kmem_mempool_alloc
#define mempool_alloc_preallocated kmem_mempool_alloc_preallocated
#define mempool_free kmem_mempool_free
#define mempool_alloc_slab kmem_mempool_alloc_slab
#define mempool_free_slab kmem_mempool_free_slab
#define mempool_kmalloc kmem_mempool_kmalloc
#define mempool_kfree kmem_mempool_kfree
#define mempool_kvmalloc kmem_mempool_kvmalloc
#define mempool_kvfree kmem_mempool_kvfree
#define mempool_alloc_pages kmem_mempool_alloc_pages
#define mempool_free_pages kmem_mempool_free_pages
#endif

void mempool_exit(mempool_t *pool) KMEM_IS(kmem_mempool_exit);
void mempool_destroy(mempool_t *pool) KMEM_IS(kmem_mempool_destroy);
int mempool_resize(mempool_t *pool, int min_nr) KMEM_IS(kmem_mempool_resize);
void *mempool_alloc(mempool_t *pool, gfp_t flags) KMEM_IS(kmem_mempool_alloc);
void *mempool_alloc_preallocated(mempool_t *pool) KMEM_IS(kmem_mempool_alloc_preallocated);
void mempool_free(void *element, mempool_t *pool) KMEM_IS(kmem_mempool_free);

void *mempool_alloc_slab(gfp_t flags, void *pool_data) KMEM_IS(kmem_mempool_alloc_slab);
void mempool_free_slab(void *element, void *pool_data) KMEM_IS(kmem_mempool_free_slab);
void *mempool_kmalloc(gfp_t flags, void *pool_data) KMEM_IS(kmem_mempool_kmalloc);
void mempool_kfree(void *element, void *pool_data) KMEM_IS(kmem_mempool_kfree);
void *mempool_kvmalloc(gfp_t flags, void *pool_data) KMEM_IS(kmem_mempool_kvmalloc);
void mempool_kvfree(void *element, void *pool_data) KMEM_IS(kmem_mempool_kvfree);
void *mempool_alloc_pages(gfp_t flags, void *pool_data) KMEM_IS(kmem_mempool_alloc_pages);
void mempool_free_pages(void *element, void *pool_data) KMEM_IS(kmem_mempool_free_pages);

static inline int mempool_init(mempool_t *pool, int min_nr, mempool_alloc_t alloc_fn, mempool_free_t free_fn,
			       void *pool_data)
{
	return kmem_mempool_init(pool, min_nr, alloc_fn, free_fn, pool_data, (gfp_t)0xcc0U);
}

static inline int mempool_init_node(mempool_t *pool, int min_nr, mempool_alloc_t alloc_fn, mempool_free_t free_fn,
				    void *pool_data, gfp_t flags, int node)
{
	(void)node;
	return kmem_mempool_init(pool, min_nr, alloc_fn, free_fn, pool_data, flags);
}

static inline mempool_t *mempool_create(int min_nr, mempool_alloc_t alloc_fn, mempool_free_t free_fn, void *pool_data)
{
	return kmem_mempool_create(min_nr, alloc_fn, free_fn, pool_data, (gfp_t)0xcc0U);
}

static inline mempool_t *mempool_create_node(int min_nr, mempool_alloc_t alloc_fn, mempool_free_t free_fn,
					     void *pool_data, gfp_t flags, int node)
{
	(void)node;
	return kmem_mempool_create(min_nr, alloc_fn, free_fn, pool_data, flags);
}

static inline bool mempool_initialized(mempool_t *pool)
{
	return pool->elements != NULL;
}

static inline bool mempool_is_saturated(mempool_t *pool)
{
	return pool->curr_nr >= pool->min_nr;
}

static inline int mempool_init_slab_pool(mempool_t *pool, int min_nr, struct kmem_cache *cache)
{
	return mempool_init(pool, min_nr, mempool_alloc_slab, mempool_free_slab, (void *)cache);
}

static inline mempool_t *mempool_create_slab_pool(int min_nr, struct kmem_cache *cache)
{
	return mempool_create(min_nr, mempool_alloc_slab, mempool_free_slab, (void *)cache);
}

static inline int mempool_init_kmalloc_pool(mempool_t *pool, int min_nr, size_t size)
{
	return mempool_init(pool, min_nr, mempool_kmalloc, mempool_kfree, (void *)size);
}

static inline mempool_t *mempool_create_kmalloc_pool(int min_nr, size_t size)
{
	return mempool_create(min_nr, mempool_kmalloc, mempool_kfree, (void *)size);
}

static inline int mempool_init_kvmalloc_pool(mempool_t *pool, int min_nr, size_t size)
{
	return mempool_init(pool, min_nr, mempool_kvmalloc, mempool_kvfree, (void *)size);
}

static inline mempool_t *mempool_create_kvmalloc_pool(int min_nr, size_t size)
{
	return mempool_create(min_nr, mempool_kvmalloc, mempool_kvfree, (void *)size);
}

static inline int mempool_init_page_pool(mempool_t *pool, int min_nr, int order)
{
	return mempool_init(pool, min_nr, mempool_alloc_pages, mempool_free_pages, (void *)(long)order);
}

static inline mempool_t *mempool_create_page_pool(int min_nr, int order)
{
	return mempool_create(min_nr, mempool_alloc_pages, mempool_free_pages, (void *)(long)order);
}

#ifdef __cplusplus
}
#endif

#define mempool_alloc_noprof mempool_alloc
#define mempool_init_noprof mempool_init
#define mempool_create_node_noprof mempool_create_node

#endif /* KMEM_MEMPOOL_H */
