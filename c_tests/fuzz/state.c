// SPDX-License-Identifier: MIT OR Apache-2.0
/* Operations: shrinkers, failures, and what the library says of itself. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

struct shrinker *shrinker;
/* One of the program's own, as they were until Linux 6.6. */
static struct shrinker own_shrinker;
static bool failslab_on, armed[3];

static void note_failing(void)
{
	failing = failslab_on || armed[0] || armed[1] || armed[2];
}

OPERATION(op_reclaim)
{
	(void)o;
	kmem_reclaim();
}

OPERATION(op_check)
{
	(void)o;
	model_check_all();
}

static unsigned long sum_live;

static int add_usage(struct kmem_cache *cache, void *data)
{
	struct kmem_cache_usage u = { .size = sizeof(u) };

	(void)data;
	if (kmem_cache_usage(cache, &u) != 0)
		fail("kmem_cache_usage of a cache of the walk");
	sum_live += u.live_objects;
	return 0;
}

void check_usage(void)
{
	struct kmem_usage all = { .size = sizeof(all) };
	unsigned long in_slabs = 0;

	for (struct cache *c = caches; c < caches + MAX_CACHES; c++) {
		struct kmem_cache_usage u = { .size = sizeof(u) };

		if (!c->handle)
			continue;
		if (kmem_cache_usage(c->handle, &u) != 0)
			fail("kmem_cache_usage failed");
		if (u.total_objects != u.live_objects + u.parked_objects + u.free_objects)
			fail("%zu objects are not %zu + %zu + %zu", u.total_objects, u.live_objects, u.parked_objects,
			     u.free_objects);
		if (!c->shared && u.live_objects != c->live + reserved_by(c))
			fail("%zu live objects, not %u and %lu", u.live_objects, c->live, reserved_by(c));
		if (kmem_cache_get_alloc(c->handle) != u.live_objects * c->size)
			fail("kmem_cache_get_alloc is %lu", kmem_cache_get_alloc(c->handle));
		if (kmem_cache_nr_allocated(c->handle) != u.live_objects)
			fail("kmem_cache_nr_allocated is %lu, not %zu", kmem_cache_nr_allocated(c->handle), u.live_objects);
		if (!c->shared && kmem_cache_errors(c->handle) != c->errors)
			fail("kmem_cache_errors is %lu, not %lu", kmem_cache_errors(c->handle), c->errors);
	}
	if (kmem_usage(&all) != 0)
		fail("kmem_usage failed");
	if (all.committed_bytes != all.slab_bytes + all.metadata_bytes + all.dirty_bytes + all.clean_bytes)
		fail("kmem_usage: committed bytes do not add up");
	sum_live = 0;
	kmem_cache_for_each(add_usage, NULL);
	if (all.live_objects != sum_live || all.total_objects != all.live_objects + all.parked_objects + all.free_objects)
		fail("kmem_usage: objects do not add up");
	if (shrinker || any_pool())
		return;
	for (unsigned int i = 0; i < n_live; i++)
		in_slabs += live[i]->in_slab && !live[i]->dead;
	if (sum_live != in_slabs)
		fail("%lu live objects in all caches, not %lu", sum_live, in_slabs);
}

OPERATION(op_usage)
{
	(void)o;
	check_usage();
}

OPERATION(op_attr_show)
{
	struct cache *c = cache_pick(o.a);
	const char *name = kmem_cache_attr_name(o.b);
	char text[300];
	long n;

	if (!c)
		return;
	memset(text, '#', sizeof(text));
	n = kmem_cache_attr_show(c->handle, name ? name : "no such attribute", text, o.c);
	if ((!name && n != -ENOENT) || (name && n < 0 && n != -ENOENT && n != -ENOMEM))
		fail("kmem_cache_attr_show of %s returned %ld", name, n);
	if (text[o.c] != '#')
		fail("kmem_cache_attr_show of %s wrote beyond its %u bytes", name, o.c);
}

OPERATION(op_attr_store)
{
	static const char *const names[] = { "min_partial", "shrink", "validate", "failslab", "cpu_partial", "order",
					     "remote_node_defrag_ratio", "skip_kfence", "none" };
	static const char *const values[] = { "0", "1\n", "5", "", "-1", "99999999999999999999", "x", "100" };
	struct cache *c = cache_pick(o.a);
	const char *name = names[o.b % 9], *value = values[o.c % 8];
	long n;

	if (!c)
		return;
	n = kmem_cache_attr_store(c->handle, name, value, strlen(value));
	if (n != (long)strlen(value) && n != -EINVAL && n != -ERANGE && n != -EACCES && n != -ENOENT)
		fail("kmem_cache_attr_store of %s to %s returned %ld", value, name, n);
}

OPERATION(op_slabinfo)
{
	static char text[1 << 20];
	int fd = memfd_create("slabinfo", 0);
	ssize_t n;

	(void)o;
	if (fd < 0 || kmem_slabinfo_write(fd) != 0)
		fail("kmem_slabinfo_write");
	n = pread(fd, text, sizeof(text) - 1, 0);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (struct cache *c = caches; c < caches + MAX_CACHES; c++) {
		char row[80];
		unsigned long active, total;
		const char *at = text;
		bool found = false;

		if (!c->handle)
			continue;
		snprintf(row, sizeof(row), "\n%s ", kmem_cache_name(c->handle));
		/* Names need not be different: one of the rows must do. */
		while (!found && (at = strstr(at, row))) {
			at += strlen(row);
			found = sscanf(at, "%lu %lu", &active, &total) == 2 && active <= total && active >= c->live;
		}
		if (!found)
			fail("slabinfo has no row for %s with %u objects", row + 1, c->live);
	}
}

OPERATION(op_validate)
{
	struct cache *c = cache_pick(o.a);

	if (o.b & 1)
		kmem_validate();
	else if (c)
		validate_slab_cache(c->handle);
}

OPERATION(op_failslab)
{
	struct kmem_fault_attr attr;

	if (o.c & 1) {
		kmem_failslab_set(NULL);
		failslab_on = false;
	} else {
		kmem_failslab_get(&attr);
		attr.probability = o.a % 101;
		attr.interval = o.b % 4;
		attr.times = o.c & 2 ? -1 : o.b;
		attr.space = o.c & 4 ? o.b * 16 : 0;
		attr.ignore_gfp_wait = o.c & 8;
		attr.cache_filter = o.c & 16;
		attr.task_filter = o.c & 32;
		attr.verbose = 0;
		kmem_failslab_set(&attr);
		failslab_on = true;
		if (kmem_make_it_fail(o.c & 64) < 0)
			fail("kmem_make_it_fail");
	}
	note_failing();
}

OPERATION(op_fail_nth)
{
	(void)kmem_fail_nth(o.a % 32);
	armed[current_thread] = o.a % 32;
	note_failing();
}

static char shim_data[8];

static void callback(void *data)
{
	if (data != shim_data)
		fail("a callback got other data than was set");
	kmem_kfree(kmem_kmalloc(100, GFP_KERNEL));
}

/* What the kernel's userspace test shim has. */
OPERATION(op_shim)
{
	struct cache *c = cache_pick(o.a);
	void *objects[16];
	unsigned int n = 0;

	if (!c)
		return;
	if (o.b % 3 == 0) {
		kmem_cache_set_non_kernel(c->handle, o.c);
		kmem_cache_set_private(c->handle, shim_data);
		kmem_cache_set_callback(c->handle, callback);
		c->limited = true;
	} else if (o.b % 3 == 1) {
		kmem_cache_set_non_kernel(c->handle, UINT32_MAX);
		kmem_cache_set_callback(c->handle, NULL);
		c->limited = false;
	} else if (model_room(c->size * 16)) {
		kmem_cache_zero_nr_tallocated(c->handle);
		while (n < o.c % 16u && (objects[n] = kmem_cache_alloc(c->handle, GFP_KERNEL)))
			n++;
		if (kmem_cache_nr_tallocated(c->handle) != n && !c->shared)
			fail("kmem_cache_nr_tallocated is %lu, not %u", kmem_cache_nr_tallocated(c->handle), n);
		while (n)
			kmem_cache_free(c->handle, objects[--n]);
	}
}

static bool is_stashed(const struct object *o)
{
	return o->kind == STASHED;
}

static unsigned long count_stashed(struct shrinker *s, struct shrink_control *sc)
{
	unsigned long n = 0;

	(void)s;
	(void)sc;
	for (unsigned int i = 0; i < n_live; i++)
		n += is_stashed(live[i]);
	return n;
}

static unsigned long scan_stashed(struct shrinker *s, struct shrink_control *sc)
{
	unsigned long n = 0;
	struct object *object;

	(void)s;
	while (n < sc->nr_to_scan && (object = model_pick(0, is_stashed))) {
		release(object);
		n++;
	}
	return n ? n : SHRINK_STOP;
}

static void drop_shrinker(void)
{
	struct object *object;

	if (shrinker == &own_shrinker) {
		kmem_unregister_shrinker(shrinker);
		kmem_unregister_shrinker(shrinker);
	} else {
		kmem_shrinker_free(shrinker);
	}
	shrinker = NULL;
	while ((object = model_pick(0, is_stashed)))
		release(object);
}

OPERATION(op_shrinker)
{
	if (!shrinker && o.c & 128) {
		own_shrinker = (struct shrinker){ .count_objects = count_stashed, .batch = o.b, .seeks = o.a % 3 };
		if (kmem_register_shrinker(&own_shrinker) != -EINVAL)
			fail("a shrinker with half of its callbacks was registered");
		own_shrinker.scan_objects = scan_stashed;
		if (kmem_register_shrinker(&own_shrinker) != 0)
			allowed_to_fail(NULL, 0, "kmem_register_shrinker");
		else if (kmem_register_shrinker(shrinker = &own_shrinker) != -EINVAL)
			fail("a shrinker was registered twice");
	} else if (!shrinker) {
		shrinker = kmem_shrinker_alloc(0);
		if (!shrinker) {
			allowed_to_fail(NULL, 0, "kmem_shrinker_alloc");
			return;
		}
		shrinker->count_objects = count_stashed;
		shrinker->scan_objects = scan_stashed;
		shrinker->batch = o.b;
		kmem_shrinker_register(shrinker);
	} else if (o.a % 8 == 0) {
		drop_shrinker();
	} else {
		for (unsigned int i = 0; i < o.c % 64u && model_room(200); i++)
			got_memory(STASHED, kmem_kmalloc(1 + o.b % 200u, GFP_KERNEL), 1 + o.b % 200u, GFP_KERNEL, "kmalloc");
	}
}

OPERATION(op_thread)
{
	restart_worker(1 + o.a % 2u);
}

OPERATION(op_dump)
{
	int local;

	if (n_live) {
		const struct object *object = live[(o.a | (unsigned int)o.b << 8) % n_live];

		if (kmem_valid_obj((void *)object->at) != object->in_slab ||
		    kmem_dump_obj((char *)object->at + object->size / 2) != object->in_slab)
			fail("an object in a slab is not known as one, or the reverse");
	}
	if (kmem_valid_obj(&local) || kmem_dump_obj(&local) || kmem_valid_obj((void *)(uintptr_t)(o.c * 4099ul)))
		fail("what is in no slab is said to be");
}

static void disarm(void *unused)
{
	(void)unused;
	kmem_fail_nth(0);
	kmem_make_it_fail(false);
}

/* As at the beginning: everything of this file is undone. */
/* --- readers under RCU ------------------------------------------------------------------------------------------- */

enum { MAX_SEEN = 512 };

static bool reads, registered;
static unsigned long read_times = 1;
/* What the reader may look at: objects that were freed since it began. */
static struct {
	uintptr_t at;
	size_t size;
	unsigned long cache;
} read_objects[MAX_SEEN];
static unsigned int n_read;

void readers_saw(const struct object *o)
{
	if (reads && registered && n_read < MAX_SEEN && o->kind == CACHED && o->cache && o->cache->rcu) {
		read_objects[n_read].at = o->at;
		read_objects[n_read].size = o->size;
		read_objects[n_read++].cache = o->cache->number;
	}
}

void readers_check(uintptr_t at, size_t size, const struct cache *cache)
{
	for (unsigned int i = 0; i < n_read; i++) {
		if (at >= read_objects[i].at + read_objects[i].size || at + size <= read_objects[i].at)
			continue;
		if (!cache || cache->number != read_objects[i].cache || at != read_objects[i].at)
			fail("%zu bytes are handed out where a reader may look at an object", size);
	}
}

static bool poll_reader(struct kmem_rcu_flavor *flavor, unsigned long *state, bool may_sleep)
{
	(void)flavor;
	if (!*state && (may_sleep || read_times % 2))
		*state = read_times;
	return *state && (!reads || read_times > *state);
}

static struct kmem_rcu_flavor flavor = { poll_reader };

static void reader_ends(void)
{
	reads = false;
	read_times++;
	n_read = 0;
}

static void readers_end(void)
{
	reader_ends();
	for (int i = 0; i < 3; i++)
		kmem_rcu_settle();
	if (kmem_rcu_settle())
		fail("%zu bytes wait, and nobody reads", kmem_rcu_settle());
	kmem_rcu_unregister(&flavor);
	registered = false;
}

OPERATION(op_readers)
{
	if (!registered && kmem_rcu_register(&flavor) != 0)
		fail("kmem_rcu_register");
	registered = true;
	switch (o.a % 8) {
	case 0:
		readers_end();
		break;
	case 1:
	case 2:
		reader_ends();
		break;
	case 3:
		kmem_rcu_settle();
		break;
	default:
		reads = true;
	}
}

void state_end(void)
{
	if (registered)
		readers_end();

	kmem_failslab_set(NULL);
	everywhere(disarm, NULL);
	failslab_on = armed[0] = armed[1] = armed[2] = false;
	note_failing();
	for (struct cache *c = caches; c < caches + MAX_CACHES; c++) {
		if (c->handle && c->limited) {
			kmem_cache_set_non_kernel(c->handle, UINT32_MAX);
			kmem_cache_set_callback(c->handle, NULL);
			c->limited = false;
		}
	}
	for (struct pool *p = pools; p < pools + MAX_POOLS; p++)
		if (p->pool)
			destroy_pool(p);
	if (shrinker)
		drop_shrinker();
}
