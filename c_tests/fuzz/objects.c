// SPDX-License-Identifier: MIT OR Apache-2.0
/* Operations: caches and their objects, used as they should be. */
#include "fuzz.h"

static const size_t sizes[32] = {
	1,   7,	  8,	9,    16,   24,	  32,	48,   64,    65,    96,	   100,	   128,	  192,	  200,	  256,
	300, 512, 700,	1000, 1024, 2048, 3000, 4096, 5000,  8192,  10000, 16384,  32768, 65536, 131072, 1000000,
};

size_t size_of(uint8_t a, uint8_t c)
{
	return sizes[a % 32] + (c & 128 ? c & 7 : 0);
}

gfp_t gfp_of(uint8_t b)
{
	static const gfp_t table[16] = {
		GFP_KERNEL,
		GFP_KERNEL | __GFP_ZERO,
		GFP_NOWAIT,
		GFP_ATOMIC | __GFP_ZERO,
		GFP_KERNEL,
		GFP_KERNEL | __GFP_NOFAIL,
		GFP_NOIO | __GFP_ACCOUNT,
		GFP_NOWAIT | __GFP_ZERO,
		GFP_KERNEL | __GFP_RECLAIMABLE,
		GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY,
		GFP_KERNEL | __GFP_ACCOUNT | __GFP_ZERO,
		GFP_KERNEL | __GFP_DMA,
		GFP_ATOMIC,
		GFP_KERNEL | __GFP_THISNODE,
		GFP_USER,
		0,
	};

	/* Where there is no memory, who cannot fail waits for some. */
	return table[b % 16] & ~(mode.scarce ? __GFP_NOFAIL : 0);
}

const unsigned long flag_sets[16] = {
	0,
	SLAB_NO_MERGE,
	SLAB_NO_MERGE | SLAB_HWCACHE_ALIGN,
	SLAB_NO_MERGE | SLAB_TYPESAFE_BY_RCU,
	SLAB_CONSISTENCY_CHECKS,
	SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE,
	SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER,
	SLAB_POISON,
	SLAB_RED_ZONE,
	SLAB_STORE_USER,
	SLAB_RECLAIM_ACCOUNT,
	SLAB_CONSISTENCY_CHECKS | SLAB_POISON | SLAB_TYPESAFE_BY_RCU,
	SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT,
	SLAB_NO_MERGE | SLAB_NO_USER_FLAGS,
	SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_STORE_USER | SLAB_KMALLOC,
	SLAB_NO_MERGE,
};

/* A constructor gets no argument, so each size has one; the last also uses the allocator itself. */
#define CTOR(n)                                         \
	static void ctor_##n(void *object)              \
	{                                               \
		constructed_state(object, n);           \
	}
CTOR(8)
CTOR(40)
CTOR(256)
CTOR(1000)
CTOR(5000)

static void ctor_nested(void *object)
{
	void *other = kmem_kmalloc(72, GFP_KERNEL);

	constructed_state(object, 120);
	kmem_kfree(other);
}

static const struct {
	kmem_ctor_t ctor;
	size_t size;
} ctors[8] = {
	{ NULL, 0 },	 { NULL, 0 },	   { ctor_8, 8 },	{ ctor_40, 40 },
	{ ctor_256, 256 }, { ctor_1000, 1000 }, { ctor_5000, 5000 }, { ctor_nested, 120 },
};

bool attribute(struct kmem_cache *cache, const char *name)
{
	char text[32] = "";

	return kmem_cache_attr_show(cache, name, text, sizeof(text)) > 0 && text[0] == '1';
}

static size_t promised_alignment(size_t size, size_t align, unsigned long flags)
{
	size_t line = 64;

	if (flags & SLAB_HWCACHE_ALIGN) {
		while (size <= line / 2)
			line /= 2;
		if (line > align)
			align = line;
	}
	return align < 8 ? 8 : align;
}

static struct cache *adopt(struct kmem_cache *handle, const char *name, size_t size, size_t align, unsigned long flags,
			   bool constructed)
{
	static unsigned long created;
	struct cache *c = cache_of(handle);

	align = promised_alignment(size, align, flags);
	if (c) {
		if (constructed || (flags & SLAB_NO_MERGE))
			fail("a cache that is never merged was");
		c->refs++;
		if (align > c->align)
			c->align = align;
	} else {
		c = cache_of(NULL);
		memset(c, 0, sizeof(*c));
		c->handle = handle;
		c->number = ++created;
		c->refs = 1;
		c->align = align;
		c->shared = strcmp(kmem_cache_name(handle), name) != 0;
		c->constructed = constructed;
		c->poisoned = attribute(handle, "poison");
		c->red = attribute(handle, "red_zone");
		c->rcu = flags & SLAB_TYPESAFE_BY_RCU;
		c->sized = flags & SLAB_KMALLOC;
		c->checked = mode.harden || c->poisoned || c->red || attribute(handle, "sanity_checks") ||
			     attribute(handle, "store_user");
		c->errors = kmem_cache_errors(handle);
		for (unsigned int i = 0; i < 16; i++)
			if (stale_caches[i] == handle)
				stale_caches[i] = NULL;
	}
	c->size = kmem_cache_size(handle);
	if (c->size < size || (c->refs == 1 && !c->shared && c->size != size))
		fail("kmem_cache_size is %zu, not %zu", c->size, size);
	return c;
}

struct cache *make_cache(size_t size, size_t align, unsigned long flags, kmem_ctor_t ctor)
{
	static unsigned int number;
	struct kmem_cache *handle;
	char name[32];

	if (!cache_of(NULL))
		return NULL;
	snprintf(name, sizeof(name), "fuzz_%u", number++);
	handle = kmem_cache_create(name, size, align, flags, ctor);
	if (!handle && mode.scarce)
		return NULL;
	if (!handle)
		fail("no cache of %zu bytes, alignment %zu, flags %lx", size, align, flags);
	return adopt(handle, name, size, align, flags, ctor != NULL);
}

OPERATION(op_create)
{
	unsigned int which = o.b >> 4 & 7;
	size_t size = ctors[which].ctor ? ctors[which].size : size_of(o.a, o.c);
	size_t align = o.b & 128 ? (size_t)8 << (o.c & 7) : 0;

	make_cache(size, align, flag_sets[o.b & 15], ctors[which].ctor);
}

OPERATION(op_create_args)
{
	size_t size = size_of(o.a, o.c);
	struct kmem_cache_args args = {
		.align = o.c & 64 ? 8u << (o.c & 7) : 0,
		.useroffset = o.c & 16 ? 0 : 4,
		.usersize = o.c & 32 ? (unsigned int)(size > 4 ? size - 4 : 0) : 0,
		.sheaf_capacity = o.c & 8 ? 1u + (o.b >> 4) * 5u : 0,
	};
	unsigned int align = args.align;
	unsigned long flags = flag_sets[o.b & 15];
	struct kmem_cache *handle;

	if (!cache_of(NULL))
		return;
	if (flags & SLAB_TYPESAFE_BY_RCU && size >= 16) {
		args.use_freeptr_offset = true;
		args.freeptr_offset = 8;
	}
	handle = __kmem_cache_create_args("fuzz_args", size, &args, flags);
	if (!handle && mode.scarce)
		return;
	if (!handle)
		fail("no cache of %zu bytes with arguments", size);
	if (args.align < align)
		fail("alignment %u became %u", align, args.align);
	adopt(handle, "fuzz_args", size, align, flags, false);
}

/* Creations that cannot be. */
OPERATION(op_create_wild)
{
	static const unsigned long bad_flags[4] = { SLAB_FAILSLAB, SLAB_KASAN, SLAB_SKIP_KFENCE, 1ul << 31 };
	struct kmem_cache *c = NULL;

	switch (o.a % 6) {
	case 0:
		c = kmem_cache_create("wild", 0, 0, SLAB_NO_MERGE, NULL);
		break;
	case 1:
		c = kmem_cache_create("wild", mode.largest + 1 + ((size_t)o.b << (o.c % 48)), 0, SLAB_NO_MERGE, NULL);
		break;
	case 2:
		c = kmem_cache_create("wild", 64, 3 + 8ul * o.b, SLAB_NO_MERGE, NULL);
		break;
	case 3:
		c = kmem_cache_create(NULL, 64, 0, SLAB_NO_MERGE, NULL);
		break;
	case 4:
		c = kmem_cache_create("wild", SIZE_MAX - o.b, 8, SLAB_NO_MERGE, NULL);
		break;
	default:
		c = kmem_cache_create("wild", 64, 0, SLAB_NO_MERGE | bad_flags[o.b % 4], NULL);
		break;
	}
	if (c)
		fail("a creation that must fail did not (%u)", o.a % 6);
}

bool may_fail(void)
{
	return failing || mode.failslab || mode.scarce;
}

void allowed_to_fail(const struct cache *c, gfp_t gfp, const char *what)
{
	if (gfp & __GFP_NOFAIL)
		fail("%s with __GFP_NOFAIL returned NULL", what);
	if (!may_fail() && !(c && c->limited))
		fail("%s returned NULL", what);
}

static void fresh(struct cache *c, void *object, gfp_t gfp, size_t size)
{
	/* Linux: under init_on_alloc=1 no flag clears an object that has a constructor. */
	if (c->constructed && (mode.init_on_alloc || !(gfp & __GFP_ZERO)))
		expect_constructed(object, c->size);
	else if (gfp & __GFP_ZERO)
		expect_bytes(object, 0, size, 0, "asked to be zero");
	else if (c->shared)
		;
	else if (c->poisoned && !c->rcu) {
		expect_bytes(object, 0, size - 1, 0x6b, "poison");
		expect_bytes(object, size - 1, size, 0xa5, "end of poison");
	} else if (mode.init_on_alloc && !c->rcu)
		expect_bytes(object, 0, size, 0, "init_on_alloc");
}

static struct object *got(struct cache *c, void *object, gfp_t gfp, const char *what)
{
	if (!object) {
		allowed_to_fail(c, gfp, what);
		return NULL;
	}
	fresh(c, object, gfp, c->size);
	return model_add(CACHED, c, object, c->size, c->align);
}

OPERATION(op_alloc)
{
	struct cache *c = cache_pick(o.a);
	gfp_t gfp = gfp_of(o.b);
	size_t size;

	if (!c || !model_room(c->size))
		return;
	switch (o.c % 5) {
	case 0:
		if (o.c & 16)
			got(c, inline_alloc(c->handle, gfp), gfp, "kmem_cache_alloc");
		else
			got(c, kmem_cache_alloc(c->handle, gfp), gfp, "kmem_cache_alloc");
		break;
	case 1:
		got(c, kmem_cache_zalloc(c->handle, gfp), gfp | __GFP_ZERO, "kmem_cache_zalloc");
		break;
	case 2:
		got(c, kmem_cache_alloc_node(c->handle, gfp, (int)(o.c >> 4) - 1), gfp, "kmem_cache_alloc_node");
		break;
	case 3:
		got(c, kmem_cache_alloc_lru(c->handle, NULL, gfp), gfp, "kmem_cache_alloc_lru");
		break;
	default:
		size = c->sized && !c->constructed ? 1 + (size_t)o.c * c->size / 256 : c->size;
		{
			void *object = kmem_cache_alloc_sized(c->handle, gfp, size);

			if (!object) {
				allowed_to_fail(c, gfp, "kmem_cache_alloc_sized");
				break;
			}
			fresh(c, object, gfp, size);
			model_add(CACHED, c, object, size, c->align);
		}
	}
}

OPERATION(op_alloc_many)
{
	struct cache *c = cache_pick(o.a);
	gfp_t gfp = gfp_of(o.b);

	for (unsigned int i = 0; c && i <= o.c && model_room(c->size); i++)
		got(c, o.b & 16 ? inline_alloc(c->handle, gfp) : kmem_cache_alloc(c->handle, gfp), gfp, "kmem_cache_alloc");
}

OPERATION(op_alloc_bulk)
{
	struct cache *c = cache_pick(o.a);
	gfp_t gfp = gfp_of(o.b);
	void *objects[256];
	int n;

	if (!c || !model_room(c->size * o.c))
		return;
	n = kmem_cache_alloc_bulk(c->handle, gfp, o.c, objects);
	if (n == 0 && o.c)
		allowed_to_fail(c, gfp & ~__GFP_NOFAIL, "kmem_cache_alloc_bulk");
	else if (n != o.c)
		fail("kmem_cache_alloc_bulk of %d gave %d", o.c, n);
	for (int i = 0; i < n; i++)
		got(c, objects[i], gfp, "kmem_cache_alloc_bulk");
	if (kmem_cache_alloc_bulk(c->handle, gfp, (size_t)INT32_MAX + 1 + o.c, objects))
		fail("kmem_cache_alloc_bulk of more than INT_MAX");
}

/* Gives an object back in the way it came. */
void release(struct object *o)
{
	struct object was = *o;
	void *at = model_take(o);

	if (was.kind == CACHED && was.cache && was.stamp & 0x20000)
		inline_free(was.cache->handle, at);
	else if (was.kind == CACHED && was.cache)
		kmem_cache_free(was.cache->handle, at);
	else if (was.kind == CACHED && was.dead && was.stamp % 2)
		kmem_cache_free(was.dead, at);
	else if (was.kind == POOLED)
		kmem_mempool_free(at, was.pool->pool);
	else if (was.kind == KVMALLOC && was.stamp & 0x10000)
		kmem_kvfree_sensitive(at, was.size);
	else if (was.kind == KVMALLOC)
		kmem_kvfree(at);
	else if (was.kind == VMALLOC)
		kmem_vfree(at);
	else if (was.kind == PAGES)
		kmem_free_pages(at);
	else
		kmem_kfree(at);
}

OPERATION(op_free)
{
	struct object *object = model_pick(o.a | (unsigned int)o.b << 8, is_cached);

	if (!object)
		return;
	if (o.c & 1) {
		release(object);
	} else {
		kmem_kfree(model_take(object));
	}
}

OPERATION(op_free_many)
{
	for (unsigned int i = 0; i <= o.b && n_live; i++)
		release(live[(o.a + i * (1u + o.c)) % n_live]);
}

OPERATION(op_free_bulk)
{
	struct object *first = model_pick(o.a, is_cached);
	struct cache *c = first ? first->cache : NULL;
	void *objects[256];
	unsigned int n = 0;

	for (unsigned int i = n_live; c && i-- > 0 && n < o.c;) {
		if (!is_cached(live[i]) || ((o.b & 1) && live[i]->cache != c))
			continue;
		objects[n++] = model_take(live[i]);
		if (o.b & 2 && n < o.c)
			objects[n++] = NULL;
	}
	if (c)
		kmem_cache_free_bulk(o.b & 1 ? c->handle : NULL, n, objects);
}

/* Undoes one creation; what objects are left belong to nobody but the program. */
void destroy_cache(struct cache *c)
{
	struct kmem_cache *handle = c->handle;
	bool gone = c->refs == 1 && !c->shared;

	if (c->refs == 1) {
		for (unsigned int i = 0; i < n_live; i++) {
			if (live[i]->cache != c)
				continue;
			live[i]->cache = NULL;
			live[i]->dead = gone ? handle : NULL;
			/* Where the cache lives on, its objects stay what they are: kfree() takes them. */
			if (!gone)
				live[i]->kind = KMALLOC;
		}
	}
	if (gone && c->live)
		expected++;
	kmem_cache_destroy(handle);
	if (--c->refs == 0) {
		if (gone && !c->live)
			stale_caches[(uintptr_t)handle / 16 % 16] = handle;
		c->handle = NULL;
	}
}

OPERATION(op_destroy)
{
	struct cache *c = cache_pick(o.a);

	if (!c || c->pools)
		return;
	for (unsigned int i = n_live; c->refs == 1 && i-- > 0;)
		if (live[i]->cache == c)
			release(live[i]);
	destroy_cache(c);
}

OPERATION(op_shrink)
{
	struct cache *c = cache_pick(o.a);
	int held;

	if (!c)
		return;
	held = kmem_cache_shrink(c->handle);
	if (held != 0 && held != 1)
		fail("kmem_cache_shrink returned %d", held);
	if (held == 0 && c->live)
		fail("kmem_cache_shrink found no slab, with %u objects", c->live);
	if (held == 1 && !c->live && !c->pools && !c->shared)
		fail("kmem_cache_shrink left a slab without an object");
}
