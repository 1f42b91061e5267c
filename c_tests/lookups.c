// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Looking up by key without a lock, in a cache with SLAB_TYPESAFE_BY_RCU: the way that Linux documents beside the flag, by
 * threads that run freely while entries and whole slabs come and go, and others write to whatever memory they can have.
 *
 * At risk: an entry that is of another type, or of another key, in the hands of a reader.
 */
#include <linux/rculist_nulls.h>
#include <linux/slab.h>
#include <pthread.h>
#include <time.h>

#include "ktest.h"
#include "util.h"

static int stop;

enum { BUCKETS = 64, KEYS = 4000, READERS = 2, CONSTRUCTED = 0x7e57 };

struct entry {
	unsigned long constructed; /* by the constructor, and never changed */
	struct hlist_nulls_node node;
	unsigned int refs, key;
	unsigned long twice[6]; /* the key, while there is a reference */
};

static struct hlist_nulls_head table[BUCKETS];
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct kmem_cache *entries;
static unsigned long found, missed, other_type, other_key, stale_counts;

static void construct(void *object)
{
	struct entry *entry = object;

	entry->constructed = CONSTRUCTED;
	entry->refs = 0;
}

static void put_entry(struct entry *entry)
{
	if (__atomic_sub_fetch(&entry->refs, 1, __ATOMIC_ACQ_REL) == 0)
		kmem_cache_free(entries, entry);
}

static bool get_entry(struct entry *entry)
{
	unsigned int refs = __atomic_load_n(&entry->refs, __ATOMIC_RELAXED);

	while (refs)
		if (__atomic_compare_exchange_n(&entry->refs, &refs, refs + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return true;
	return false;
}

/* The way that Linux documents beside the flag. */
static struct entry *look_up(unsigned int key)
{
	struct hlist_nulls_node *node;
	struct entry *entry;

	rcu_read_lock();
again:
	hlist_nulls_for_each_entry_rcu(entry, node, &table[key % BUCKETS], node) {
		if (READ_ONCE(entry->constructed) != CONSTRUCTED) {
			__atomic_add_fetch(&other_type, 1, __ATOMIC_RELAXED);
			rcu_read_unlock();
			return NULL;
		}
		if (READ_ONCE(entry->key) != key || !get_entry(entry))
			continue;
		if (READ_ONCE(entry->key) == key) {
			rcu_read_unlock();
			return entry;
		}
		put_entry(entry);
	}
	if (get_nulls_value(node) != key % BUCKETS)
		goto again;
	rcu_read_unlock();
	return NULL;
}

static void *look_up_all(void *seed)
{
	uint64_t state = (uint64_t)(uintptr_t)seed;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED) && !__atomic_load_n(&other_type, __ATOMIC_RELAXED)) {
		unsigned int key = random_next(&state) % KEYS;
		struct entry *entry = look_up(key);

		if (!entry) {
			__atomic_add_fetch(&missed, 1, __ATOMIC_RELAXED);
			continue;
		}
		__atomic_add_fetch(&found, 1, __ATOMIC_RELAXED);
		for (int i = 0; i < 6; i++)
			if (entry->twice[i] != key)
				__atomic_add_fetch(&other_key, 1, __ATOMIC_RELAXED);
		put_entry(entry);
	}
	return NULL;
}

static void add_entry(unsigned int key)
{
	struct entry *entry = kmem_cache_alloc(entries, GFP_KERNEL | __GFP_NOFAIL);

	if (__atomic_load_n(&entry->refs, __ATOMIC_RELAXED))
		stale_counts++;
	WRITE_ONCE(entry->key, key);
	for (int i = 0; i < 6; i++)
		entry->twice[i] = key;
	__atomic_store_n(&entry->refs, 1, __ATOMIC_RELEASE);
	pthread_mutex_lock(&table_lock);
	hlist_nulls_add_head_rcu(&entry->node, &table[key % BUCKETS]);
	pthread_mutex_unlock(&table_lock);
}

static void empty_table(void)
{
	for (int i = 0; i < BUCKETS; i++) {
		while (!hlist_nulls_empty(&table[i])) {
			struct entry *entry = hlist_nulls_entry(table[i].first, struct entry, node);

			pthread_mutex_lock(&table_lock);
			hlist_nulls_del_rcu(&entry->node);
			pthread_mutex_unlock(&table_lock);
			put_entry(entry);
		}
	}
}

/* Takes pages and writes to them. */
static void *squat(void *unused)
{
	enum { N = 300 };
	static void *pages[N];

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		for (int i = 0; i < N; i++)
			if ((pages[i] = kmalloc(i % 2 ? 4096 : 16384, GFP_KERNEL)))
				memset(pages[i], 0xee, 4096);
		for (int i = 0; i < N; i++)
			kfree(pages[i]);
	}
	return unused;
}

static void lookups(struct kunit *test, uint64_t seed, unsigned long flags, int milliseconds)
{
	pthread_t readers[READERS], squatter;
	struct timespec begun, now;
	int rounds = 0;

	for (int i = 0; i < BUCKETS; i++)
		INIT_HLIST_NULLS_HEAD(&table[i], i);
	stop = 0;
	found = missed = 0;
	entries = kmem_cache_create("entries", sizeof(struct entry), 0, flags | SLAB_TYPESAFE_BY_RCU, construct);
	for (uintptr_t i = 0; i < READERS; i++)
		pthread_create(&readers[i], NULL, look_up_all, (void *)(uintptr_t)(seed * 31 + i + 1));
	pthread_create(&squatter, NULL, squat, NULL);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	do {
		unsigned int first = random_next(&seed) % KEYS, last = first + random_next(&seed) % KEYS;

		for (unsigned int key = first; key < last; key++)
			add_entry(key % KEYS);
		empty_table();
		switch (random_next(&seed) % 3) {
		case 0:
			kmem_cache_shrink(entries);
			break;
		case 1:
			kmem_reclaim();
			break;
		}
		rounds++;
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((now.tv_sec - begun.tv_sec) * 1000 + (now.tv_nsec - begun.tv_nsec) / 1000000 < milliseconds);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < READERS; i++)
		pthread_join(readers[i], NULL);
	pthread_join(squatter, NULL);
	kmem_cache_destroy(entries);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, kmem_rcu_settle(), 0);
	KUNIT_EXPECT_EQ(test, other_type, 0);
	KUNIT_EXPECT_EQ(test, other_key, 0);
	KUNIT_EXPECT_EQ(test, stale_counts, 0);
	KUNIT_EXPECT_GT(test, found, 0);
	printf("# %d rounds, %lu found, %lu not\n", rounds, found, missed);
}

static void g10_lookups_by_seed(struct kunit *test)
{
	const char *seconds = getenv("KMEM_STRESS_SECONDS");

	for (uint64_t seed = 1; seed <= 4 && !test->failures; seed++)
		lookups(test, seed, seed % 2 ? 0 : SLAB_RED_ZONE, seconds ? atoi(seconds) * 1000 : 700);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(
	KTEST(g10_lookups_by_seed),
	{ .name = "lookups_hardened", .run = g10_lookups_by_seed, .cmdline = "kmem.harden=1" },
	{ .name = "lookups_cleared", .run = g10_lookups_by_seed, .cmdline = "init_on_free=1" })
