/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * linux/rcupdate.h: an object lives as long as a reader can see it, and no longer than the next grace period.
 * At risk: a reader that a grace period does not wait for. Objects are overwritten where a kernel would free them.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include "tap.h"

#define READERS	3
#define ALIVE	0x600d600d600dUL
#define DEAD	0xdeaddeaddeadUL

struct thing {
	unsigned long state[4];
	struct rcu_head rcu;
	struct list_head link;
};

static struct kmem_cache *cache;
static struct thing *current_thing;
static LIST_HEAD(list);
static atomic_t dead_seen, reads, called, stop;

static struct thing *make(void)
{
	struct thing *thing = (struct thing *)kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOFAIL);
	int i;

	for (i = 0; i < 4; i++)
		WRITE_ONCE(thing->state[i], ALIVE);
	return thing;
}

static void bury(struct thing *thing)
{
	int i;

	for (i = 0; i < 4; i++)
		WRITE_ONCE(thing->state[i], DEAD);
	kmem_cache_free(cache, thing);
}

static void bury_later(struct rcu_head *head)
{
	bury(container_of(head, struct thing, rcu));
	atomic_inc(&called);
}

static void *reader(void *unused)
{
	struct thing *thing;
	int i;

	while (!atomic_read(&stop)) {
		rcu_read_lock();
		thing = rcu_dereference(current_thing);
		rcu_read_lock();
		for (i = 0; i < 4; i++) {
			if (READ_ONCE(thing->state[i]) != ALIVE)
				atomic_inc(&dead_seen);
			if (i == 1)
				sched_yield();
		}
		rcu_read_unlock();
		list_for_each_entry_rcu(thing, &list, link)
			if (READ_ONCE(thing->state[0]) != ALIVE)
				atomic_inc(&dead_seen);
		rcu_read_unlock();
		atomic_inc(&reads);
	}
	return unused;
}

static void replace(int later)
{
	struct thing *thing = make(), *old = current_thing;

	rcu_assign_pointer(current_thing, thing);
	if (later) {
		call_rcu(&old->rcu, bury_later);
	} else {
		synchronize_rcu();
		bury(old);
	}
}

static DEFINE_MUTEX(writers);
static DECLARE_COMPLETION(inside);
static DECLARE_COMPLETION(leave);
static atomic_t over;

static void *writer(void *unused)
{
	int i;

	for (i = 0; i < 200; i++) {
		struct thing *thing;

		mutex_lock(&writers);
		replace(i % 2);
		thing = make();
		list_add_rcu(&thing->link, &list);
		if (i >= 10) {
			thing = list_last_entry(&list, struct thing, link);
			list_del_rcu(&thing->link);
			call_rcu(&thing->rcu, bury_later);
		}
		mutex_unlock(&writers);
	}
	return unused;
}

/* Stays a reader until it is told to leave. */
static void *guest(void *unused)
{
	rcu_read_lock();
	complete(&inside);
	wait_for_completion(&leave);
	atomic_set(&over, 1);
	rcu_read_unlock();
	return unused;
}

static void *waiter(void *result)
{
	synchronize_rcu();
	*(int *)result = atomic_read(&over);
	return NULL;
}

static void test_waiting(void)
{
	pthread_t threads[2];
	int saw = -1, done;

	pthread_create(&threads[0], NULL, guest, NULL);
	wait_for_completion(&inside);
	pthread_create(&threads[1], NULL, waiter, &saw);
	call_rcu(&make()->rcu, bury_later);
	msleep(50);
	done = atomic_read(&called);
	/* New readers are not kept out meanwhile. */
	rcu_read_lock();
	rcu_read_unlock();
	complete(&leave);
	pthread_join(threads[1], NULL);
	rcu_barrier();
	ok(saw == 1, "synchronize_rcu() waits for a reader");
	ok(done == 0 && atomic_read(&called) == 1, "so does call_rcu()");
	pthread_join(threads[0], NULL);
}

static size_t live_objects(void)
{
	struct kmem_usage usage = { .size = sizeof(usage) };

	kmem_usage(&usage);
	return usage.live_objects;
}

static void test_kfree_rcu(void)
{
	size_t live = live_objects();
	struct thing *thing = (struct thing *)kmalloc(sizeof(*thing), GFP_KERNEL);
	struct thing *large = (struct thing *)kvmalloc(100 * sizeof(*large), GFP_KERNEL);
	pthread_t thread;

	reinit_completion(&inside);
	reinit_completion(&leave);
	pthread_create(&thread, NULL, guest, NULL);
	wait_for_completion(&inside);
	thing->state[0] = large->state[0] = ALIVE;
	kfree_rcu(thing, rcu);
	kvfree_rcu(large, rcu);
	kfree_rcu(make(), rcu);
	thing = NULL;
	kfree_rcu(thing, rcu);
	kfree_rcu_mightsleep(thing);
	msleep(20);
	ok(READ_ONCE(large->state[0]) == ALIVE, "kfree_rcu() leaves the object to readers");
	complete(&leave);
	pthread_join(thread, NULL);
	rcu_barrier();
	ok(live_objects() == live, "kfree_rcu() of memory from kmalloc(), kvmalloc() and a cache");
	kfree_rcu_mightsleep(kmalloc(sizeof(*thing), GFP_KERNEL));
	ok(live_objects() == live, "kfree_rcu_mightsleep() as well");
}

static void test_fork(void)
{
	int status = 1;
	pid_t child = fork();

	if (!child) {
		atomic_set(&called, 0);
		call_rcu(&make()->rcu, bury_later);
		rcu_barrier();
		_exit(atomic_read(&called) != 1);
	}
	waitpid(child, &status, 0);
	ok(status == 0, "callbacks in a child of fork()");
}

static struct rcu_head heads[4];

static void counts(struct rcu_head *unused)
{
	(void)unused;
	atomic_inc(&called);
}

static void takes_its_time(struct rcu_head *head)
{
	complete(&inside);
	wait_for_completion(&leave);
	counts(head);
}

/* What waits in the child of a fork is called there. */
static int child_calls(int reads, int expected)
{
	int status = 1;
	pid_t child = fork();

	if (!child) {
		alarm(10);
		atomic_set(&called, 0);
		if (reads)
			rcu_read_unlock();
		synchronize_rcu();
		rcu_barrier();
		if (atomic_read(&called) != expected)
			_exit(2);
		call_rcu(&heads[3], counts);
		rcu_barrier();
		_exit(atomic_read(&called) != expected + 1);
	}
	waitpid(child, &status, 0);
	return status == 0;
}

static void forks(struct rcu_head *unused)
{
	(void)unused;
	atomic_set(&over, child_calls(0, 1));
}

static void test_fork_beside_callbacks(void)
{
	reinit_completion(&inside);
	reinit_completion(&leave);
	atomic_set(&called, 0);
	call_rcu(&heads[0], takes_its_time);
	wait_for_completion(&inside);
	call_rcu(&heads[1], takes_its_time);
	call_rcu(&heads[2], counts);
	complete(&leave);
	wait_for_completion(&inside);
	call_rcu(&heads[0], counts);
	/* One is called, one of its batch is not yet, one came later. */
	ok(child_calls(0, 2), "those that wait while another is called, in a child of fork()");
	complete(&leave);
	rcu_barrier();
	ok(atomic_read(&called) == 4, "and in the parent");

	rcu_read_lock();
	call_rcu(&heads[0], counts);
	msleep(200);
	ok(child_calls(1, 1), "those that wait for a reader who forks");
	rcu_read_unlock();
	rcu_barrier();

	rcu_read_lock();
	call_rcu(&heads[0], counts);
	msleep(50);
	call_rcu(&heads[1], forks);
	call_rcu(&heads[2], counts);
	atomic_set(&over, 0);
	rcu_read_unlock();
	rcu_barrier();
	ok(atomic_read(&over) == 1 && atomic_read(&called) == 7, "those behind a callback that forks");
}

/*
 * A reader in a signal handler is one, at whatever moment of its thread's own reading it comes. Handlers count those that no
 * grace period would see.
 */
static atomic_t handled, unseen;

static unsigned long readers_seen(void)
{
	unsigned long n = 0;
	int i;

	for (i = 0; i < 2 * KMEM_RCU_STRIPES; i++)
		n += __atomic_load_n(&kmem_rcu.readers[i / KMEM_RCU_STRIPES][i % KMEM_RCU_STRIPES].count, __ATOMIC_SEQ_CST);
	return n;
}

static void handler(int signal)
{
	(void)signal;
	rcu_read_lock();
	if (!readers_seen())
		atomic_inc(&unseen);
	rcu_read_unlock();
	atomic_inc(&handled);
}

static void *changes_sides(void *unused)
{
	while (!atomic_read(&stop))
		synchronize_rcu();
	atomic_set(&stop, 0);
	return unused;
}

static void test_handlers(void)
{
	struct itimerval often = { { 0, 50 }, { 0, 50 } }, never = { { 0, 0 }, { 0, 0 } };
	struct sigaction action = { 0 };
	pthread_t thread;
	int ms;

	action.sa_handler = handler;
	action.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &action, NULL);
	rcu_read_lock();
	rcu_read_unlock();
	pthread_create(&thread, NULL, changes_sides, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (ms = 0; ms < 20000 && atomic_read(&handled) < 5000; ms++) {
		for (int i = 0; i < 20000; i++) {
			rcu_read_lock();
			rcu_read_unlock();
		}
	}
	setitimer(ITIMER_REAL, &never, NULL);
	atomic_set(&stop, 1);
	for (ms = 0; ms < 10000 && atomic_read(&stop); ms++)
		msleep(1);
	ok(!atomic_read(&stop), "a grace period ends beside readers in signal handlers");
	if (atomic_read(&stop))
		exit(1);
	pthread_join(thread, NULL);
	ok(atomic_read(&handled) > 0 && atomic_read(&unseen) == 0, "readers in signal handlers are seen");
	ok(readers_seen() == 0, "and none of them stays");
}

int main(void)
{
	pthread_t readers[READERS], writer_threads[2];
	int i;

	cache = kmem_cache_create("things", sizeof(struct thing), 0, 0, NULL);
	current_thing = make();
	rcu_barrier();
	ok(1, "rcu_barrier() with nothing to wait for");
	test_waiting();
	test_kfree_rcu();
	test_fork();
	test_fork_beside_callbacks();
	test_handlers();

	atomic_set(&called, 0);
	for (i = 0; i < READERS; i++)
		pthread_create(&readers[i], NULL, reader, NULL);
	for (i = 0; i < 2; i++)
		pthread_create(&writer_threads[i], NULL, writer, NULL);
	for (i = 0; i < 2; i++)
		pthread_join(writer_threads[i], NULL);
	while (atomic_read(&reads) < 100)
		msleep(1);
	atomic_set(&stop, 1);
	for (i = 0; i < READERS; i++)
		pthread_join(readers[i], NULL);
	rcu_barrier();
	ok(atomic_read(&dead_seen) == 0, "no reader sees an object after its end");
	ok(atomic_read(&called) == 2 * (100 + 190), "each callback is called once");
	rcu_read_lock();
	ok(rcu_read_lock_held(), "rcu_read_lock_held()");
	rcu_read_unlock();
	ok(!rcu_read_lock_held(), "and not afterwards");

	/* What is not back in the cache would be listed. */
	for (;;) {
		struct thing *thing = list_first_or_null_rcu(&list, struct thing, link);

		if (!thing)
			break;
		list_del_rcu(&thing->link);
		kfree_rcu(thing, rcu);
	}
	kfree_rcu(current_thing, rcu);
	rcu_barrier();
	capture();
	kmem_cache_destroy(cache);
	ok(!*captured(), "nothing is left in the cache");
	return tap_done();
}
