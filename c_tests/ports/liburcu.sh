#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# The kit beside liburcu: that library's names are kept, the kernel's other names work on top of it, kfree_rcu()
# included, and threads that never registered allocate and free. Its readers keep what SLAB_TYPESAFE_BY_RCU promises.
# At risk: two definitions of one name; pages that a reader of liburcu's still looks at, or that stay for ever.
#
# Prints TAP. CC, CFLAGS and KMEM_LIBS come from the environment.
set -u
cd "$(dirname "$0")/../.." || exit 1
CC=${CC:-cc}
KMEM_LIBS=${KMEM_LIBS:--Ltarget/release -lkmem -Wl,-rpath,$PWD/target/release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! echo '#include <urcu.h>' | $CC -E - >/dev/null 2>&1; then
	echo "ok 1 - liburcu # SKIP it is not installed"
	echo "1..1"
	exit
fi
cat >"$work/beside.c" <<'C'
#include <urcu.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <pthread.h>

struct thing {
	struct list_head link;
	int value;
	struct rcu_head rcu;
};

static LIST_HEAD(list);
static DEFINE_MUTEX(lock);
static struct thing *newest;
static struct kmem_cache *cache;

static void *change(void *unused)
{
	int i;

	for (i = 0; i < 1000; i++) {
		struct thing *thing = kmem_cache_alloc(cache, GFP_KERNEL), *old;

		thing->value = 7;
		mutex_lock(&lock);
		list_add_rcu(&thing->link, &list);
		old = rcu_replace_pointer(newest, thing, 1);
		if (old) {
			list_del_rcu(&old->link);
			kfree_rcu(old, rcu);
		}
		mutex_unlock(&lock);
	}
	return unused;
}

int main(void)
{
	pthread_t thread;
	struct thing *thing;
	int i, wrong = 0;

	cache = KMEM_CACHE(thing, 0);
	rcu_register_thread();
	pthread_create(&thread, NULL, change, NULL);
	for (i = 0; i < 10000; i++) {
		rcu_read_lock();
		list_for_each_entry_rcu(thing, &list, link)
			wrong += thing->value != 7;
		rcu_read_unlock();
	}
	rcu_unregister_thread();
	pthread_join(thread, NULL);
	kfree_rcu(newest, rcu);
	thing = NULL;
	kfree_rcu(thing, rcu);
	kfree_rcu_mightsleep(kmalloc(10, GFP_KERNEL));
	rcu_barrier();
	kmem_cache_destroy(cache);
	return wrong != 0;
}
C
cat >"$work/typesafe.c" <<'C'
#define _LGPL_SOURCE
#include <urcu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#define N 5000
#define SIZE 200

static unsigned char *objects[N];
static int stage, whole;

static void wait_for(int wanted)
{
	while (__atomic_load_n(&stage, __ATOMIC_ACQUIRE) < wanted)
		usleep(100);
}

static void *reader(void *unused)
{
	int i, at;

	rcu_register_thread();
	rcu_read_lock();
	__atomic_store_n(&stage, 1, __ATOMIC_RELEASE);
	wait_for(2);
	for (whole = i = 0; i < N; i++) {
		for (at = 0; at < SIZE && objects[i][at] == 7;)
			at++;
		whole += at == SIZE;
	}
	__atomic_store_n(&stage, 3, __ATOMIC_RELEASE);
	wait_for(4);
	rcu_read_unlock();
	rcu_unregister_thread();
	return unused;
}

/* Allocates, frees and destroys under a reader; how many objects the reader finds whole. */
static int round_of(int with_reader, size_t *waiting)
{
	struct kmem_cache *cache = kmem_cache_create("typesafe", SIZE, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	static void *others[4 * N];
	pthread_t thread;
	int i;

	for (i = 0; i < N; i++)
		memset(objects[i] = (unsigned char *)kmem_cache_alloc(cache, GFP_KERNEL), 7, SIZE);
	stage = 0;
	if (with_reader) {
		pthread_create(&thread, NULL, reader, NULL);
		wait_for(1);
	}
	for (i = 0; i < N; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_shrink(cache);
	kmem_cache_destroy(cache);
	for (i = 0; i < 4 * N; i++)
		memset(others[i] = kmalloc(SIZE, GFP_KERNEL), 0xee, SIZE);
	for (i = 0; i < 4 * N; i++)
		kfree(others[i]);
	kmem_reclaim();
	*waiting = kmem_rcu_settle();
	if (with_reader) {
		__atomic_store_n(&stage, 2, __ATOMIC_RELEASE);
		wait_for(3);
		__atomic_store_n(&stage, 4, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
	}
	/* What came when a grace period had begun waits for the next. */
	rcu_barrier();
	rcu_barrier();
	return whole;
}

int main(void)
{
	struct kmem_usage usage;
	size_t waiting;
	int i;

	for (i = 0; i < 3; i++) {
		if (round_of(1, &waiting) != N || waiting < N * SIZE) {
			printf("%d objects are whole, %zu bytes wait\n", whole, waiting);
			return 1;
		}
		if (kmem_rcu_settle()) {
			printf("%zu bytes still wait\n", kmem_rcu_settle());
			return 1;
		}
		round_of(0, &waiting);
		if (kmem_rcu_settle()) {
			printf("%zu bytes wait for nobody\n", kmem_rcu_settle());
			return 1;
		}
	}
	kmem_reclaim();
	usage.size = sizeof(usage);
	kmem_usage(&usage);
	if (usage.slab_bytes > N * SIZE / 10)
		printf("%zu bytes in slabs\n", usage.slab_bytes);
	return 0;
}
C
n=0
report() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' "$work/log"; fi
}
# CC, CFLAGS and KMEM_LIBS are lists of words.
# shellcheck disable=SC2086
{
	$CC -std=gnu11 ${CFLAGS-} -Wall -Wextra -Werror -Iinclude -pthread "$work/beside.c" -o "$work/beside" $KMEM_LIBS -lurcu \
		>"$work/log" 2>&1
	report $? "both compile in one file"
	timeout 60 "$work/beside" >"$work/log" 2>&1
	report $? "readers see whole objects"
	[ ! -s "$work/log" ]
	report $? "and all of them come back to the cache"
	for flavor in "memb urcu.h" "mb urcu.h -DRCU_MB" "bp urcu-bp.h" "qsbr urcu-qsbr.h"; do
		read -r name header define <<<"$flavor"
		sed "s|<urcu.h>|<$header>|" "$work/typesafe.c" >"$work/one.c"
		for compiler in "$CC -std=gnu11" "${CXX:-c++} -x c++ -std=gnu++17"; do
			command -v "${compiler%% *}" >/dev/null || continue
			$compiler ${CFLAGS-} $define -Wall -Wextra -Werror -Iinclude -pthread "$work/one.c" -x none \
				-o "$work/one" $KMEM_LIBS "-lurcu-$name" -lurcu-common >"$work/log" 2>&1 &&
				timeout 60 "$work/one" >"$work/log" 2>&1 && [ ! -s "$work/log" ]
			report $? "a reader of urcu-$name's keeps what it looks at, and nothing stays (${compiler%% *})"
		done
	done
}
echo "1..$n"
