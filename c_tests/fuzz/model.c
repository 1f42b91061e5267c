// SPDX-License-Identifier: MIT OR Apache-2.0
/* The model: which objects the program has, where they are and what is in them. */
#include "fuzz.h"

struct mode mode;
struct cache caches[MAX_CACHES];
struct object *live[MAX_OBJECTS];
unsigned int n_live;
void *stale[MAX_STALE];
struct kmem_cache *stale_caches[16];
unsigned long expected;
bool failing;
size_t bytes_live;

static struct object store[MAX_OBJECTS];
static struct object *spare[MAX_OBJECTS];
/* The same objects by address. */
static struct object *sorted[MAX_OBJECTS];
static uint64_t next_stamp;

void model_begin(void)
{
	n_live = 0;
	bytes_live = 0;
	next_stamp = 1;
	for (unsigned int i = 0; i < MAX_OBJECTS; i++)
		spare[i] = &store[i];
	memset(stale, 0, sizeof(stale));
	memset(stale_caches, 0, sizeof(stale_caches));
	memset(caches, 0, sizeof(caches));
	expected = kmem_errors();
}

/* The first of the sorted objects that begins above an address. */
static unsigned int above(uintptr_t at)
{
	unsigned int low = 0, high = n_live;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (sorted[middle]->at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct object *model_covering(uintptr_t at)
{
	unsigned int next = above(at);

	return next && at - sorted[next - 1]->at < sorted[next - 1]->size ? sorted[next - 1] : NULL;
}

bool model_room(size_t bytes)
{
	return n_live < MAX_OBJECTS - 256 && bytes_live + bytes <= MAX_BYTES;
}

static uint64_t word_of(uint64_t stamp, size_t index)
{
	return (stamp + index) * 0x9e3779b97f4a7c15u;
}

void model_stamp(struct object *o)
{
	unsigned char *at = (unsigned char *)o->at;
	uint64_t word;

	o->stamp = next_stamp += 0x10001;
	for (size_t i = 0; i < o->size; i += 8) {
		word = word_of(o->stamp, i);
		memcpy(at + i, &word, o->size - i < 8 ? o->size - i : 8);
	}
}

void model_check(const struct object *o)
{
	const unsigned char *at = (const unsigned char *)o->at;
	size_t i = 0;
	uint64_t word, found;

	for (; o->size - i >= 8; i += 8) {
		memcpy(&found, at + i, 8);
		if (found != word_of(o->stamp, i))
			fail("object of %zu bytes, kind %d, has changed at %zu", o->size, o->kind, i);
	}
	word = word_of(o->stamp, i);
	if (memcmp(at + i, &word, o->size - i) != 0)
		fail("object of %zu bytes, kind %d, has changed in its last bytes", o->size, o->kind);
}

void model_check_all(void)
{
	for (unsigned int i = 0; i < n_live; i++)
		model_check(live[i]);
}

struct object *model_add(enum kind kind, struct cache *cache, void *pointer, size_t size, size_t align)
{
	uintptr_t at = (uintptr_t)pointer;
	unsigned int place = above(at);
	struct object *o;

	if (align && at % align)
		fail("object of %zu bytes, kind %d, is not aligned to %zu", size, kind, align);
	if (place && at - sorted[place - 1]->at < sorted[place - 1]->size)
		fail("object of %zu bytes overlaps the one of %zu, kind %d, before it", size, sorted[place - 1]->size,
		     sorted[place - 1]->kind);
	if (place < n_live && sorted[place]->at - at < size)
		fail("object of %zu bytes overlaps the one of %zu, kind %d, behind it", size, sorted[place]->size,
		     sorted[place]->kind);
	readers_check(at, size, cache);
	if (n_live == MAX_OBJECTS)
		abort();
	o = spare[n_live];
	*o = (struct object){ .at = at, .size = size, .kind = kind, .cache = cache, .slot = n_live };
	o->in_slab = kmem_valid_obj(pointer);
	if (cache && !o->in_slab)
		fail("object is not in a slab");
	memmove(sorted + place + 1, sorted + place, (n_live - place) * sizeof(*sorted));
	sorted[place] = o;
	live[n_live++] = o;
	bytes_live += size;
	if (cache && kind == CACHED)
		cache->live++;
	model_stamp(o);
	return o;
}

/* The program gives the object up, in its constructed state. */
void *model_take(struct object *o)
{
	unsigned int place = above(o->at) - 1;
	void *at = (void *)o->at;

	model_check(o);
	readers_saw(o);
	if (o->cache && o->cache->constructed)
		constructed_state(at, o->cache->size);
	if (o->cache && o->kind == CACHED)
		o->cache->live--;
	n_live--;
	bytes_live -= o->size;
	memmove(sorted + place, sorted + place + 1, (n_live - place) * sizeof(*sorted));
	live[o->slot] = live[n_live];
	live[o->slot]->slot = o->slot;
	spare[n_live] = o;
	stale[next_stamp % MAX_STALE] = at;
	next_stamp++;
	return at;
}

struct object *model_pick(unsigned int number, bool (*suits)(const struct object *))
{
	for (unsigned int i = 0; i < n_live; i++) {
		struct object *o = live[(number + i) % n_live];

		if (suits(o))
			return o;
	}
	return NULL;
}

void expect_bytes(const void *at, size_t from, size_t to, int byte, const char *what)
{
	const uint64_t should = 0x0101010101010101u * (unsigned char)byte;
	uint64_t found;

	for (; to - from >= 8 && from < to; from += 8) {
		memcpy(&found, (const char *)at + from, 8);
		if (found != should)
			break;
	}
	for (size_t i = from; i < to; i++)
		if (((const unsigned char *)at)[i] != byte)
			fail("%s: byte %zu of %zu is %02x, not %02x", what, i, to, ((const unsigned char *)at)[i], byte);
}

/* What constructors leave depends on the address: no object can come in another's state. */
void constructed_state(void *object, size_t size)
{
	unsigned char seed = (unsigned char)((uintptr_t)object >> 3 ^ (uintptr_t)object >> 11);

	for (size_t i = 0; i < size; i++)
		((unsigned char *)object)[i] = (unsigned char)(seed + i * 13);
}

void expect_constructed(const void *object, size_t size)
{
	unsigned char seed = (unsigned char)((uintptr_t)object >> 3 ^ (uintptr_t)object >> 11);

	for (size_t i = 0; i < size; i++)
		if (((const unsigned char *)object)[i] != (unsigned char)(seed + i * 13))
			fail("object is not constructed at byte %zu of %zu", i, size);
}

struct cache *cache_pick(unsigned int number)
{
	for (unsigned int i = 0; i < MAX_CACHES; i++)
		if (caches[(number + i) % MAX_CACHES].handle)
			return &caches[(number + i) % MAX_CACHES];
	return NULL;
}

struct cache *cache_of(const struct kmem_cache *handle)
{
	for (unsigned int i = 0; i < MAX_CACHES; i++)
		if (caches[i].handle == handle)
			return &caches[i];
	return NULL;
}

bool is_cached(const struct object *o)
{
	return o->kind == CACHED && o->cache;
}

bool is_kmalloc(const struct object *o)
{
	return o->kind == KMALLOC;
}
