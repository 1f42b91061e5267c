/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Locks and waits of the kit with several threads. What one thread sees of them is compared with Linux
 * (c_tests/linux/kit_locks.c). At risk: two at a time where one was promised, a wake-up that gets lost.
 */
#include <linux/bitops.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kref.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "tap.h"

#define THREADS	4
#define ROUNDS	5000

static DEFINE_SPINLOCK(spin);
static DEFINE_RWLOCK(rwlock);
static DEFINE_MUTEX(mutex);
static DECLARE_RWSEM(rwsem);
static DEFINE_SEMAPHORE(semaphore);
static DEFINE_SEQLOCK(seqlock);

static long by_spin, by_irq, by_rwlock, by_mutex, by_rwsem, by_semaphore;
static unsigned long pair[2];
static atomic_t counted, readers_at_once, torn, odd;
static unsigned long bit_lock, by_bit;
static struct llist_head stack;
static struct llist_node nodes[THREADS][ROUNDS];

static void run(void *(*f)(void *))
{
	pthread_t threads[THREADS];
	long i;

	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, f, (void *)i);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void *exclude(void *number)
{
	unsigned long flags, a, b;
	unsigned int seq;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		spin_lock(&spin);
		by_spin++;
		spin_unlock(&spin);

		spin_lock_irqsave(&spin, flags);
		by_irq++;
		if (!irqs_disabled())
			atomic_inc(&odd);
		spin_unlock_irqrestore(&spin, flags);
		if (irqs_disabled())
			atomic_inc(&odd);

		write_lock(&rwlock);
		by_rwlock++;
		write_unlock(&rwlock);
		read_lock(&rwlock);
		/* A reader may come again, although a writer waits. */
		read_lock(&rwlock);
		if (by_rwlock <= 0)
			atomic_inc(&odd);
		read_unlock(&rwlock);
		read_unlock(&rwlock);

		mutex_lock(&mutex);
		by_mutex++;
		mutex_unlock(&mutex);

		down_write(&rwsem);
		by_rwsem++;
		downgrade_write(&rwsem);
		if (by_rwsem <= 0)
			atomic_inc(&odd);
		up_read(&rwsem);
		down_read(&rwsem);
		if (by_rwsem <= 0)
			atomic_inc(&odd);
		up_read(&rwsem);

		down(&semaphore);
		by_semaphore++;
		up(&semaphore);

		while (test_and_set_bit_lock(3, &bit_lock))
			cpu_relax();
		by_bit++;
		clear_bit_unlock(3, &bit_lock);

		write_seqlock(&seqlock);
		WRITE_ONCE(pair[0], pair[0] + 1);
		WRITE_ONCE(pair[1], pair[1] + 1);
		write_sequnlock(&seqlock);
		do {
			seq = read_seqbegin(&seqlock);
			a = READ_ONCE(pair[0]);
			b = READ_ONCE(pair[1]);
		} while (read_seqretry(&seqlock, seq));
		if (a != b)
			atomic_inc(&torn);

		atomic_inc(&counted);
		llist_add(&nodes[(long)number][i], &stack);
	}
	return NULL;
}

/* Two readers can only both be here if the lock lets them in together. */
static void *meet(void *unused)
{
	int i;

	down_read(&rwsem);
	read_lock(&rwlock);
	atomic_inc(&readers_at_once);
	for (i = 0; i < 2000 && atomic_read(&readers_at_once) < THREADS; i++)
		msleep(1);
	read_unlock(&rwlock);
	up_read(&rwsem);
	return unused;
}

struct asked {
	spinlock_t spin, held;
	struct mutex mutex;
};

/* Who asks must not take the lock: somebody else's spin_trylock() would fail. So he does not write, where he can help it. */
static void test_asking(void)
{
	struct asked *asked = mmap(NULL, sizeof(*asked), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	spin_lock_init(&asked->spin);
	spin_lock_init(&asked->held);
	mutex_init(&asked->mutex);
	spin_lock(&asked->held);
#ifdef __GLIBC__
	mprotect(asked, sizeof(*asked), PROT_READ);
#endif
	ok(!spin_is_locked(&asked->spin) && spin_is_locked(&asked->held) && !mutex_is_locked(&asked->mutex),
	   "who asks whether a lock is held does not take it");
}

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(ready);
static DECLARE_COMPLETION(finished);
static atomic_t token, passed;

/* Passes the token round: each thread waits for its number. A lost wake-up stops it for ever. */
static void *round_robin(void *number)
{
	int i;

	for (i = 0; i < ROUNDS / 10; i++) {
		wait_event(queue, atomic_read(&token) % THREADS == (int)(long)number);
		atomic_inc(&passed);
		atomic_inc(&token);
		wake_up_all(&queue);
	}
	return NULL;
}

static atomic_t admitted;

static void *exclusive(void *unused)
{
	DEFINE_WAIT(entry);

	prepare_to_wait_exclusive(&queue, &entry, TASK_INTERRUPTIBLE);
	complete(&ready);
	schedule();
	finish_wait(&queue, &entry);
	atomic_inc(&admitted);
	complete(&finished);
	return unused;
}

static void *late(void *unused)
{
	msleep(30);
	complete_all(&ready);
	return unused;
}

static struct task_struct *sleeper;

static void *sleeps(void *unused)
{
	WRITE_ONCE(sleeper, current);
	complete(&ready);
	while (!atomic_read(&token)) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (!atomic_read(&token))
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	complete(&finished);
	return unused;
}

static void *interruptible(void *unused)
{
	spin_lock_irq(&spin);
	complete(&ready);
	if (!wait_event_interruptible_lock_irq(queue, atomic_read(&token), spin))
		complete(&finished);
	spin_unlock_irq(&spin);
	return unused;
}

static void test_waits(void)
{
	pthread_t threads[THREADS];
	unsigned long left;
	long i;

	run(round_robin);
	ok(atomic_read(&passed) == THREADS * (ROUNDS / 10), "a token goes round by wait_event() and wake_up_all()");

	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, exclusive, NULL);
	for (i = 0; i < THREADS; i++)
		wait_for_completion(&ready);
	wake_up(&queue);
	wait_for_completion(&finished);
	msleep(20);
	ok(atomic_read(&admitted) == 1, "wake_up() wakes one of the exclusive");
	wake_up_nr(&queue, 2);
	wait_for_completion(&finished);
	wait_for_completion(&finished);
	msleep(20);
	ok(atomic_read(&admitted) == 3, "wake_up_nr() so many");
	wake_up_all(&queue);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	ok(atomic_read(&admitted) == THREADS && !waitqueue_active(&queue), "wake_up_all() the others");

	reinit_completion(&ready);
	pthread_create(&threads[0], NULL, late, NULL);
	left = wait_for_completion_timeout(&ready, 100 * HZ);
	ok(left > 0 && left < 100 * HZ, "wait_for_completion_timeout() tells what is left");
	pthread_join(threads[0], NULL);

	atomic_set(&token, 0);
	reinit_completion(&ready);
	reinit_completion(&finished);
	pthread_create(&threads[0], NULL, sleeps, NULL);
	wait_for_completion(&ready);
	ok(READ_ONCE(sleeper) != current && READ_ONCE(sleeper)->tgid == current->tgid, "each thread is a task");
	atomic_set(&token, 1);
	while (!completion_done(&finished))
		wake_up_process(sleeper);
	pthread_join(threads[0], NULL);
	ok(1, "wake_up_process() ends schedule()");

	/* The lock is free when the thread has entered the queue, and is going to sleep. */
	atomic_set(&token, 0);
	reinit_completion(&ready);
	reinit_completion(&finished);
	pthread_create(&threads[0], NULL, interruptible, NULL);
	wait_for_completion(&ready);
	spin_lock_irq(&spin);
	atomic_set(&token, 1);
	spin_unlock_irq(&spin);
	wake_up_interruptible(&queue);
	left = wait_for_completion_timeout(&finished, 10 * HZ);
	ok(left, "wake_up_interruptible() ends wait_event_interruptible_lock_irq()");
	wake_up_all(&queue);
	pthread_join(threads[0], NULL);
}

/* The thread that forks is the child's only one, and has a number there before anybody asks for it. */
static void test_fork(void)
{
	const struct task_struct *parent = get_current();
	pid_t before = parent->pid, child;
	int status = -1;

	child = fork();
	if (!child)
		_exit(parent->pid == getpid() && current == parent && current->tgid == getpid() &&
		      current->pid == current->tgid ? 0 : 1);
	waitpid(child, &status, 0);
	ok(status == 0, "a child has its own pid and tgid");
	ok(before == getpid() && current->pid == before, "its parent keeps his");
}

int main(void)
{
	struct llist_node *node;
	const long all = THREADS * ROUNDS;
	long n = 0;

	run(exclude);
	ok(by_spin == all && by_irq == all, "spin_lock() excludes, with and without _irqsave");
	ok(by_rwlock == all, "write_lock() excludes, and readers may come twice");
	ok(by_mutex == all, "mutex_lock() excludes");
	ok(by_rwsem == all, "down_write() excludes, and can become down_read()");
	ok(by_semaphore == all, "a semaphore of 1 excludes");
	ok(by_bit == (unsigned long)all, "a bit as a lock excludes");
	ok(pair[0] == (unsigned long)all && !atomic_read(&torn), "a seqlock's reader never sees half a change");
	ok(!atomic_read(&odd), "irqs_disabled() follows the lock, readers see what writers left");
	for (node = llist_del_all(&stack); node; node = node->next)
		n++;
	ok(n == all && atomic_read(&counted) == all, "llist_add() and atomic_inc() lose nothing");
	run(meet);
	ok(atomic_read(&readers_at_once) == THREADS, "readers of rwlock_t and rw_semaphore come together");
	test_asking();
	test_waits();
	test_fork();
	return tap_done();
}
