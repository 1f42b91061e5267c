// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Operations: mistakes. Each must be reported exactly as often as the documentation says: at once where calls are
 * checked, and otherwise by the time the arrays of the threads are emptied, which each operation sees to.
 */
#include "fuzz.h"

/* Waits for the reports of what was done to a cache, or, without one, to nobody knows which. */
static void settle(struct cache *c, unsigned long least, unsigned long most)
{
	unsigned long now = kmem_errors() - expected;

	if (now > most || ((c ? c->checked : mode.harden) && now < least))
		fail("%lu reports at once, not %lu to %lu", now, least, most);
	if (c)
		kmem_cache_shrink(c->handle);
	else
		kmem_reclaim();
	now = kmem_errors() - expected;
	if (now < least || now > most)
		fail("%lu reports in all, not %lu to %lu", now, least, most);
	expected += now;
	if (c)
		c->errors += now;
}

/* A mistake that is always found at once. */
static void settled(unsigned long n)
{
	if (kmem_errors() - expected != n)
		fail("%lu reports, not %lu", kmem_errors() - expected, n);
	expected += n;
}

struct free_call {
	struct kmem_cache *cache;
	void *object;
};

static void do_free(void *argument)
{
	struct free_call *call = argument;

	if (call->cache)
		kmem_cache_free(call->cache, call->object);
	else
		kmem_kfree(call->object);
}

OPERATION(op_twice)
{
	struct object *object = model_pick(o.a | (unsigned int)o.b << 8, is_cached);
	struct cache *c = object ? object->cache : NULL;
	struct free_call call;

	if (!object)
		return;
	call = (struct free_call){ .cache = c->handle, .object = model_take(object) };
	kmem_cache_free(c->handle, call.object);
	if (o.c & 1)
		elsewhere(do_free, &call);
	else if (o.c & 2)
		kmem_kfree(call.object);
	else if (o.c & 4)
		inline_free(c->handle, call.object);
	else
		kmem_cache_free(c->handle, call.object);
	/* Twice in a row, in one thread, is seen in every mode. */
	if (!(o.c & 1) && kmem_errors() == expected)
		fail("a double free in a row was not reported at once");
	settle(c, 1, 1);
	/* kfree() names no cache: where the slab is gone, the report is nobody's. */
	if (o.c & 2)
		c->errors = kmem_cache_errors(c->handle);
}

static struct cache *wanted;

static bool is_of_wanted(const struct object *o)
{
	return is_cached(o) && o->cache == wanted;
}

/* With others freed in between. */
OPERATION(op_twice_apart)
{
	struct object *object = model_pick(o.a, is_cached), *other;
	struct cache *c = wanted = object ? object->cache : NULL;
	void *at;

	if (!object)
		return;
	at = model_take(object);
	kmem_cache_free(c->handle, at);
	for (unsigned int i = 0; i <= o.b && (other = model_pick(o.c, is_of_wanted)); i++)
		kmem_cache_free(c->handle, model_take(other));
	kmem_cache_free(c->handle, at);
	settle(c, 1, 1);
}

OPERATION(op_bulk_twice)
{
	struct object *object = model_pick(o.a, is_cached), *other;
	struct cache *c = wanted = object ? object->cache : NULL;
	void *objects[256];
	unsigned int n = 0;

	if (!object)
		return;
	objects[n++] = model_take(object);
	while (n <= o.b % 200u && (other = model_pick(o.c, is_of_wanted)))
		objects[n++] = model_take(other);
	objects[n] = objects[o.c % n];
	n++;
	kmem_cache_free_bulk(c->handle, n, objects);
	settle(c, 1, 1);
}

OPERATION(op_interior)
{
	struct object *object = model_pick(o.a, is_cached);
	char *at;

	if (!object || object->size < 2)
		return;
	at = (char *)object->at + 1 + (o.b | (size_t)o.c << 8) % (object->size - 1);
	kmem_cache_free(object->cache->handle, at);
	settle(object->cache, 1, 1);
	model_check(object);
}

static int in_data[64];

static void *foreign(struct operands o, void *local)
{
	switch (o.b % 8) {
	case 0:
		return local;
	case 1:
		return in_data + o.c % 64;
	case 2:
		return (void *)(uintptr_t)(17 + o.c);
	case 3:
		return (void *)(UINTPTR_MAX - o.c);
	case 4:
		return (void *)op_foreign;
	case 5:
		return (void *)((uintptr_t)1 << 63 | (uintptr_t)o.c << 12);
	case 6:
		return (void *)(uintptr_t)4096;
	default:
		return (void *)((uintptr_t)o.c << 40 | 64);
	}
}

OPERATION(op_foreign)
{
	struct cache *c = cache_pick(o.a);
	int local;
	void *at = foreign(o, &local);

	if (!at || at == (void *)64)
		return;
	if (c && o.a & 1) {
		kmem_cache_free(c->handle, at);
		settle(c, 1, 1);
	} else if (o.a & 2) {
		if (kmem_ksize(at) != 0)
			fail("ksize of a foreign address");
		settled(1);
	} else if (o.a & 4) {
		kmem_vfree(at);
		settled(1);
	} else if (o.a & 8) {
		kmem_free_pages(at);
		settled(1);
	} else {
		kmem_kfree(at);
		settled(1);
	}
}

OPERATION(op_wrong_cache)
{
	struct object *object = model_pick(o.a, is_cached);
	struct cache *c = cache_pick(o.b);

	if (!object || c == object->cache)
		return;
	kmem_cache_free(c->handle, model_take(object));
	settle(c, 1, 1);
}

/* NULL is no mistake where it is an object, and one where it is a cache. */
OPERATION(op_null)
{
	struct cache *c = cache_pick(o.a);
	void *nothing[4] = { NULL, NULL, NULL, NULL };

	if (c) {
		kmem_cache_free(c->handle, NULL);
		kmem_cache_free_bulk(c->handle, o.b % 5u, nothing);
	}
	kmem_cache_free_bulk(NULL, o.b % 5u, nothing);
	kmem_kfree(NULL);
	kmem_kfree((void *)16);
	kmem_kvfree(NULL);
	kmem_vfree(NULL);
	kmem_free_pages(NULL);
	kmem_kfree_bulk(o.b % 5u, nothing);
	kmem_cache_destroy(NULL);
	kmem_mempool_destroy(NULL);
	kmem_shrinker_free(NULL);
	if (kmem_ksize(NULL) || kmem_ksize((void *)16))
		fail("ksize of nothing");
	settled(0);
	if (o.c & 1) {
		if (kmem_cache_alloc(NULL, GFP_KERNEL))
			fail("an allocation from no cache");
		settled(1);
	}
}

/* A pointer that was an object long ago. */
OPERATION(op_stale)
{
	struct cache *c = cache_pick(o.b);
	void *at = stale[o.a];

	/* What lies in reserves, or in a shrinker, is live, but not in the model. */
	if (!at || model_covering((uintptr_t)at) || shrinker || any_pool())
		return;
	if (c && o.c & 1)
		kmem_cache_free(c->handle, at);
	else
		kmem_kfree(at);
	/* Free, and of another cache, is two mistakes; the second is found in that cache's arrays. */
	settle(NULL, 1, c && o.c & 1 ? 2 : 1);
	for (c = caches; c < caches + MAX_CACHES; c++)
		if (c->handle)
			c->errors = kmem_cache_errors(c->handle);
}

static int is_this(struct kmem_cache *cache, void *data)
{
	return cache == data;
}

OPERATION(op_stale_cache)
{
	struct kmem_cache_usage usage = { .size = sizeof(usage) };
	struct object *object = model_pick(o.c, is_cached);
	struct kmem_cache *gone = NULL;
	void *objects[4];

	for (unsigned int i = 0; i < 16 && !gone; i++)
		gone = stale_caches[(o.a + i) % 16];
	/* One with objects left is no cache either, but for frees. */
	for (unsigned int i = 0; i < n_live && o.b & 128 && o.b % 9 != 2; i++)
		if (live[i]->dead)
			gone = live[i]->dead;
	/* The place of a handle is used again, for a cache of the library's too. */
	if (!gone || kmem_cache_for_each(is_this, gone))
		return;
	switch (o.b % 9) {
	case 0:
		if (kmem_cache_alloc(gone, GFP_KERNEL))
			fail("an allocation from a destroyed cache");
		break;
	case 1:
		if (kmem_cache_alloc_bulk(gone, GFP_KERNEL, 4, objects))
			fail("a bulk allocation from a destroyed cache");
		break;
	case 2:
		if (!object)
			return;
		kmem_cache_free(gone, (void *)object->at);
		model_check(object);
		break;
	case 3:
		kmem_cache_shrink(gone);
		break;
	case 4:
		kmem_cache_destroy(gone);
		break;
	case 5:
		if (kmem_cache_size(gone))
			fail("a destroyed cache has a size");
		break;
	case 6:
		if (kmem_cache_name(gone))
			fail("a destroyed cache has a name");
		break;
	case 7:
		if (kmem_cache_usage(gone, &usage) == 0)
			fail("a destroyed cache is in use");
		break;
	default:
		if (validate_slab_cache(gone))
			fail("a destroyed cache has slabs");
	}
	settled(1);
}

OPERATION(op_kfree_twice)
{
	struct object *object = model_pick(o.a | (unsigned int)o.b << 8, is_kmalloc), *other;
	struct free_call call = { .cache = NULL };

	if (!object)
		return;
	call.object = model_take(object);
	kmem_kfree(call.object);
	if (o.c & 1 && (other = model_pick(o.a, is_kmalloc)))
		kmem_kfree(model_take(other));
	if (o.c & 2)
		elsewhere(do_free, &call);
	else
		kmem_kfree(call.object);
	settle(NULL, 1, 1);
}

static bool is_whole_pages(const struct object *o)
{
	return o->kind == PAGES || o->kind == VMALLOC;
}

/* kfree() of what is not kmalloc's: inside of an object, or memory of whole pages, which goes. */
OPERATION(op_kfree_wrong)
{
	struct object *object = model_pick(o.a, o.c & 1 ? is_whole_pages : is_kmalloc);

	if (!object || object->size < 2)
		return;
	if (o.c & 1)
		kmem_kfree(model_take(object));
	else
		kmem_kfree((char *)object->at + 1 + o.b % (object->size - 1));
	settle(NULL, 1, 1);
}

/* Pages that are freed in another way than they came, or from their middle: they stay. */
OPERATION(op_pages_wrong)
{
	struct object *object = model_pick(o.a, o.b & 1 ? is_kmalloc : is_whole_pages);
	void *at = object ? (void *)object->at : NULL;

	if (!object)
		return;
	switch (object->kind) {
	case PAGES:
		if (o.b & 2)
			kmem_vfree(at);
		else
			kmem_free_pages((char *)at + 1 + o.c);
		settled(1);
		break;
	case VMALLOC:
		if (o.b & 2) {
			kmem_free_pages(at);
			settled(1);
		} else {
			/* No page begins there, and no area. */
			kmem_vfree((char *)at + 1);
			settled(2);
		}
		break;
	default:
		if (o.b & 2)
			kmem_vfree(at);
		else
			kmem_free_pages(at);
		settled(1);
	}
	model_check(object);
}

OPERATION(op_destroy_early)
{
	struct cache *c = cache_pick(o.a);

	if (c && !c->pools)
		destroy_cache(c);
}

/* A cache of its own for damage: afterwards nothing about it is certain. */
static struct kmem_cache *scratch(struct operands o, unsigned long flags)
{
	static const unsigned long more[4] = { 0, SLAB_STORE_USER, SLAB_POISON, SLAB_POISON | SLAB_STORE_USER };
	size_t size = size_of(o.a % 26u, o.a & 32 ? 128 | (o.a >> 5) : 0);
	struct kmem_cache *cache = kmem_cache_create("fuzz_scratch", size, 0, SLAB_CONSISTENCY_CHECKS | flags | more[o.c >> 6], NULL);

	if (!cache)
		fail("no cache to damage");
	/* slab_debug=O took what would show the damage. */
	if (mode.any && !attribute(cache, flags & SLAB_RED_ZONE ? "red_zone" : "poison")) {
		kmem_cache_destroy(cache);
		return NULL;
	}
	return cache;
}

static void found(struct kmem_cache *cache, void *const *left, unsigned int n, const char *how)
{
	if (kmem_errors() == expected)
		fail("damage was not reported by %s", how);
	kmem_cache_destroy(cache);
	/* What is left of it still takes objects back. What stays live and is nobody's would be taken for free below. */
	for (unsigned int i = 0; i < n; i++)
		kmem_kfree(left[i]);
	expected = kmem_errors();
	for (unsigned int i = 0; i < 16; i++)
		if (stale_caches[i] == cache)
			stale_caches[i] = NULL;
}

OPERATION(op_overrun)
{
	struct kmem_cache *cache = mode.scarce ? NULL : scratch(o, SLAB_RED_ZONE);
	void *left[2];
	char *object;
	size_t size;

	if (!cache)
		return;
	object = left[0] = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOFAIL);
	left[1] = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOFAIL);
	size = kmem_cache_size(cache);
	if (!object || !left[1])
		fail("no object to damage");
	memset(object, o.b, size);
	settled(0);
	if (o.b & 1)
		object[size] ^= (char)(1 + o.c % 255);
	else
		object[-1] ^= (char)(1 + o.c % 255);
	if (o.b & 2)
		validate_slab_cache(cache);
	if (o.b & 2 && kmem_errors() == expected) {
		/* Full slabs are looked at only with SLAB_STORE_USER. */
		kmem_cache_free(cache, left[1]);
		left[1] = NULL;
		validate_slab_cache(cache);
	}
	/* Such a free is refused: the object stays, and goes with the rest. */
	if (kmem_errors() == expected)
		kmem_cache_free(cache, object);
	found(cache, left, 2, "validation, or a free");
}

OPERATION(op_write_after_free)
{
	struct kmem_cache *cache = mode.scarce ? NULL : scratch(o, SLAB_POISON);
	static void *taken[4096];
	unsigned int n = 0;
	char *object;
	size_t size;

	if (!cache)
		return;
	size = kmem_cache_size(cache);
	object = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOFAIL);
	if (!object)
		fail("no object to damage");
	memset(object, o.b, size);
	kmem_cache_free(cache, object);
	settled(0);
	object[(o.b * 37u) % size] ^= (char)(1 + o.c % 255);
	switch (mode.late ? 1 : o.b % 3) {
	case 0:
		validate_slab_cache(cache);
		found(cache, NULL, 0, "validation");
		break;
	case 1:
		kmem_cache_shrink(cache);
		found(cache, NULL, 0, "kmem_cache_shrink");
		break;
	default:
		while (n < 4096 && kmem_errors() == expected) {
			taken[n] = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOFAIL);
			if (!taken[n++])
				break;
		}
		found(cache, taken, n, "an allocation");
	}
}
