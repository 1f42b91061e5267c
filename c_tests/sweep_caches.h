/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Pieces of work for sweep_work.h: caches and their objects, failure injection, shrinkers, messages. */
#ifndef SWEEP_CACHES_H
#define SWEEP_CACHES_H

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
			NOT_CANCELLED(pthread_join(thread, NULL));
		}
	}
	kmem_cache_destroy(cache);
}

static int count_one(struct kmem_cache *cache, void *count)
{
	(void)cache;
	pthread_testcancel();
	++*(int *)count;
	return 0;
}

static void figures(void)
{
	struct kmem_cache *cache = kmem_cache_create("sweep_figures", 100, 0, SLAB_STORE_USER | SLAB_CONSISTENCY_CHECKS, NULL);
	struct kmem_cache_usage of_cache = { .size = sizeof(of_cache) };
	struct kmem_usage usage = { .size = sizeof(usage) };
	int null, result, count = 0;
	void *object = cache ? kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN) : NULL;
	const char *name;
	char text[4096];
	long answer;

	got(object);
	NOT_CANCELLED(null = REFUSE_REAL(open)("/dev/null", O_WRONLY));
	result = DO(kmem_slabinfo_write)(null);
	MUST(result == 0 || result == -EIO || result == -ENOMEM);
	got(result == 0);
	NOT_CANCELLED(close(null));
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
	pthread_testcancel();
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
		/* The callback hears of the refusal. */
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	}
	kmem_cache_destroy(cache);
}

static unsigned long nothing_to_shrink(struct shrinker *shrinker, struct shrink_control *control)
{
	(void)shrinker;
	(void)control;
	pthread_testcancel();
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
		MUST(made->flags & SHRINKER_REGISTERED);
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
	pthread_testcancel();
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

static bool readers_are_done(struct kmem_rcu_flavor *flavor, unsigned long *state, bool may_sleep)
{
	(void)flavor;
	*state += may_sleep;
	return *state > 1;
}

/* Pages that wait until they are asked about a second time. */
static void readers(void)
{
	static struct kmem_rcu_flavor flavor = { readers_are_done };
	struct kmem_cache *cache;
	void *object = NULL;

	MUST(DO(kmem_rcu_register)(&flavor) == 0);
	cache = kmem_cache_create("sweep_read", 1000, 0, SLAB_TYPESAFE_BY_RCU, build);
	if (got(cache))
		got((object = kmem_cache_alloc(cache, GFP_KERNEL)));
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	if (object)
		MUST(*(int *)object == 42);
	DO(kmem_rcu_settle)();
	MUST(kmem_rcu_settle() == 0);
	DO(kmem_rcu_unregister)(&flavor);
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

#endif /* SWEEP_CACHES_H */
