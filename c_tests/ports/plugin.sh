#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# A shared object that is loaded at run time has readers of its own, if it does not find the program's counts: objects are
# waited for by both, and by the program alone when the shared object is unloaded. At risk: a reader in the shared object that
# nobody knows of; a function that is called when its code is gone.
#
# Prints TAP. CC, CFLAGS and KMEM_LIBS come from the environment.
set -u
cd "$(dirname "$0")/../.." || exit 1
CC=${CC:-cc}
KMEM_LIBS=${KMEM_LIBS:--Ltarget/release -lkmem -Wl,-rpath,$PWD/target/release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/plugin.c" <<'C'
#include <linux/rcupdate.h>

void *counts(void);
void begin(void);
void end(void);

void *counts(void)
{
	return &kmem_rcu;
}

void begin(void)
{
	rcu_read_lock();
}

void end(void)
{
	rcu_read_unlock();
}
C
cat >"$work/program.c" <<'C'
#include <dlfcn.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(x) \
	do { \
		if (!(x)) { \
			printf("%d: %s\n", __LINE__, #x); \
			exit(1); \
		} \
	} while (0)

static char *give_up_a_slab(void)
{
	struct kmem_cache *cache = kmem_cache_create("shared", 1000, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	char *object = (char *)kmem_cache_alloc(cache, GFP_KERNEL);

	*object = 42;
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	return object;
}

int main(int argc, char **argv)
{
	int i;

	(void)argc;
	for (i = 0; i < 3; i++) {
		void *plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
		void *(*counts)(void);
		void (*begin)(void), (*end)(void);
		char *object;

		CHECK(plugin);
		*(void **)&counts = dlsym(plugin, "counts");
		*(void **)&begin = dlsym(plugin, "begin");
		*(void **)&end = dlsym(plugin, "end");
		CHECK((counts() == &kmem_rcu) == atoi(argv[2]));
		begin();
		object = give_up_a_slab();
		CHECK(kmem_rcu_settle() > 0 && *object == 42);
		rcu_read_lock();
		end();
		CHECK(kmem_rcu_settle() > 0 && *object == 42);
		rcu_read_unlock();
		CHECK(kmem_rcu_settle() == 0);
		/* What it has begun to wait for is over when it goes. */
		begin();
		give_up_a_slab();
		CHECK(kmem_rcu_settle() > 0);
		end();
		CHECK(dlclose(plugin) == 0);
		CHECK(!dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD));
		CHECK(kmem_rcu_settle() == 0);
		give_up_a_slab();
		CHECK(kmem_rcu_settle() == 0);
		rcu_read_lock();
		object = give_up_a_slab();
		CHECK(kmem_rcu_settle() > 0 && *object == 42);
		rcu_read_unlock();
		CHECK(kmem_rcu_settle() == 0);
	}
	return 0;
}
C
n=0
# run NAME SHARED OPTION...: a program with these options, and whether it shares its counts
run() {
	n=$((n + 1))
	local name=$1 shared=$2
	shift 2
	# CC, CFLAGS and KMEM_LIBS are lists of words.
	# shellcheck disable=SC2086
	if $CC -std=gnu11 ${CFLAGS-} -Wall -Wextra -Iinclude -fPIC -shared "$work/plugin.c" -o "$work/plugin.so" \
			$KMEM_LIBS >"$work/log" 2>&1 &&
		$CC -std=gnu11 ${CFLAGS-} -Wall -Wextra -Wno-use-after-free -Iinclude "$@" "$work/program.c" -o "$work/program" $KMEM_LIBS -ldl \
			>>"$work/log" 2>&1 &&
		timeout 60 "$work/program" "$work/plugin.so" "$shared" >>"$work/log" 2>&1 && [ ! -s "$work/log" ]
	then echo "ok $n - $name"; else echo "not ok $n - $name"; sed 's/^/# /' "$work/log"; fi
}
run "a shared object with counts of its own" 0 -fpie -pie
run "the same in a program at a fixed address" 0 -fno-pie -no-pie
run "a shared object that finds the program's" 1 -rdynamic
echo "1..$n"
