// SPDX-License-Identifier: MIT OR Apache-2.0
/* Operations: memory by size, used as it should be. */
#include "fuzz.h"

#define ZERO_SIZE ((void *)16)

static size_t promised_alignment(size_t size, bool of_set)
{
	/* The caches of a set are created without one. */
	if (of_set && mode.debug)
		return 8;
	if (size > 8192)
		return 4096;
	if ((size & (size - 1)) == 0)
		return size < 8 ? 8 : size;
	return size == 96 ? 32 : size == 192 ? 64 : 8;
}

/* Who asks for the size of memory with a red zone gets what is in that as well: it is not zero then. */
static void check_ksize(struct object *o)
{
	size_t bytes;

	if (o->kind != KMALLOC || (mode.debug && o->size % 2 == 0))
		return;
	bytes = kmem_ksize((void *)o->at);
	if (bytes < o->size)
		fail("ksize %zu of %zu bytes", bytes, o->size);
	if (mode.debug)
		o->zeroed = false;
}

struct object *got_memory(enum kind kind, void *at, size_t size, gfp_t gfp, const char *what)
{
	bool of_set = strstr(what, "buckets") != NULL;
	struct object *o;

	if (size == 0) {
		if (at != ZERO_SIZE)
			fail("%s of no bytes returned %p", what, at);
		return NULL;
	}
	if (!at) {
		allowed_to_fail(NULL, gfp, what);
		return NULL;
	}
	/* Poison takes precedence, and nobody says whether a size has it. */
	if (gfp & __GFP_ZERO || (mode.init_on_alloc && !mode.debug))
		expect_bytes(at, 0, size, 0, what);
	o = model_add(kind, NULL, at, size, kind == PAGES || kind == VMALLOC ? 4096 : promised_alignment(size, of_set));
	o->zeroed = gfp & __GFP_ZERO;
	check_ksize(o);
	return o;
}

static size_t any_size(struct operands o)
{
	return o.c & 64 ? (size_t)o.a << (o.c & 15) : size_of(o.a, o.c);
}

OPERATION(op_kmalloc)
{
	size_t size = any_size(o);
	gfp_t gfp = gfp_of(o.b);
	void *at;

	if (size > 4u << 20 || !model_room(size))
		return;
	switch (o.b >> 5) {
	case 0:
		at = kmem_kzalloc(size, gfp);
		gfp |= __GFP_ZERO;
		break;
	case 1:
		at = kmem_kmalloc_node(size, gfp, o.c & 1);
		break;
	case 2:
		at = kmem_kmalloc_array(size / 4, 4, gfp);
		size = size / 4 * 4;
		break;
	case 3:
		at = kmem_krealloc(o.c & 1 ? NULL : ZERO_SIZE, size, gfp);
		break;
	case 4:
		at = constant_kmalloc(o.a, &size);
		gfp = 0;
		break;
	default:
		at = kmem_kmalloc(size, gfp);
	}
	got_memory(KMALLOC, at, size, gfp, "kmalloc");
	if (kmem_kmalloc_size_roundup(size) < size)
		fail("kmalloc_size_roundup of %zu", size);
}

OPERATION(op_kfree)
{
	struct object *object = model_pick(o.a | (unsigned int)o.b << 8, is_kmalloc);
	void *at;

	if (!object)
		return;
	at = model_take(object);
	switch (o.c % 4) {
	case 0:
		kmem_kfree_sensitive(at);
		break;
	case 1:
		kmem_kvfree(at);
		break;
	case 2:
		kmem_kfree_const(at);
		break;
	default:
		kmem_kfree(at);
	}
}

static bool is_growable(const struct object *o)
{
	return o->kind == KMALLOC || o->kind == KVMALLOC || o->kind == VMALLOC;
}

OPERATION(op_krealloc)
{
	struct object *object = model_pick(o.b >> 1, is_growable);
	size_t size = any_size(o), kept;
	gfp_t gfp = o.b & 1 ? GFP_KERNEL | __GFP_ZERO : GFP_KERNEL;
	struct object was;
	void *at, *now;

	if (!object || size > 4u << 20 || !model_room(size))
		return;
	was = *object;
	at = model_take(object);
	if (was.kind == VMALLOC)
		now = kmem_vrealloc(at, size, gfp);
	else if (was.kind == KVMALLOC)
		now = kmem_kvrealloc(at, size, gfp);
	else if (o.c & 16)
		now = kmem_krealloc_array(at, size, 1, gfp);
	else
		now = kmem_krealloc(at, size, gfp);
	if (size == 0) {
		if (now && now != ZERO_SIZE)
			fail("a resize to no bytes returned %p", now);
		return;
	}
	if (!now) {
		allowed_to_fail(NULL, gfp, "krealloc");
		model_check(&was);
		model_add(was.kind, NULL, at, was.size, 0)->zeroed = was.zeroed;
		return;
	}
	kept = was.size < size ? was.size : size;
	if (was.zeroed && gfp & __GFP_ZERO)
		expect_bytes(now, was.size, size, 0, "grown");
	gfp = was.zeroed && gfp & __GFP_ZERO;
	was.at = (uintptr_t)now;
	was.size = kept;
	model_check(&was);
	object = model_add(was.kind, NULL, now, size, 8);
	object->zeroed = gfp;
	check_ksize(object);
}

OPERATION(op_kvmalloc)
{
	size_t size = any_size(o);
	gfp_t gfp = o.b & 1 ? GFP_KERNEL | __GFP_ZERO : GFP_KERNEL;

	static const char source[70000] = { 1, 2, 3 };
	void *at;

	if (size > 8u << 20 || !model_room(size))
		return;
	if (o.b & 4 && size <= sizeof(source)) {
		at = kmem_kvmemdup(source, size, GFP_KERNEL);
		if (at && size && memcmp(at, source, size) != 0)
			fail("kvmemdup differs");
		/* Clears what is not zero, so that the next step finds what it expects. */
		if (at && size)
			memset(at, 0, size);
		got_memory(KVMALLOC, at, size, 0, "kvmemdup");
	} else if (o.b & 2)
		got_memory(KVMALLOC, kmem_kvmalloc_array(size, 1, gfp), size, gfp, "kvmalloc_array");
	else
		got_memory(KVMALLOC, kmem_kvmalloc(size, gfp, -1), size, gfp, "kvmalloc");
}

OPERATION(op_pages)
{
	size_t size = any_size(o);
	gfp_t gfp = o.b & 1 ? GFP_KERNEL | __GFP_ZERO : GFP_KERNEL;
	unsigned int order = o.c % 5;
	void *at;

	if (o.b & 2) {
		if (size == 0 || size > 8u << 20 || !model_room(size))
			return;
		at = kmem_vmalloc(size, gfp);
		got_memory(VMALLOC, at, size, gfp, "vmalloc");
		if (at && (!kmem_is_vmalloc_addr(at) || !kmem_is_vmalloc_addr((char *)at + size - 1)))
			fail("is_vmalloc_addr denies it");
	} else if (model_room((size_t)4096 << order)) {
		at = kmem_alloc_pages(order, gfp);
		got_memory(PAGES, at, (size_t)4096 << order, gfp, "alloc_pages");
		if ((uintptr_t)at % ((size_t)4096 << order))
			fail("pages of order %u are not aligned to their size", order);
	}
}

static struct object *got_text(char *text, const char *should, size_t len)
{
	if (text && (memcmp(text, should, len) != 0 || text[len]))
		fail("a copied text differs");
	if (!text) {
		allowed_to_fail(NULL, 0, "kstrdup");
		return NULL;
	}
	return model_add(KMALLOC, NULL, text, len + 1, 8);
}

OPERATION(op_text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
	const char *from = letters + 78 - o.a % 79;
	size_t len = strlen(from), most = o.c % 79;
	const void *copy;

	if (!model_room(100))
		return;
	switch (o.b % 5) {
	case 0:
		got_text(kmem_kstrdup(from, GFP_KERNEL), from, len);
		break;
	case 1:
		got_text(kmem_kstrndup(from, most, GFP_KERNEL), from, most < len ? most : len);
		break;
	case 2:
		got_text(kmem_kmemdup_nul(letters, most, GFP_KERNEL), letters, most);
		break;
	case 3:
		copy = kmem_kstrdup_const(from, GFP_KERNEL);
		if (copy != from)
			fail("kstrdup_const copied what is constant");
		kmem_kfree_const(copy);
		break;
	default:
		copy = kmem_kmemdup(letters, 79, GFP_KERNEL);
		if (copy && memcmp(copy, letters, 79) != 0)
			fail("kmemdup differs");
		if (copy)
			model_add(KMALLOC, NULL, (void *)copy, 79, 8);
		else
			allowed_to_fail(NULL, 0, "kmemdup");
	}
}

static bool by_address(const struct object *o)
{
	return o->kind == KMALLOC || o->kind == CACHED;
}

OPERATION(op_kfree_bulk)
{
	void *objects[256];
	unsigned int n = 0;
	struct object *object;

	while (n < o.c && (object = model_pick(o.a + n * o.b, by_address)))
		objects[n++] = model_take(object);
	kmem_kfree_bulk(n, objects);
}

OPERATION(op_buckets)
{
	static struct kmem_buckets *set;
	size_t size = size_of(o.a, o.c);
	gfp_t gfp = o.b & 1 ? GFP_KERNEL | __GFP_ZERO : GFP_KERNEL;

	if (!set)
		set = kmem_buckets_create("fuzz_set", 0, 0, 0, NULL);
	if (!set) {
		allowed_to_fail(NULL, 0, "kmem_buckets_create");
		return;
	}
	if (!model_room(size))
		return;
	if (o.b & 2)
		got_memory(KVMALLOC, kmem_buckets_valloc(set, size, gfp), size, gfp, "kmem_buckets_valloc");
	else
		got_memory(KMALLOC, kmem_buckets_alloc(o.b & 4 ? NULL : set, size, gfp), size, gfp, "kmem_buckets_alloc");
}

/* What is too large must come back as NULL. */
OPERATION(op_kmalloc_wild)
{
	size_t large = mode.largest + 1 + ((size_t)o.b << (o.c % 50));
	void *at = NULL;

	switch (o.a % 10) {
	case 0:
		at = kmem_kmalloc(large, GFP_KERNEL);
		break;
	case 1:
		at = kmem_kmalloc_array(SIZE_MAX / 2 + o.b, 3, GFP_KERNEL);
		break;
	case 2:
		at = kmem_kvmalloc((size_t)INT32_MAX + 1 + o.b, GFP_KERNEL, -1);
		break;
	case 3:
		at = kmem_vmalloc(0, GFP_KERNEL);
		break;
	case 4:
		at = kmem_alloc_pages(11 + o.b, GFP_KERNEL);
		break;
	case 5:
		at = kmem_kmalloc(SIZE_MAX - o.b, GFP_KERNEL | __GFP_NOWARN);
		break;
	case 6:
		at = kmem_vmalloc(SIZE_MAX - o.b, GFP_KERNEL);
		break;
	case 7:
		at = kmem_krealloc_array(NULL, SIZE_MAX / 2, 4 + o.b, GFP_KERNEL);
		break;
	case 8:
		at = kmem_kvmalloc_array(SIZE_MAX / 2, 4 + o.b, GFP_KERNEL);
		break;
	default:
		if (kmem_kmalloc_size_roundup(SIZE_MAX - o.b) != SIZE_MAX - o.b || kmem_kmalloc_size_roundup(0) != 0)
			fail("kmalloc_size_roundup of what cannot be");
	}
	if (at)
		fail("an allocation that must fail did not (%u)", o.a % 10);
}
