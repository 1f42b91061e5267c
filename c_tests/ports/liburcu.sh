#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# The kit beside liburcu: that library's names are kept, the kernel's other names work on top of it, kfree_rcu()
# included, and threads that never registered allocate and free. At risk: two definitions of one name.
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
}
echo "1..$n"
