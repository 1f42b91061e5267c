/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * No wait of the kit is a cancellation point. A thread that is to be cancelled before it waits comes back from the wait, and
 * ends at a place of its own. At risk: a lock that the dead thread has, an entry on its stack that a queue still knows.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <pthread.h>
#include <sys/wait.h>
#include "tap.h"

static DEFINE_RWLOCK(rwlock);
static DECLARE_RWSEM(rwsem);
static DEFINE_SEMAPHORE(semaphore, 0);
static DECLARE_COMPLETION(completion);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static struct task_struct *sleeper;
static struct rcu_head head;
static int happened;
static atomic_t came_back;

static void nothing(void) { }
static void take_rwlock(void) { write_lock(&rwlock); }
static void give_rwlock(void) { write_unlock(&rwlock); }
static void wait_read(void) { read_lock(&rwlock); read_unlock(&rwlock); }
static void wait_write(void) { write_lock(&rwlock); write_unlock(&rwlock); }
static void take_rwsem(void) { down_write(&rwsem); }
static void give_rwsem(void) { up_write(&rwsem); }
static void wait_down_read(void) { down_read(&rwsem); up_read(&rwsem); }
static void wait_down_write(void) { down_write(&rwsem); up_write(&rwsem); }
static void give_semaphore(void) { up(&semaphore); }
static void wait_down(void) { down(&semaphore); }
static void wait_down_timeout(void) { if (down_timeout(&semaphore, 100 * HZ)) abort(); }
static void give_completion(void) { complete(&completion); }
static void wait_completion(void) { wait_for_completion(&completion); }
static void wait_completion_timeout(void) { wait_for_completion_timeout(&completion, 100 * HZ); }
static void wait_queue(void) { wait_event(queue, READ_ONCE(happened)); }
static void wait_queue_timeout(void) { wait_event_timeout(queue, READ_ONCE(happened), 100 * HZ); }
static void wait_schedule(void) { schedule(); }
static void wait_schedule_timeout(void) { schedule_timeout(100 * HZ); }
static void read_rcu(void) { rcu_read_lock(); }
static void wait_msleep(void) { msleep(5); }
static void called(struct rcu_head *unused) { (void)unused; }

static void wake_sleeper(void)
{
	struct task_struct *task;

	while (!(task = smp_load_acquire(&sleeper)))
		msleep(1);
	/* A thread that came back needs it no more, and may be gone. */
	if (!atomic_read(&came_back))
		wake_up_process(task);
}

/* Who waits for readers yields for a while before he sleeps. */
static void leave_rcu(void)
{
	if (!atomic_read(&came_back))
		msleep(1000);
	rcu_read_unlock();
}

static void give_queue(void)
{
	WRITE_ONCE(happened, 1);
	wake_up(&queue);
}

static void wait_barrier(void)
{
	call_rcu(&head, called);
	rcu_barrier();
}

static const struct {
	const char *name;
	void (*take)(void);
	void (*wait)(void);
	void (*give)(void);
} waits[] = {
	{ "read_lock()", take_rwlock, wait_read, give_rwlock },
	{ "write_lock()", take_rwlock, wait_write, give_rwlock },
	{ "down_read()", take_rwsem, wait_down_read, give_rwsem },
	{ "down_write()", take_rwsem, wait_down_write, give_rwsem },
	{ "down()", nothing, wait_down, give_semaphore },
	{ "down_timeout()", nothing, wait_down_timeout, give_semaphore },
	{ "wait_for_completion()", nothing, wait_completion, give_completion },
	{ "wait_for_completion_timeout()", nothing, wait_completion_timeout, give_completion },
	{ "wait_event()", nothing, wait_queue, give_queue },
	{ "wait_event_timeout()", nothing, wait_queue_timeout, give_queue },
	{ "schedule()", nothing, wait_schedule, wake_sleeper },
	{ "schedule_timeout()", nothing, wait_schedule_timeout, wake_sleeper },
	{ "synchronize_rcu()", read_rcu, synchronize_rcu, leave_rcu },
	{ "rcu_barrier()", read_rcu, wait_barrier, leave_rcu },
	{ "msleep()", nothing, wait_msleep, nothing },
};

static void *cancelled(void *wait)
{
	pthread_cancel(pthread_self());
	set_current_state(TASK_UNINTERRUPTIBLE);
	smp_store_release(&sleeper, current);
	(*(void (*const *)(void))wait)();
	atomic_set(&came_back, 1);
	pthread_testcancel();
	return NULL;
}

/* In a process of its own: a lock that is left behind stops it. */
static int comes_back(unsigned int i)
{
	int status = 1;
	pthread_t thread;
	void *result;
	pid_t child = fork();

	if (!child) {
		alarm(10);
		waits[i].take();
		pthread_create(&thread, NULL, cancelled, (void *)&waits[i].wait);
		msleep(200);
		waits[i].give();
		pthread_join(thread, &result);
		/* What it waited for is as good as before. */
		waits[i].take();
		waits[i].give();
		_exit(!atomic_read(&came_back) || result != PTHREAD_CANCELED);
	}
	waitpid(child, &status, 0);
	return status == 0;
}

int main(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(waits) / sizeof(*waits); i++)
		ok(comes_back(i), waits[i].name);
	return tap_done();
}
