/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What sweep.c does again and again: pieces of work that together call every exported function. */
#ifndef SWEEP_WORK_H
#define SWEEP_WORK_H

#include <kmem/print.h>
#include <kmem/shrinker.h>

#include "refuse.h"
#include "util.h"

/* --- who was called, and whether all went well ------------------------------------------------------------------- */

enum { MOST_NAMES = 256 };
static const char *names[MOST_NAMES];
static bool well;

static void note(const char *name)
{
	for (int i = 0; i < MOST_NAMES; i++) {
		if (names[i] == name)
			return;
		if (!names[i]) {
			names[i] = name;
			return;
		}
	}
	abort();
}

/* The function, whose name is noted. */
#define DO(function) (note(#function), function)

/* Whether a call succeeded. */
static bool got(bool success)
{
	well &= success;
	return success;
}

/* What must be so whatever fails. */
#define MUST(x)                                                                        \
	do {                                                                           \
		if (!(x)) {                                                            \
			dprintf(ktest_diag_fd, "%s:%d: not so: %s\n", __FILE__, __LINE__, #x); \
			_exit(60);                                                     \
		}                                                                      \
	} while (0)

static void build(void *object)
{
	*(int *)object = 42;
}

static bool is_filled(const void *object, int byte, size_t len)
{
	const unsigned char *bytes = object;

	return bytes[0] == (unsigned char)byte && !memcmp(bytes, bytes + 1, len - 1);
}

/* --- pieces of work ---------------------------------------------------------------------------------------------- */

static void caches(void)
{
	struct kmem_cache_args args = { .align = 64, .ctor = build };
	struct kmem_cache *made[6];

	made[0] = DO(kmem_cache_create)("sweep_a", 100, 0, 0, NULL);
	made[1] = kmem_cache_create("sweep_b", 100, 0, 0, NULL);
	made[2] = kmem_cache_create("sweep_c", 3000, 0, SLAB_NO_MERGE, build);
	made[3] = DO(kmem_cache_create_usercopy)("sweep_d", 64, 0, SLAB_HWCACHE_ALIGN, 8, 8, NULL);
	made[4] = DO(__kmem_cache_create_args)("sweep_e", 40, &args, SLAB_STORE_USER | SLAB_POISON | SLAB_RED_ZONE);
	made[5] = DO(__kmem_cache_default_args)("sweep_f", 200, NULL, SLAB_TYPESAFE_BY_RCU);
	for (int i = 0; i < 6; i++) {
		if (!got(made[i]))
			continue;
		MUST(DO(kmem_cache_size)(made[i]) >= 40);
		MUST(DO(kmem_cache_name)(made[i]));
		MUST(DO(kmem_cache_errors)(made[i]) == 0);
		MUST(DO(kmem_cache_find)(kmem_cache_name(made[i])));
	}
	for (int i = 0; i < 6; i++)
		DO(kmem_cache_destroy)(made[i]);
}

static void objects_of(struct kmem_cache *cache, gfp_t gfp)
{
	void *objects[5], *many[100];

	if (!got(cache))
		return;
	objects[0] = DO(kmem_cache_alloc)(cache, gfp);
	objects[1] = DO(kmem_cache_zalloc)(cache, gfp);
	objects[2] = DO(kmem_cache_alloc_node)(cache, gfp, 0);
	objects[3] = DO(kmem_cache_alloc_lru)(cache, NULL, gfp);
	objects[4] = DO(kmem_cache_alloc_sized)(cache, gfp, 50);
	if (objects[1])
		MUST(is_filled(objects[1], 0, 300));
	for (int i = 0; i < 5; i++) {
		if (got(objects[i]))
			memset(objects[i], i, 300);
		DO(kmem_cache_free)(cache, objects[i]);
	}
	if (got(DO(kmem_cache_alloc_bulk)(cache, gfp, 100, many) == 100))
		DO(kmem_cache_free_bulk)(cache, 100, many);
}

static void objects(void)
{
	struct kmem_cache *plain = kmem_cache_create("sweep_plain", 300, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *large = kmem_cache_create("sweep_large", 2 << 20, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *built = kmem_cache_create("sweep_built", 300, 0, SLAB_NO_MERGE, build);
	struct kmem_cache *checked = kmem_cache_create("sweep_checked", 300, 0,
						       SLAB_POISON | SLAB_RED_ZONE | SLAB_STORE_USER, NULL);
	void *object = NULL;

	objects_of(plain, GFP_KERNEL | __GFP_NOWARN);
	objects_of(plain, GFP_NOWAIT);
	objects_of(checked, GFP_KERNEL | __GFP_NOWARN);
	if (built && got((object = kmem_cache_alloc(built, GFP_KERNEL))))
		MUST(*(int *)object == 42);
	kmem_cache_free(built, object);
	if (large && got((object = kmem_cache_zalloc(large, GFP_KERNEL))))
		MUST(is_filled(object, 0, 2 << 20));
	kmem_cache_free(large, large ? object : NULL);
	if (plain)
		DO(kmem_cache_shrink)(plain);
	DO(kmem_reclaim)();
	kmem_cache_destroy(plain);
	kmem_cache_destroy(large);
	kmem_cache_destroy(built);
	kmem_cache_destroy(checked);
}

static pthread_barrier_t barrier;

static void *park(void *cache)
{
	void *objects[40];
	int n = 0;

	while (n < 40 && (objects[n] = kmem_cache_alloc(cache, GFP_NOWAIT)))
		n++;
	while (n > 0)
		kmem_cache_free(cache, objects[--n]);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return cache;
}

/* Another thread has parked objects, and ends. */
static void threads(void)
{
	struct kmem_cache *cache = kmem_cache_create("sweep_thread", 300, 0, SLAB_NO_MERGE, NULL);
	pthread_t thread;

	if (got(cache)) {
		pthread_barrier_init(&barrier, NULL, 2);
		if (got(pthread_create(&thread, NULL, park, cache) == 0)) {
			pthread_barrier_wait(&barrier);
			kmem_cache_shrink(cache);
			pthread_barrier_wait(&barrier);
			pthread_join(thread, NULL);
		}
	}
	kmem_cache_destroy(cache);
}

static int count_one(struct kmem_cache *cache, void *count)
{
	(void)cache;
	++*(int *)count;
	return 0;
}

static void figures(void)
{
	struct kmem_cache *cache = kmem_cache_create("sweep_figures", 100, 0, SLAB_STORE_USER | SLAB_CONSISTENCY_CHECKS, NULL);
	struct kmem_cache_usage of_cache = { .size = sizeof(of_cache) };
	struct kmem_usage usage = { .size = sizeof(usage) };
	int null = REFUSE_REAL(open)("/dev/null", O_WRONLY), result, count = 0;
	void *object = cache ? kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN) : NULL;
	const char *name;
	char text[4096];
	long answer;

	got(object);
	result = DO(kmem_slabinfo_write)(null);
	MUST(result == 0 || result == -EIO || result == -ENOMEM);
	got(result == 0);
	close(null);
	MUST(DO(kmem_usage)(&usage) == 0);
	MUST(DO(kmem_errors)() == 0);
	MUST(DO(kmem_cache_for_each)(count_one, &count) == 0);
	DO(kmem_validate)();
	if (object) {
		MUST(DO(kmem_valid_obj)(object));
		MUST(DO(kmem_dump_obj)(object));
		MUST(DO(kmem_ksize)(object) >= 100);
		MUST(DO(kmem_cache_usage)(cache, &of_cache) == 0 && of_cache.live_objects == 1);
		MUST(DO(kmem_cache_nr_allocated)(cache) == 1);
		MUST(DO(kmem_cache_get_alloc)(cache) == 100);
		MUST(DO(validate_slab_cache)(cache) == 1);
	}
	for (size_t i = 0; cache && (name = DO(kmem_cache_attr_name)(i)); i++) {
		answer = DO(kmem_cache_attr_show)(cache, name, text, sizeof(text));
		MUST(answer >= 0 || answer == -ENOMEM || answer == -ENOENT || answer == -ENOSYS);
		got(answer != -ENOMEM);
		answer = DO(kmem_cache_attr_store)(cache, name, "1", 1);
		MUST(answer == 1 || answer == -EACCES || answer == -EINVAL || answer == -ENOMEM || answer == -ENOENT);
		got(answer != -ENOMEM);
	}
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

static void on_refusal(void *data)
{
	(void)data;
}

static void faults(void)
{
	struct kmem_cache *cache = kmem_cache_create("sweep_faults", 100, 0, SLAB_NO_MERGE, NULL);
	struct kmem_fault_attr attr;
	int result;

	DO(kmem_failslab_get)(&attr);
	attr.probability = 100;
	attr.times = -1;
	attr.task_filter = true;
	result = DO(kmem_make_it_fail)(true);
	MUST(result == 0 || result == -ENOMEM);
	if (got(result == 0)) {
		DO(kmem_failslab_set)(&attr);
		MUST(!cache || !kmem_cache_alloc(cache, GFP_NOWAIT));
		kmem_failslab_set(NULL);
		MUST(kmem_make_it_fail(false) == 1);
	}
	result = DO(kmem_fail_nth)(5);
	MUST(result == 0 || result == -ENOMEM);
	if (got(result == 0))
		MUST(kmem_fail_nth(0) == 5);
	if (got(cache)) {
		MUST(DO(kmem_cache_set_failslab)(cache, true) == 0);
		DO(kmem_cache_set_callback)(cache, on_refusal);
		DO(kmem_cache_set_private)(cache, cache);
		DO(kmem_cache_zero_nr_tallocated)(cache);
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_NOWAIT));
		DO(kmem_cache_nr_tallocated)(cache);
		DO(kmem_cache_set_non_kernel)(cache, 0);
		MUST(!kmem_cache_alloc(cache, GFP_NOWAIT));
	}
	kmem_cache_destroy(cache);
}

static unsigned long nothing_to_shrink(struct shrinker *shrinker, struct shrink_control *control)
{
	(void)shrinker;
	(void)control;
	return 0;
}

static void shrinkers(void)
{
	static struct shrinker own = { .count_objects = nothing_to_shrink, .scan_objects = nothing_to_shrink };
	struct shrinker *made = DO(kmem_shrinker_alloc)(0);
	int result;

	if (got(made)) {
		made->count_objects = made->scan_objects = nothing_to_shrink;
		DO(kmem_shrinker_register)(made);
	}
	result = DO(kmem_register_shrinker)(&own);
	MUST(result == 0 || result == -ENOMEM);
	got(result == 0);
	kmem_reclaim();
	DO(kmem_unregister_shrinker)(&own);
	DO(kmem_shrinker_free)(made);
}

static int told;

static void tell(void *data, int level, const char *text, size_t len)
{
	(void)data;
	(void)level;
	(void)text;
	told += len > 0;
}

static void with_list(char *buf, const char *fmt, ...)
{
	const char *lasting;
	va_list ap, copy;
	char *made;

	va_start(ap, fmt);
	va_copy(copy, ap);
	MUST(DO(kmem_vprintk)(fmt, copy) == 4);
	va_end(copy);
	va_copy(copy, ap);
	MUST(DO(kmem_vsnprintf)(buf, 8, fmt, copy) == 5);
	va_end(copy);
	va_copy(copy, ap);
	MUST(DO(kmem_vscnprintf)(buf, 8, fmt, copy) == 5);
	va_end(copy);
	va_copy(copy, ap);
	if (got((made = DO(kmem_kvasprintf)(GFP_KERNEL, fmt, copy))))
		MUST(!strcmp(made, "a 42\n"));
	kmem_kfree(made);
	va_end(copy);
	if (got((lasting = DO(kmem_kvasprintf_const)(GFP_KERNEL, fmt, ap))))
		MUST(!strcmp(lasting, "a 42\n"));
	DO(kmem_kfree_const)(lasting);
	va_end(ap);
}

static void messages(void)
{
	char buf[8], *made;

	for (int round = 0; round < 2; round++) {
		DO(kmem_set_log_handler)(round ? tell : NULL, NULL);
		DO(kmem_set_panic_handler)(NULL);
		MUST(DO(kmem_printk)("%s %d\n", "a", 42) == 4);
		MUST(DO(kmem_snprintf)(buf, sizeof(buf), "%s %d\n", "a", 42) == 5);
		MUST(DO(kmem_scnprintf)(buf, sizeof(buf), "%s %d\n", "a", 42) == 5);
		with_list(buf, "%s %d\n", "a", 42);
		DO(kmem_warn)(__FILE__, __LINE__, __func__, "%s %d\n", "a", 42);
		DO(kmem_dump_stack)();
		if (got((made = DO(kmem_kasprintf)(GFP_KERNEL, "%s %d\n", "a", 42))))
			MUST(!strcmp(made, "a 42\n"));
		kmem_kfree(made);
	}
	MUST(told > 0);
	kmem_set_log_handler(NULL, NULL);
}

/* A larger block for one that holds the same; the old one stays if there is none. */
static void *moved(void *old, void *new, size_t len, bool *kept)
{
	*kept = !got(new);
	MUST(is_filled(*kept ? old : new, 7, len));
	return *kept ? old : new;
}

static void sizes(void)
{
	static const size_t sizes[] = { 8, 100, 5000, 8192, 20000, 300000, 6 << 20 };
	void *block, *other, *bulk[8];
	bool kept;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		size_t size = sizes[i];
		gfp_t gfp = (i & 1 ? GFP_KERNEL : GFP_NOWAIT) | __GFP_NOWARN;

		if (size <= KMALLOC_MAX_SIZE) {
			if (got((block = DO(kmem_kmalloc)(size, gfp))))
				memset(block, 7, size);
			DO(kmem_kfree)(block);
			if (got((other = DO(kmem_kzalloc)(size, gfp))))
				MUST(is_filled(other, 0, size));
			DO(kmem_kfree_sensitive)(other);
			if (got((block = DO(kmem_kmalloc_array)(2, size / 2, gfp))))
				memset(block, 7, size);
			if (block)
				block = moved(block, DO(kmem_krealloc)(block, size + 9000, gfp), size, &kept);
			if (block)
				block = moved(block, DO(kmem_krealloc_array)(block, 3, size + 9000, gfp), size, &kept);
			kmem_kfree(block);
			got((block = DO(kmem_kmalloc_node)(size, gfp, 0)));
			kmem_kfree(block);
		}
		if (got((block = DO(kmem_kvmalloc)(size, gfp | GFP_KERNEL, -1))))
			memset(block, 7, size);
		if (block)
			block = moved(block, DO(kmem_kvrealloc)(block, size + 9000, GFP_KERNEL | __GFP_NOWARN), size, &kept);
		DO(kmem_kvfree)(block);
		got((block = DO(kmem_kvmalloc_array)(2, size / 2, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN)));
		if (block)
			MUST(is_filled(block, 0, size));
		DO(kmem_kvfree_sensitive)(block, size);
	}
	for (size_t i = 0; i < ARRAY_LEN(bulk); i++)
		got((bulk[i] = kmalloc(100, GFP_KERNEL)));
	note("kmem_kmalloc_class"); /* What the header makes of that. */
	DO(kmem_kfree_bulk)(ARRAY_LEN(bulk), bulk);
	MUST(DO(kmem_kmalloc_size_roundup)(100) == 128);
}

static void pages(void)
{
	void *block;
	bool kept;

	for (unsigned int order = 0; order <= 10; order += 5) {
		if (got((block = DO(kmem_alloc_pages)(order, GFP_KERNEL | __GFP_NOWARN))))
			memset(block, 7, 4096UL << order);
		DO(kmem_free_pages)(block);
		if (got((block = kmem_alloc_pages(order, GFP_NOWAIT | __GFP_ZERO))))
			MUST(is_filled(block, 0, 4096UL << order));
		kmem_free_pages(block);
	}
	for (size_t size = 5000; size < 6 << 20; size *= 1000) {
		if (got((block = DO(kmem_vmalloc)(size, GFP_KERNEL | __GFP_NOWARN))))
			memset(block, 7, size);
		if (block) {
			MUST(DO(kmem_is_vmalloc_addr)(block));
			block = moved(block, DO(kmem_vrealloc)(block, 2 * size, GFP_KERNEL | __GFP_NOWARN), size, &kept);
		}
		DO(kmem_vfree)(block);
		if (got((block = kmem_vmalloc(size, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN))))
			MUST(is_filled(block, 0, size));
		kmem_vfree(block);
	}
}

static void buckets(void)
{
	static struct kmem_buckets *set; /* Sets cannot be destroyed. */
	void *block;

	if (!set)
		set = DO(kmem_buckets_create)("sweep_set", 0, 0, 0, NULL);
	if (!got(set))
		return;
	got((block = DO(kmem_buckets_alloc)(set, 100, GFP_KERNEL)));
	kmem_kfree(block);
	got((block = DO(kmem_buckets_valloc)(set, 100000, GFP_KERNEL | __GFP_NOWARN)));
	kmem_kvfree(block);
}

static void copies(void)
{
	char local[] = "a string that does not last";
	const char *lasting;
	char *copy[6];

	copy[0] = DO(kmem_kstrdup)(local, GFP_KERNEL);
	copy[1] = DO(kmem_kstrndup)(local, 8, GFP_KERNEL);
	copy[2] = DO(kmem_kmemdup)(local, sizeof(local), GFP_KERNEL);
	copy[3] = DO(kmem_kmemdup_nul)(local, 8, GFP_KERNEL);
	copy[4] = kmem_kmemdup(local, sizeof(local), GFP_NOWAIT);
	for (int i = 0; i < 5; i++) {
		if (got(copy[i]))
			MUST(!strncmp(copy[i], local, 8));
		kmem_kfree(copy[i]);
	}
	got((copy[5] = DO(kmem_kvmemdup)(local, sizeof(local), GFP_KERNEL)));
	kmem_kvfree(copy[5]);
	got((lasting = DO(kmem_kstrdup_const)(local, GFP_KERNEL)));
	kmem_kfree_const(lasting);
	MUST(kmem_kstrdup_const("a literal", GFP_KERNEL));
}

static void use_pool(struct mempool_s *pool)
{
	void *elements[6], *reserved;
	int n = 0, result;

	for (int i = 0; i < 6; i++) {
		elements[i] = DO(kmem_mempool_alloc)(pool, GFP_NOWAIT);
		n += !!elements[i];
	}
	MUST(n >= 4);
	got(n == 6);
	reserved = DO(kmem_mempool_alloc_preallocated)(pool);
	for (int i = 0; i < 6; i++)
		DO(kmem_mempool_free)(elements[i], pool);
	kmem_mempool_free(reserved, pool);
	result = DO(kmem_mempool_resize)(pool, 20);
	MUST(result == 0 || result == -ENOMEM);
	MUST(result == -ENOMEM ? pool->min_nr == 4 : pool->min_nr == 20);
	got(result == 0 && pool->curr_nr == 20);
	MUST(kmem_mempool_resize(pool, 2) == 0);
}

static void pools(void)
{
	struct kmem_cache *cache = kmem_cache_create("sweep_pool", 100, 0, SLAB_NO_MERGE, NULL);
	struct mempool_s own = { .min_nr = 0 }, *made[4] = { NULL, NULL, NULL, NULL };
	int result;

	if (got(cache))
		made[0] = DO(kmem_mempool_create)(4, DO(kmem_mempool_alloc_slab), DO(kmem_mempool_free_slab), cache, GFP_KERNEL);
	made[1] = kmem_mempool_create(4, DO(kmem_mempool_kmalloc), DO(kmem_mempool_kfree), (void *)100, GFP_KERNEL);
	made[2] = kmem_mempool_create(4, DO(kmem_mempool_kvmalloc), DO(kmem_mempool_kvfree), (void *)9000, GFP_KERNEL);
	made[3] = kmem_mempool_create(4, DO(kmem_mempool_alloc_pages), DO(kmem_mempool_free_pages), (void *)1, GFP_KERNEL);
	result = DO(kmem_mempool_init)(&own, 4, kmem_mempool_kmalloc, kmem_mempool_kfree, (void *)50, GFP_KERNEL);
	MUST(result == 0 || result == -ENOMEM);
	if (got(result == 0))
		use_pool(&own);
	DO(kmem_mempool_exit)(&own);
	for (int i = 0; i < 4; i++) {
		if (got(made[i]))
			use_pool(made[i]);
		DO(kmem_mempool_destroy)(made[i]);
	}
	kmem_cache_destroy(cache);
}

#endif /* SWEEP_WORK_H */
