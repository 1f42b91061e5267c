// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_locks - locks, completions and waits, as one thread sees them
 *
 * What the trying forms return, what is left of a timeout, what a guard does.
 * At risk: results with the opposite sense, counts of completions.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

static DEFINE_SPINLOCK(spin);
static DEFINE_RWLOCK(rwlock);
static DEFINE_MUTEX(mutex);
static DECLARE_RWSEM(rwsem);
static DEFINE_SEMAPHORE(two, 2);
static DEFINE_SEQLOCK(seqlock);
static DECLARE_COMPLETION(done);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static unsigned long flags;

/* Two CPUs' kernels know a spinlock that is taken twice by its state alone. */
static void trying(void)
{
	int a, b;

	a = spin_trylock(&spin);
	b = spin_trylock(&spin);
	pr_info("spin %d %d locked %d\n", a, b, spin_is_locked(&spin));
	spin_unlock(&spin);
	spin_lock_irqsave(&spin, flags);
	pr_info("irqs off %d\n", irqs_disabled());
	spin_unlock_irqrestore(&spin, flags);
	pr_info("irqs off %d\n", irqs_disabled());
	a = read_trylock(&rwlock);
	b = read_trylock(&rwlock);
	pr_info("rwlock read %d %d write %d\n", a, b, write_trylock(&rwlock));
	read_unlock(&rwlock);
	read_unlock(&rwlock);
	a = write_trylock(&rwlock);
	b = write_trylock(&rwlock);
	pr_info("rwlock write %d %d read %d\n", a, b, read_trylock(&rwlock));
	write_unlock(&rwlock);
	a = mutex_trylock(&mutex);
	b = mutex_trylock(&mutex);
	pr_info("mutex %d %d locked %d\n", a, b, mutex_is_locked(&mutex));
	mutex_unlock(&mutex);
	a = mutex_lock_interruptible(&mutex);
	pr_info("interruptible %d locked %d\n", a, mutex_is_locked(&mutex));
	mutex_unlock(&mutex);
	a = down_read_trylock(&rwsem);
	b = down_write_trylock(&rwsem);
	pr_info("rwsem read %d write %d locked %d\n", a, b, !!rwsem_is_locked(&rwsem));
	up_read(&rwsem);
	down_write(&rwsem);
	a = down_read_trylock(&rwsem);
	downgrade_write(&rwsem);
	b = down_read_trylock(&rwsem);
	pr_info("rwsem written: read %d, downgraded: read %d write %d\n", a, b, down_write_trylock(&rwsem));
	up_read(&rwsem);
	up_read(&rwsem);
	pr_info("locked %d\n", !!rwsem_is_locked(&rwsem));
	a = down_trylock(&two);
	b = down_trylock(&two);
	pr_info("semaphore %d %d %d\n", a, b, down_trylock(&two));
	pr_info("timeout %d\n", down_timeout(&two, 2));
	up(&two);
	pr_info("up, then %d\n", down_timeout(&two, 2));
}

static void completions(void)
{
	unsigned long left;

	pr_info("try %d\n", try_wait_for_completion(&done));
	complete(&done);
	complete(&done);
	pr_info("done %d\n", completion_done(&done));
	wait_for_completion(&done);
	left = wait_for_completion_timeout(&done, 100);
	pr_info("done %d, left %d\n", completion_done(&done), left > 0 && left <= 100);
	pr_info("timeout %lu\n", wait_for_completion_timeout(&done, 2));
	complete_all(&done);
	wait_for_completion(&done);
	wait_for_completion(&done);
	pr_info("all: done %d try %d\n", completion_done(&done), try_wait_for_completion(&done));
	reinit_completion(&done);
	pr_info("again: done %d\n", completion_done(&done));
}

static void waits(void)
{
	DEFINE_WAIT(entry);
	long left;
	int a = 0;

	prepare_to_wait(&queue, &entry, TASK_UNINTERRUPTIBLE);
	a = waitqueue_active(&queue);
	spin_lock(&queue.lock);
	pr_info("one waits: %d %d, asked under the lock %d\n", a, wq_has_sleeper(&queue), waitqueue_active(&queue));
	if (waitqueue_active(&queue))
		wake_up_locked(&queue);
	pr_info("woken: %d\n", waitqueue_active(&queue));
	spin_unlock(&queue.lock);
	finish_wait(&queue, &entry);
	a = 0;
	wait_event(queue, 1);
	pr_info("true: %ld\n", wait_event_timeout(queue, 1, 10));
	left = wait_event_timeout(queue, ++a > 1, 2);
	pr_info("true at the second look: %ld\n", left);
	pr_info("false: %ld, at once %ld\n", wait_event_timeout(queue, 0, 2), wait_event_timeout(queue, 0, 0));
	pr_info("interruptible %d %ld\n", wait_event_interruptible(queue, 1), wait_event_interruptible_timeout(queue, 0, 2));
	pr_info("somebody waits: %d\n", waitqueue_active(&queue));
	wake_up(&queue);
	wake_up_all(&queue);
	set_current_state(TASK_UNINTERRUPTIBLE);
	pr_info("slept, left %ld\n", schedule_timeout(2));
	/* Woken before it sleeps. */
	set_current_state(TASK_INTERRUPTIBLE);
	a = wake_up_process(current);
	schedule();
	pr_info("woken %d, once more %d\n", a, wake_up_process(current));
}

/* Who waits first is told so, once. */
static void queues(void)
{
	bool first, second, again;
	DEFINE_WAIT(one);
	DEFINE_WAIT(two);

	first = prepare_to_wait_exclusive(&queue, &one, TASK_INTERRUPTIBLE);
	second = prepare_to_wait_exclusive(&queue, &two, TASK_INTERRUPTIBLE);
	again = prepare_to_wait_exclusive(&queue, &one, TASK_INTERRUPTIBLE);
	finish_wait(&queue, &one);
	finish_wait(&queue, &two);
	pr_info("first %d, second %d, first again %d\n", first, second, again);
	spin = __SPIN_LOCK_UNLOCKED(spin);
	rwlock = __RW_LOCK_UNLOCKED(rwlock);
	pr_info("locked %d\n", spin_is_locked(&spin));
}

static void sequences(void)
{
	unsigned int seq = read_seqbegin(&seqlock), later;

	pr_info("unchanged: %d\n", !!read_seqretry(&seqlock, seq));
	write_seqlock(&seqlock);
	pr_info("writing: %d\n", !!read_seqretry(&seqlock, seq));
	write_sequnlock(&seqlock);
	later = read_seqbegin(&seqlock);
	pr_info("written: %d, difference %u, then %d\n", !!read_seqretry(&seqlock, seq), later - seq,
		!!read_seqretry(&seqlock, later));
}

static int guarded(int leave)
{
	guard(mutex)(&mutex);

	if (leave)
		return mutex_is_locked(&mutex);
	scoped_guard(spinlock, &spin)
		return 10 + spin_is_locked(&spin);
	return -1;
}

static void guards(void)
{
	int runs = 0;

	pr_info("guarded %d %d, afterwards %d %d\n", guarded(1), guarded(0), mutex_is_locked(&mutex), spin_is_locked(&spin));
	mutex_lock(&mutex);
	scoped_cond_guard(mutex_try, pr_info("not obtained\n"), &mutex)
		runs++;
	mutex_unlock(&mutex);
	scoped_cond_guard(mutex_try, pr_info("not obtained\n"), &mutex)
		runs++;
	pr_info("obtained %d, afterwards %d\n", runs, mutex_is_locked(&mutex));
}

static int __init kit_locks_init(void)
{
	trying();
	completions();
	waits();
	queues();
	sequences();
	guards();
	return 0;
}
module_init(kit_locks_init);
MODULE_DESCRIPTION("locks, completions and waits, as one thread sees them");
MODULE_LICENSE("Dual MIT/GPL");
