#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# ThreadSanitizer and helgrind understand the kit's locks: a program that uses them well gives no report, and the same
# one without its locks gives some. At risk: a lock that works, but that the tools do not see.
#
# Prints TAP. CC, CFLAGS and KMEM_LIBS come from the environment.
set -u
cd "$(dirname "$0")/../.." || exit 1
CC=${CC:-cc}
KMEM_LIBS=${KMEM_LIBS:--Ltarget/release -lkmem -Wl,-rpath,$PWD/target/release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/locks.c" <<'C'
#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <pthread.h>

static DEFINE_SPINLOCK(spin);
static DEFINE_RWLOCK(rwlock);
static DEFINE_MUTEX(mutex);
static DECLARE_RWSEM(rwsem);
static DEFINE_SEMAPHORE(semaphore, 1);
static DECLARE_COMPLETION(done);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static long a, b, c, d, e, result, turn;

#ifdef BROKEN
#define LOCKED(lock, unlock, what) what
#else
#define LOCKED(lock, unlock, what) do { lock; what; unlock; } while (0)
#endif

static long whose(void)
{
	long t;

	LOCKED(spin_lock(&spin), spin_unlock(&spin), t = turn);
	return t;
}

static void *run(void *number)
{
	long i, sum = 0;

	for (i = 0; i < 50; i++) {
		LOCKED(spin_lock(&spin), spin_unlock(&spin), a++);
		LOCKED(write_lock(&rwlock), write_unlock(&rwlock), b++);
		LOCKED(read_lock(&rwlock), read_unlock(&rwlock), sum += b);
		LOCKED(mutex_lock(&mutex), mutex_unlock(&mutex), c++);
		LOCKED(down_write(&rwsem), up_write(&rwsem), d++);
		LOCKED(down_read(&rwsem), up_read(&rwsem), sum += d);
		LOCKED(down(&semaphore), up(&semaphore), e++);
	}
	for (i = 0; i < 5; i++) {
		wait_event(queue, whose() == (long)number);
		LOCKED(spin_lock(&spin), spin_unlock(&spin), turn = !turn);
		wake_up(&queue);
	}
	if (!number) {
		result = sum;
		complete(&done);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[2];
	long i;

	for (i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, run, (void *)i);
	wait_for_completion(&done);
	i = result < 0;
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return (int)i;
}
C

n=0
report() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; tail -n 40 "$work/log" | sed 's/^/# /'; fi
}
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# CC, CFLAGS and KMEM_LIBS are lists of words.
# shellcheck disable=SC2086
build() {
	$CC -std=gnu11 ${CFLAGS-} -g -O1 -Iinclude -pthread "$@" "$work/locks.c" -o "$work/locks" $KMEM_LIBS >"$work/log" 2>&1
}

echo 'int main(void) { return 0; }' >"$work/empty.c"
# shellcheck disable=SC2086
if $CC ${CFLAGS-} -fsanitize=thread "$work/empty.c" -o "$work/empty" 2>/dev/null && "$work/empty" 2>/dev/null; then
	build -Wno-tsan -fsanitize=thread && timeout 60 "$work/locks" >"$work/log" 2>&1
	report $? "ThreadSanitizer has nothing to say"
	build -Wno-tsan -fsanitize=thread -DBROKEN && timeout 60 "$work/locks" >"$work/log" 2>&1
	grep -q 'WARNING: ThreadSanitizer: data race' "$work/log"
	report $? "ThreadSanitizer finds what is not locked"
else
	skip "ThreadSanitizer" "it does not run here"
fi
if command -v valgrind >/dev/null; then
	build && timeout 100 valgrind -q --tool=helgrind --error-exitcode=9 "$work/locks" >"$work/log" 2>&1
	report $? "helgrind has nothing to say"
	build -DBROKEN
	timeout 100 valgrind -q --tool=helgrind --error-exitcode=9 "$work/locks" >"$work/log" 2>&1
	grep -q 'Possible data race' "$work/log"
	report $? "helgrind finds what is not locked"
else
	skip "helgrind" "valgrind is not installed"
fi
echo "1..$n"
