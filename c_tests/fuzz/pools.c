// SPDX-License-Identifier: MIT OR Apache-2.0
/* Operations: pools with a reserve. */
#include <errno.h>

#include "fuzz.h"

struct pool pools[MAX_POOLS];

static struct pool *pool_pick(unsigned int number)
{
	for (unsigned int i = 0; i < MAX_POOLS; i++)
		if (pools[(number + i) % MAX_POOLS].pool)
			return &pools[(number + i) % MAX_POOLS];
	return NULL;
}

bool any_pool(void)
{
	return pool_pick(0) != NULL;
}

/* Objects of a cache that the model does not see: in reserves, or on loan. */
unsigned long reserved_by(const struct cache *c)
{
	unsigned long n = 0;

	for (unsigned int i = 0; i < MAX_POOLS; i++)
		if (pools[i].pool && pools[i].cache == c)
			n += (unsigned long)pools[i].pool->curr_nr;
	for (unsigned int i = 0; i < n_live; i++)
		n += live[i]->kind == POOLED && live[i]->cache == c;
	return n;
}

/* Pools in memory of the program's own. */
static struct mempool_s places[MAX_POOLS];

static void make_pool(struct pool *p, bool embedded, int reserve, mempool_alloc_t get, mempool_free_t put, void *data)
{
	struct mempool_s *place = &places[p - pools];

	if (embedded) {
		memset(place, 0xa5, sizeof(*place));
		p->embedded = true;
		p->pool = kmem_mempool_init(place, reserve, get, put, data, GFP_KERNEL) == 0 ? place : NULL;
		if (!p->pool)
			kmem_mempool_exit(memset(place, 0, sizeof(*place)));
	} else {
		p->pool = kmem_mempool_create(reserve, get, put, data, GFP_KERNEL);
	}
}

OPERATION(op_pool_create)
{
	struct pool *p = pools;
	struct cache *c = cache_pick(o.b);
	int reserve = o.c % 16;
	bool embedded = o.c & 128;
	size_t size = size_of(o.a, 0);

	while (p < pools + MAX_POOLS && p->pool)
		p++;
	if (p == pools + MAX_POOLS || bytes_live > MAX_BYTES / 2)
		return;
	*p = (struct pool){ .size = size, .align = 8 };
	if (c && o.b & 128 && c->size <= 65536) {
		*p = (struct pool){ .size = c->size, .align = c->align, .cache = c };
		make_pool(p, embedded, reserve, kmem_mempool_alloc_slab, kmem_mempool_free_slab, c->handle);
	} else if (o.b & 64) {
		make_pool(p, embedded, reserve, kmem_mempool_kvmalloc, kmem_mempool_kvfree, (void *)size);
	} else if (o.b & 32) {
		*p = (struct pool){ .size = (size_t)4096 << o.a % 3, .align = 4096 };
		make_pool(p, embedded, reserve, kmem_mempool_alloc_pages, kmem_mempool_free_pages, (void *)(uintptr_t)(o.a % 3));
	} else {
		make_pool(p, embedded, reserve, kmem_mempool_kmalloc, kmem_mempool_kfree, (void *)size);
	}
	if (!p->pool)
		allowed_to_fail(p->cache, 0, "kmem_mempool_create");
	else if (p->cache)
		p->cache->pools++;
	if (p->pool && (p->pool->min_nr != reserve || p->pool->curr_nr != (reserve ? reserve : p->pool->curr_nr)))
		fail("a new pool holds %d of %d", p->pool->curr_nr, reserve);
}

static bool is_pooled(const struct object *o)
{
	return o->kind == POOLED;
}

OPERATION(op_pool_use)
{
	struct pool *p = pool_pick(o.a);
	struct object *object;
	gfp_t gfp = may_fail() || (p && p->cache && p->cache->limited) ? GFP_NOWAIT : gfp_of(o.b) & ~__GFP_ZERO;

	if (!p)
		return;
	for (unsigned int i = 0; i <= o.c % 24u; i++) {
		if (o.c & 128) {
			object = model_pick(o.b + i, is_pooled);
			if (object)
				release(object);
		} else if (model_room(p->size)) {
			int held = p->pool->curr_nr;
			void *at = o.c & 64 ? kmem_mempool_alloc_preallocated(p->pool) : kmem_mempool_alloc(p->pool, gfp);

			if (at) {
				if (p->cache && p->cache->constructed)
					expect_constructed(at, p->size);
				object = model_add(POOLED, p->cache, at, p->size, p->align);
				object->pool = p;
			} else if (held) {
				fail("a pool with %d in reserve gave nothing", held);
			} else if (!(o.c & 64)) {
				allowed_to_fail(p->cache, 0, "kmem_mempool_alloc");
			}
		}
	}
}

OPERATION(op_pool_resize)
{
	struct pool *p = pool_pick(o.a);
	int reserve = 1 + o.b % 32, error;

	if (!p)
		return;
	error = kmem_mempool_resize(p->pool, reserve);
	if (error && error != -ENOMEM)
		fail("kmem_mempool_resize returned %d", error);
	if (error == 0 && (p->pool->min_nr != reserve || p->pool->curr_nr > reserve))
		fail("a pool resized to %d holds %d of %d", reserve, p->pool->curr_nr, p->pool->min_nr);
}

void destroy_pool(struct pool *p)
{
	for (unsigned int i = n_live; i-- > 0;)
		if (live[i]->pool == p)
			release(live[i]);
	if (p->embedded) {
		kmem_mempool_exit(p->pool);
		kmem_mempool_exit(p->pool);
	} else {
		kmem_mempool_destroy(p->pool);
	}
	if (p->cache)
		p->cache->pools--;
	p->pool = NULL;
}

OPERATION(op_pool_destroy)
{
	struct pool *p = pool_pick(o.a);

	if (p)
		destroy_pool(p);
}
