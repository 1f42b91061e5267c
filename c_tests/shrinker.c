// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Memory that is found before an allocation fails: what lies idle, and what shrinkers free. And requests that must not
 * fail.
 *
 * At risk: a request that fails although another cache holds nothing but idle memory; a callback with a lock held, inside
 * itself, or after it was unregistered.
 */
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "ktest.h"
#include "util.h"

#define SMALL_ARENA "kmem.arena=32M kmem.cpus=2"

static struct kmem_cache *big(const char *name)
{
	return kmem_cache_create(name, 64 << 10, 0, SLAB_NO_MERGE, NULL);
}

/* --- a cache of the program, and its shrinker -------------------------------------------------------------------- */

enum { MOST = 4096 };

static struct kmem_cache *store;
static void *kept[MOST];
static int n_kept, counts, scans;
static unsigned long asked[64];
static gfp_t seen_gfp;
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

static unsigned long count_kept(struct shrinker *shrinker, struct shrink_control *sc)
{
	(void)shrinker;
	counts++;
	seen_gfp = sc->gfp_mask;
	return n_kept ? (unsigned long)n_kept : SHRINK_EMPTY;
}

static unsigned long scan_kept(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long freed = 0;

	(void)shrinker;
	if (!(sc->gfp_mask & __GFP_FS))
		return SHRINK_STOP;
	if (scans < 64)
		asked[scans] = sc->nr_to_scan;
	scans++;
	pthread_mutex_lock(&kept_lock);
	for (; freed < sc->nr_to_scan && n_kept > 0; freed++)
		kmem_cache_free(store, kept[--n_kept]);
	pthread_mutex_unlock(&kept_lock);
	return freed;
}

/* Takes all memory for the store. */
static void fill_store(struct kunit *test)
{
	store = big("store");
	while (n_kept < MOST && (kept[n_kept] = kmem_cache_alloc(store, GFP_NOWAIT)))
		n_kept++;
	KUNIT_ASSERT_TRUE(test, n_kept > 100 && n_kept < MOST);
	counts = scans = 0;
}

static struct shrinker old_form = { .count_objects = count_kept, .scan_objects = scan_kept, .seeks = DEFAULT_SEEKS };

static void frees_before_an_allocation_fails(struct kunit *test)
{
	struct kmem_cache *cache = big("needs");
	void *object, *objects[20];

	KUNIT_EXPECT_EQ(test, register_shrinker(&old_form, "old-%d", 1), 0);
	fill_store(test);
	/* Not for a request that may not wait, nor one from inside a file system. */
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_NOWAIT));
	KUNIT_EXPECT_EQ(test, counts, 0);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_NOFS | __GFP_NOWARN));
	KUNIT_EXPECT_GT(test, counts, 0);
	KUNIT_EXPECT_EQ(test, seen_gfp, GFP_NOFS | __GFP_NOWARN);
	KUNIT_EXPECT_EQ(test, scans, 0);
	KTEST_EXPECT_SILENT(test);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, object);
	KUNIT_EXPECT_EQ(test, seen_gfp, GFP_KERNEL);
	/* Not all at once: a part, and more when that is not enough. */
	KUNIT_EXPECT_GT(test, n_kept, 50);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 20, objects), 20);
	unregister_shrinker(&old_form);
	fill_store(test);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN));
	KUNIT_EXPECT_EQ(test, counts, 0);
	KTEST_EXPECT_SILENT(test);
}

static struct shrinker *new_form(unsigned long (*count)(struct shrinker *, struct shrink_control *),
				 unsigned long (*scan)(struct shrinker *, struct shrink_control *))
{
	struct shrinker *shrinker = shrinker_alloc(0, "new-%s", "form");

	shrinker->count_objects = count;
	shrinker->scan_objects = scan;
	shrinker_register(shrinker);
	return shrinker;
}

static void the_new_form(struct kunit *test)
{
	struct kmem_cache *cache = big("needs");
	struct shrinker *shrinker = new_form(count_kept, scan_kept);

	KUNIT_EXPECT_EQ(test, shrinker->seeks, DEFAULT_SEEKS);
	KUNIT_EXPECT_EQ(test, shrinker->batch, 0);
	KUNIT_EXPECT_EQ(test, shrinker->flags, SHRINKER_ALLOCATED | SHRINKER_REGISTERED);
	fill_store(test);
	KUNIT_EXPECT_NOT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	shrinker_free(shrinker);
	shrinker_free(NULL);
	counts = 0;
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, counts, 0);
}

static void wrong_registrations(struct kunit *test)
{
	static struct shrinker empty;

	KUNIT_EXPECT_EQ(test, register_shrinker(&empty), -EINVAL);
	KUNIT_EXPECT_EQ(test, kmem_register_shrinker(NULL), -EINVAL);
	unregister_shrinker(&empty);
	KUNIT_EXPECT_EQ(test, register_shrinker(&old_form), 0);
	KUNIT_EXPECT_EQ(test, register_shrinker(&old_form), -EINVAL);
	unregister_shrinker(&old_form);
	unregister_shrinker(&old_form);
	KTEST_EXPECT_SILENT(test);
	shrinker_register(&old_form);
	KTEST_EXPECT_SAID(test, "Must use shrinker_alloc() to dynamically allocate the shrinker\n");
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, counts, 0);
}

/* Linux looks at nothing there, and falls over later. */
static void wrong_registrations_of_the_new_form(struct kunit *test)
{
	struct shrinker *shrinker = shrinker_alloc(0, "wrong");

	unregister_shrinker(shrinker);
	shrinker_free(shrinker);
	shrinker = shrinker_alloc(0, "wrong");
	shrinker->count_objects = count_kept;
	shrinker_register(shrinker);
	KTEST_EXPECT_SAID(test, "shrinker_register failed with error -22\n");
	KUNIT_EXPECT_EQ(test, ktest_count("Must use"), 0);
	KUNIT_EXPECT_EQ(test, shrinker->flags, SHRINKER_ALLOCATED);
	ktest_hush();
	shrinker->scan_objects = scan_kept;
	shrinker_register(shrinker);
	KTEST_EXPECT_SILENT(test);
	shrinker_register(shrinker);
	KTEST_EXPECT_SAID(test, "shrinker_register failed with error -22\n");
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, counts, 1);
	/* One that was unregistered the old way may come again. */
	unregister_shrinker(shrinker);
	shrinker_register(shrinker);
	shrinker_free(shrinker);
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, counts, 1);
	shrinker_free(shrinker_alloc(0, "never registered"));
}

/* Linux 6.12 with 300 objects, of which each step frees three: as seen on drop_caches. */
static int steps;

static unsigned long three_hundred(struct shrinker *shrinker, struct shrink_control *sc)
{
	(void)shrinker;
	(void)sc;
	counts++;
	return 300;
}

static unsigned long three(struct shrinker *shrinker, struct shrink_control *sc)
{
	(void)shrinker;
	asked[steps++ & 63] = sc->nr_to_scan;
	return steps > 8 ? SHRINK_STOP : 3;
}

static void reclaim_scans_as_drop_caches(struct kunit *test)
{
	struct shrinker *shrinker = new_form(three_hundred, three);

	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, counts, 3);
	KUNIT_EXPECT_EQ(test, steps, 9);
	for (int i = 0; i < 9; i++)
		KUNIT_EXPECT_EQ(test, asked[i], 128);
	shrinker_free(shrinker);
}

static unsigned long none(struct shrinker *shrinker, struct shrink_control *sc)
{
	(void)shrinker;
	steps++;
	sc->nr_scanned = 0;
	return 0;
}

static void one_that_does_nothing_does_not_hang(struct kunit *test)
{
	struct shrinker *shrinker = new_form(three_hundred, none);

	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, steps, 1);
	shrinker_free(shrinker);
}

/* A callback uses the library, fails to get memory, and reclaims: all without another callback. */
static struct kmem_cache *inner_cache;
static int inside, deepest;

static unsigned long busy(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct kmem_cache *cache;

	(void)shrinker;
	(void)sc;
	inside++;
	deepest = inside > deepest ? inside : deepest;
	cache = kmem_cache_create("inside", 100, 0, SLAB_NO_MERGE, NULL);
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN));
	(void)!kmem_cache_alloc(inner_cache, GFP_KERNEL | __GFP_NOWARN);
	kmem_cache_shrink(cache);
	kmem_reclaim();
	kmem_cache_destroy(cache);
	inside--;
	steps++;
	return 0;
}

static void no_callback_inside_another(struct kunit *test)
{
	struct kmem_cache *cache = big("needs");
	struct shrinker *shrinker = new_form(three_hundred, busy);

	inner_cache = big("inner");
	fill_store(test);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN));
	KUNIT_EXPECT_GT(test, steps, 0);
	KUNIT_EXPECT_EQ(test, deepest, 1);
	shrinker_free(shrinker);
}

static unsigned long frees_itself(struct shrinker *shrinker, struct shrink_control *sc)
{
	(void)sc;
	steps++;
	shrinker_free(shrinker);
	return 1;
}

static void a_callback_may_free_its_shrinker(struct kunit *test)
{
	new_form(three_hundred, frees_itself);
	new_form(frees_itself, three);
	KUNIT_EXPECT_EQ(test, steps, 0);
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, steps, 2);
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, steps, 2);
}

static atomic_int running, finished;

static unsigned long slow(struct shrinker *shrinker, struct shrink_control *sc)
{
	(void)shrinker;
	(void)sc;
	running = 1;
	usleep(200000);
	finished = 1;
	return SHRINK_STOP;
}

static void *reclaims(void *unused)
{
	kmem_reclaim();
	return unused;
}

static void unregistering_waits_for_who_runs_it(struct kunit *test)
{
	struct shrinker *shrinker = new_form(three_hundred, slow);
	pthread_t thread;

	pthread_create(&thread, NULL, reclaims, NULL);
	while (!running)
		usleep(100);
	shrinker_free(shrinker);
	KUNIT_EXPECT_EQ(test, finished, 1);
	pthread_join(thread, NULL);
}

static atomic_bool stop;

static void *reclaims_on(void *unused)
{
	while (!stop)
		kmem_reclaim();
	return unused;
}

static unsigned long own_count(struct shrinker *shrinker, struct shrink_control *sc)
{
	(void)sc;
	return shrinker->private_data == shrinker ? 1000 : 0;
}

static unsigned long own_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	return shrinker->private_data == shrinker ? sc->nr_to_scan / 100 : SHRINK_STOP;
}

static void come_and_go_under_load(struct kunit *test)
{
	pthread_t threads[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, reclaims_on, NULL);
	for (int i = 0; i < 2000; i++) {
		struct shrinker *two[2];

		for (int k = 0; k < 2; k++) {
			two[k] = shrinker_alloc(0, "load");
			two[k]->count_objects = own_count;
			two[k]->scan_objects = own_scan;
			two[k]->private_data = two[k];
			shrinker_register(two[k]);
		}
		for (int k = 0; k < 2; k++) {
			shrinker_free(two[k ^ (i & 1)]);
		}
	}
	stop = true;
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 0);
}

/* --- idle memory, and requests that must not fail ---------------------------------------------------------------- */

/* What a cache keeps for itself, in arrays and empty slabs, is there for another one that may wait. */
static void idle_memory_of_another_cache(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("needs", 4 << 20, 0, SLAB_NO_MERGE, NULL);
	int n;

	fill_store(test);
	while (n_kept > 0)
		kmem_cache_free(store, kept[--n_kept]);
	for (n = 0; kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN); n++)
		;
	/* 32 MiB with metadata: five at least. */
	KUNIT_EXPECT_GE(test, n, 5);
}

static bool given_back;

static void *frees_later(void *unused)
{
	usleep(100000);
	pthread_mutex_lock(&kept_lock);
	__atomic_store_n(&given_back, true, __ATOMIC_SEQ_CST);
	kmem_cache_free(store, kept[--n_kept]);
	pthread_mutex_unlock(&kept_lock);
	return unused;
}

static void waits(struct kunit *test, gfp_t gfp)
{
	pthread_t thread;
	void *object;

	fill_store(test);
	pthread_create(&thread, NULL, frees_later, NULL);
	object = kmem_cache_alloc(store, gfp);
	KUNIT_EXPECT_NOT_NULL(test, object);
	KUNIT_EXPECT_TRUE(test, __atomic_load_n(&given_back, __ATOMIC_SEQ_CST));
	pthread_join(thread, NULL);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(store, GFP_NOWAIT));
}

static void nofail_waits(struct kunit *test)
{
	waits(test, GFP_KERNEL | __GFP_NOFAIL);
	KTEST_EXPECT_SILENT(test);
}

static void the_option_makes_blocking_requests_wait(struct kunit *test)
{
	struct kmem_fault_attr attr;

	waits(test, GFP_KERNEL);
	KTEST_EXPECT_SILENT(test);
	/* Nor does failure injection have them fail. */
	kmem_failslab_get(&attr);
	attr.probability = 100;
	attr.times = -1;
	attr.ignore_gfp_wait = false;
	kmem_failslab_set(&attr);
	kmem_cache_free(store, kept[--n_kept]);
	KUNIT_EXPECT_NOT_NULL(test, kmem_cache_alloc(store, GFP_KERNEL));
	/* One that has another way may fail. */
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(store, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN));
}

/* Pages and large kmalloc have memory found for them, too. */
static void pages_are_found_as_well(struct kunit *test)
{
	struct shrinker *shrinker = new_form(count_kept, scan_kept);
	void *block;

	fill_store(test);
	KUNIT_EXPECT_NULL(test, kmalloc(64 << 10, GFP_NOWAIT));
	block = kmalloc(64 << 10, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, block);
	kfree(block);
	fill_store(test);
	block = vmalloc(100 << 10);
	KUNIT_EXPECT_NOT_NULL(test, block);
	vfree(block);
	shrinker_free(shrinker);
	KTEST_EXPECT_SILENT(test);
}

static void *frees_much_later(void *unused)
{
	while (!ktest_count("SLUB: Unable to allocate memory"))
		usleep(10000);
	return frees_later(unused);
}

static void a_long_wait_says_so_once(struct kunit *test)
{
	pthread_t thread;

	fill_store(test);
	pthread_create(&thread, NULL, frees_much_later, NULL);
	KUNIT_EXPECT_NOT_NULL(test, kmem_cache_alloc(store, GFP_KERNEL | __GFP_NOFAIL));
	pthread_join(thread, NULL);
	KUNIT_EXPECT_EQ(test, ktest_count("SLUB: Unable to allocate memory"), 1);
}

/* More threads than the library keeps places for. A callback must not be entered by a thread that is inside. */
enum { CROWD = 80 };
static __thread int depth;
static int inside_now, most_inside, nested;

static unsigned long reclaims_again(struct shrinker *s, struct shrink_control *sc)
{
	int now = __atomic_add_fetch(&inside_now, 1, __ATOMIC_SEQ_CST), most = __atomic_load_n(&most_inside, __ATOMIC_SEQ_CST);

	(void)s;
	(void)sc;
	while (now > most && !__atomic_compare_exchange_n(&most_inside, &most, now, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	if (++depth > 1)
		__atomic_add_fetch(&nested, 1, __ATOMIC_SEQ_CST);
	else {
		for (int ms = 0; ms < 300; ms++)
			usleep(1000);
		kmem_reclaim();
	}
	depth--;
	__atomic_sub_fetch(&inside_now, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static void a_crowd_reclaims(struct kunit *test)
{
	struct shrinker *shrinker = shrinker_alloc(0, "crowd");
	pthread_t threads[CROWD];

	KUNIT_ASSERT_NOT_NULL(test, shrinker);
	shrinker->count_objects = reclaims_again;
	shrinker->scan_objects = scan_kept;
	shrinker_register(shrinker);
	for (int i = 0; i < CROWD; i++)
		KUNIT_EXPECT_EQ(test, pthread_create(&threads[i], NULL, reclaims, NULL), 0);
	for (int i = 0; i < CROWD; i++)
		pthread_join(threads[i], NULL);
	shrinker_free(shrinker);
	KUNIT_EXPECT_GT(test, most_inside, 1);
	KUNIT_EXPECT_EQ(test, nested, 0);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(
	KTEST(frees_before_an_allocation_fails, .cmdline = SMALL_ARENA),
	KTEST(the_new_form, .cmdline = SMALL_ARENA),
	KTEST(wrong_registrations),
	KTEST(wrong_registrations_of_the_new_form),
	KTEST(reclaim_scans_as_drop_caches),
	KTEST(one_that_does_nothing_does_not_hang),
	KTEST(no_callback_inside_another, .cmdline = SMALL_ARENA),
	KTEST(a_callback_may_free_its_shrinker),
	KTEST(unregistering_waits_for_who_runs_it),
	KTEST(come_and_go_under_load),
	KTEST(a_crowd_reclaims),
	KTEST(idle_memory_of_another_cache, .cmdline = SMALL_ARENA),
	KTEST(nofail_waits, .cmdline = SMALL_ARENA),
	KTEST(the_option_makes_blocking_requests_wait, .cmdline = SMALL_ARENA " kmem.nofail=1"),
	KTEST(pages_are_found_as_well, .cmdline = SMALL_ARENA),
	KTEST(a_long_wait_says_so_once, .cmdline = SMALL_ARENA))
