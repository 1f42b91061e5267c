// SPDX-License-Identifier: MIT OR Apache-2.0
/* Operations: arguments of every kind, memory that is written to when it is free, processes that fork. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

bool in_child(void (*what)(void *), void *argument, int signal_expected)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		signal(SIGABRT, SIG_DFL);
		alarm(60);
		what(argument);
		_exit(0);
	}
	if (pid < 0)
		fail("no child");
	/* libFuzzer's clock is a signal. */
	while (waitpid(pid, &status, 0) != pid)
		if (errno != EINTR)
			fail("the child is lost");
	return signal_expected ? WIFSIGNALED(status) && WTERMSIG(status) == signal_expected
			       : WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* What the other threads had parked is the child's as well. */
static void go_on(void *operands)
{
	const struct operands *o = operands;

	model_check_all();
	if (!may_fail())
		check_usage();
	for (unsigned int i = 0; i <= o->b && n_live; i++)
		release(live[(o->a + i) % n_live]);
	op_alloc_many(*o);
	op_kmalloc(*o);
	kmem_reclaim();
	check_usage();
	model_check_all();
	if (kmem_errors() != expected)
		fail("%lu reports after a fork, not %lu", kmem_errors(), expected);
}

OPERATION(op_fork)
{
	static unsigned int forks;

	/* A few per program: they take their time. */
	forks = op_at < 8 ? 0 : forks;
	if (forks++ < 4 && !in_child(go_on, &o, 0))
		fail("the child of a fork failed");
}

/* A cache by its name, and what one creation alone may do to a cache. */
OPERATION(op_find)
{
	struct cache *c = cache_pick(o.a);
	struct kmem_cache *found;
	int error;

	if (kmem_cache_find("no such cache") || kmem_cache_find("") || kmem_cache_find(NULL))
		fail("there is a cache that nobody made");
	if (!c)
		return;
	found = kmem_cache_find(kmem_cache_name(c->handle));
	if (!found || strcmp(kmem_cache_name(found), kmem_cache_name(c->handle)) != 0)
		fail("%s is not found", kmem_cache_name(c->handle));
	error = kmem_cache_set_failslab(c->handle, o.b & 1);
	if (error != 0 && (error != -EINVAL || (c->refs == 1 && !c->shared)))
		fail("kmem_cache_set_failslab returned %d", error);
	if (error == 0 && c->refs > 1)
		fail("a cache of %u creations was marked", c->refs);
}

static void constructor(void *object)
{
	*(unsigned char *)object = 0x5c;
}

/* A cache with any arguments: none, or one that works. */
static void used(struct kmem_cache *cache, size_t size, size_t align, bool constructed)
{
	void *objects[4];

	if (!cache)
		return;
	if (kmem_cache_size(cache) < size)
		fail("kmem_cache_size is %zu, not %zu", kmem_cache_size(cache), size);
	for (unsigned int i = 0; i < 4; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOFAIL);
		if (!objects[i] || (uintptr_t)objects[i] % (align ? align : 1))
			fail("object %p of a cache with alignment %zu", objects[i], align);
		if (constructed && *(unsigned char *)objects[i] != 0x5c)
			fail("an object is not constructed");
		memset(objects[i], 0x11, size);
	}
	for (unsigned int i = 0; i < 4; i++) {
		if (constructed)
			constructor(objects[i]);
		kmem_cache_free(cache, objects[i]);
	}
	kmem_cache_destroy(cache);
}

OPERATION(op_args_wild)
{
	static const unsigned int numbers[16] = { 0, 1, 3, 4, 8, 16, 63, 64, 128, 4096, 8192, 65536, 1u << 20, 1u << 31, UINT32_MAX, UINT32_MAX - 7 };
	size_t size = size_of(o.a, o.c);
	kmem_ctor_t ctor = o.a & 64 ? constructor : NULL;
	unsigned long flags = flag_sets[o.a / 16] | SLAB_NO_MERGE;
	struct kmem_cache_args args = {
		.align = o.c & 1 ? 0 : numbers[o.b / 16],
		.useroffset = numbers[o.b % 16],
		.usersize = numbers[o.c % 16],
		.freeptr_offset = numbers[o.c / 16],
		.use_freeptr_offset = o.a & 32,
		.ctor = ctor,
		.sheaf_capacity = o.c & 2 ? numbers[o.b % 16] : 0,
	};
	unsigned int align = args.align;

	if (mode.scarce)
		return;
	if (flags & SLAB_TYPESAFE_BY_RCU)
		ctor = args.ctor = NULL;
	switch (o.b % 3) {
	case 0:
		used(__kmem_cache_create_args("fuzz_wild", size, &args, flags), size, align, ctor != NULL);
		break;
	case 1:
		used(kmem_cache_create_usercopy("fuzz_wild", size, align, flags, args.useroffset, args.usersize, ctor), size, align,
		     ctor != NULL);
		break;
	default:
		used(kmem_cache_create("fuzz_wild", size, NULL, flags), size, 0, false);
	}
}

/* Any bits for GFP flags. */
OPERATION(op_gfp_wild)
{
	struct cache *c = cache_pick(o.a);
	gfp_t gfp = 1u << o.b % 32 | 1u << o.c % 32 | (o.c & 32 ? GFP_KERNEL : 0) | (o.c & 64 ? (gfp_t)o.b << 24 : 0);
	bool waits = gfp & __GFP_NOFAIL;
	void *at;

	if (waits && mode.scarce)
		return;
	switch (o.a % 4) {
	case 0:
		at = kmem_kmalloc(size_of(o.a, o.b) % 200000, gfp);
		break;
	case 1:
		at = kmem_alloc_pages(o.a / 4 % 4, gfp);
		if (at)
			memset(at, 0x11, 4096);
		kmem_free_pages(at);
		return;
	case 2:
		at = kmem_kvmalloc(size_of(o.a, o.b), gfp, 0);
		kmem_kvfree(at);
		return;
	default:
		at = c ? kmem_cache_alloc(c->handle, gfp) : NULL;
		if (at && c->constructed)
			constructed_state(at, c->size);
	}
	kmem_kfree(at);
}

/* Who writes to a free object changes that memory, and nothing else. Where no one looks for it, nothing is reported. */
OPERATION(op_scribble)
{
	struct cache *c = cache_pick(o.a);
	void *objects[64];
	unsigned int n = 0;
	gfp_t gfp = gfp_of(0);

	if (!c || c->constructed || c->checked || c->shared || mode.init_on_alloc || mode.debug || !model_room(c->size * 64))
		return;
	while (n <= o.b % 64u && (objects[n] = kmem_cache_alloc(c->handle, gfp)))
		n++;
	for (unsigned int i = 0; i < n; i++)
		kmem_cache_free(c->handle, objects[i]);
	/* Only where there is an object still: pages may have gone back to the system. */
	for (unsigned int i = 0; i < n; i++)
		if (kmem_valid_obj(objects[i]))
			memset(objects[i], o.c, c->size);
	if (o.a & 32)
		kmem_cache_shrink(c->handle);
}

/* A size changed, or asked for, that is nobody's: what the program has must not change by it. */
OPERATION(op_resize_wrong)
{
	struct object *object = model_pick(o.a, o.c & 1 ? is_cached : is_kmalloc);
	size_t size = size_of(o.b, 0);
	unsigned long now = kmem_errors();
	int local = 7;
	char *at, *moved;

	if (o.c & 2) {
		/* No address of the library's. */
		moved = o.c & 4 ? kmem_krealloc(&local, size, GFP_KERNEL) : kmem_kvrealloc(&local, size, GFP_KERNEL);
		if (local != 7)
			fail("a resize changed what is not the library's");
		if (kmem_errors() == now && !may_fail())
			fail("a resize of a foreign address was not reported");
		expected = kmem_errors();
		if (moved && moved != (char *)&local)
			kmem_kvfree(moved);
		return;
	}
	if (!object || object->size < 2)
		return;
	at = (char *)object->at + 1 + (o.b | (size_t)o.c << 8) % (object->size - 1);
	if (o.c & 4) {
		if (o.c & 8)
			kmem_kfree_sensitive(at);
		else
			kmem_kfree(at);
	} else {
		moved = kmem_krealloc(at, size, o.c & 8 ? GFP_KERNEL : GFP_KERNEL | __GFP_ZERO);
		if (moved && moved != at)
			kmem_kfree(moved);
	}
	kmem_reclaim();
	/* Memory from pages is asked for its size first; a resize that finds no memory frees nothing. */
	if (!object->in_slab && ((o.c & 12) != 4))
		now++;
	if (kmem_errors() != now + 1 && !(kmem_errors() == now && may_fail()))
		fail("%lu reports too many or too few of a wrong address", kmem_errors() - now - 1);
	expected = kmem_errors();
	for (struct cache *c = caches; c < caches + MAX_CACHES; c++)
		if (c->handle)
			c->errors = kmem_cache_errors(c->handle);
	model_check_all();
}

/* Right and wrong in one call: what is right is done. */
OPERATION(op_bulk_wrong)
{
	struct object *object = model_pick(o.a, is_cached), *other;
	struct cache *c = object ? object->cache : NULL, *wrong = NULL;
	unsigned int n = 0, mistakes = 0, found;
	void *objects[80];
	int local;

	if (!object)
		return;
	for (unsigned int i = 0; i <= o.b % 64u && (other = model_pick(o.c + i, is_cached)); i++) {
		if (other->cache != c) {
			/* One of another cache, once. */
			if (wrong || !(o.c & 1))
				continue;
			wrong = other->cache;
			mistakes++;
		}
		objects[n++] = model_take(other);
	}
	if (o.c & 2)
		objects[n++] = NULL;
	if (o.c & 4) {
		objects[n++] = &local;
		mistakes++;
	}
	kmem_cache_free_bulk(c->handle, n, objects);
	kmem_cache_shrink(c->handle);
	found = (unsigned int)(kmem_errors() - expected);
	if (found != mistakes)
		fail("%u reports of %u mistakes in a bulk free", found, mistakes);
	expected += found;
	c->errors += found;
}
