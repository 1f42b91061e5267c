/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Threads. Each thread of the process is a task, known as current from its first use on; sleeping and waking
 * work as in the kernel:
 *
 *	set_current_state(TASK_UNINTERRUPTIBLE);	wake_up_process(task) from here on is not lost
 *	if (!condition)
 *		schedule();				sleeps until somebody has called wake_up_process()
 *	__set_current_state(TASK_RUNNING);
 */
#ifndef KMEM_LINUX_SCHED_H
#define KMEM_LINUX_SCHED_H

/* The system's header of this name, with the flags of clone(2). */
#if __has_include_next(<linux/sched.h>)
#include_next <linux/sched.h>
#endif

#include <kmem/pthread.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/limits.h>
#include <linux/preempt.h>
#include <linux/types.h>

#define TASK_RUNNING		0x0000
#define TASK_INTERRUPTIBLE	0x0001
#define TASK_UNINTERRUPTIBLE	0x0002
#define TASK_WAKEKILL		0x0100
#define TASK_NOLOAD		0x0400
#define TASK_IDLE		(TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

#define PF_MEMALLOC		0x00000800
#define PF_MEMALLOC_NOFS	0x00040000
#define PF_MEMALLOC_NOIO	0x00080000
#define PF_KTHREAD		0x00200000

#define TASK_COMM_LEN		16
#define MAX_SCHEDULE_TIMEOUT	((long)(~0UL >> 1))

struct task_struct {
	unsigned int __state;		/* TASK_, guarded by mutex */
	unsigned int flags;		/* PF_, the task's own */
	pid_t pid;
	pid_t tgid;
	char comm[TASK_COMM_LEN];
	void *journal_info;
	pthread_mutex_t mutex;
	pthread_cond_t woken;
};

KMEM_SHARED __thread struct task_struct kmem_task;
KMEM_SHARED char kmem_task_forks;	/* whether it is known after a fork */

#ifdef __cplusplus
extern "C" {
#endif
pid_t kmem_gettid(void) __asm__("gettid");
pid_t kmem_getpid(void) __asm__("getpid");
int kmem_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d) __asm__("prctl");
int kmem_sched_yield(void) __asm__("sched_yield");
int kmem_task_at_fork(void (*before)(void), void (*in_parent)(void), void (*in_child)(void)) __asm__("pthread_atfork");
#ifdef __cplusplus
}
#endif

static inline struct task_struct *get_current(void)
{
	struct task_struct *task = &kmem_task;

	if (unlikely(!task->pid)) {
		kmem_prctl(16 /* PR_GET_NAME */, (unsigned long)task->comm, 0, 0, 0);
		task->tgid = kmem_getpid();
		task->pid = kmem_gettid();
	}
	return task;
}

/* The child's only thread, which has forked, goes by the child's numbers. */
static inline void kmem_task_forked(void)
{
	if (kmem_task.pid) {
		kmem_task.tgid = kmem_getpid();
		kmem_task.pid = kmem_gettid();
	}
}

/* In each file; the first does it. Not with the first use of a task, which may be in a signal handler. */
static __attribute__((__constructor__, __unused__)) void kmem_task_follow_forks(void)
{
	if (!__atomic_exchange_n(&kmem_task_forks, 1, __ATOMIC_RELAXED))
		kmem_task_at_fork(NULL, NULL, kmem_task_forked);
}

/* std:: has functions of this name: C++ says get_current(). */
#if !defined(current) && !defined(__cplusplus)
#define current			get_current()
#endif

static inline void kmem_set_state(struct task_struct *task, unsigned int state)
{
	kmem_mutex_lock(&task->mutex);
	task->__state = state;
	kmem_mutex_unlock(&task->mutex);
}

#define set_current_state(state)	kmem_set_state(get_current(), state)
#define __set_current_state(state)	kmem_set_state(get_current(), state)
#define get_current_state()		kmem_get_state(get_current())

static inline unsigned int kmem_get_state(struct task_struct *task)
{
	unsigned int state;

	kmem_mutex_lock(&task->mutex);
	state = task->__state;
	kmem_mutex_unlock(&task->mutex);
	return state;
}

#define task_is_running(task)		(kmem_get_state(task) == TASK_RUNNING)

/* 1 if the task slept, or was about to, in one of the states. */
static inline int wake_up_state(struct task_struct *task, unsigned int states)
{
	int woken;

	kmem_mutex_lock(&task->mutex);
	woken = (task->__state & states) != 0;
	if (woken) {
		task->__state = TASK_RUNNING;
		kmem_cond_signal(&task->woken);
	}
	kmem_mutex_unlock(&task->mutex);
	return woken;
}

static inline int wake_up_process(struct task_struct *task)
{
	return wake_up_state(task, TASK_NORMAL);
}

/* Sleeps until somebody wakes the task; in state TASK_RUNNING just lets others run. */
static inline void schedule(void)
{
	struct task_struct *task = get_current();
	int slept = 0;

	kmem_mutex_lock(&task->mutex);
	while (task->__state != TASK_RUNNING) {
		slept = 1;
		kmem_cond_wait(&task->woken, &task->mutex);
	}
	kmem_mutex_unlock(&task->mutex);
	if (!slept)
		kmem_sched_yield();
}

/* The same, for so many ticks at most. Returns those that were left: 0 when the time is up. */
static inline long schedule_timeout(long ticks)
{
	struct task_struct *task = get_current();
	struct kmem_clock_time until;
	unsigned long end, now;
	int late = 0;

	if (ticks == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return ticks;
	}
	if (ticks < 0)
		ticks = 0;
	end = jiffies + (unsigned long)ticks;
	until = kmem_cond_deadline(jiffies64_to_nsecs((unsigned long)ticks));
	kmem_mutex_lock(&task->mutex);
	while (task->__state != TASK_RUNNING && !late)
		late = kmem_cond_wait_until(&task->woken, &task->mutex, &until) == ETIMEDOUT;
	task->__state = TASK_RUNNING;
	kmem_mutex_unlock(&task->mutex);
	now = jiffies;
	return time_before(now, end) ? (long)(end - now) : 0;
}

static inline long schedule_timeout_interruptible(long ticks)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(ticks);
}

static inline long schedule_timeout_uninterruptible(long ticks)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(ticks);
}

static inline void yield(void)
{
	kmem_sched_yield();
}

static inline long io_schedule_timeout(long ticks)
{
	return schedule_timeout(ticks);
}

#define io_schedule()			schedule()

/* Threads are preempted without being asked. */
static inline int cond_resched(void)
{
	return 0;
}

#define cond_resched_lock(lock)		(__extension__ ({ (void)(lock); 0; }))
#define need_resched()			0
/* Signals are the program's business: none ever ends a wait. */
#define signal_pending(task)		((void)(task), 0)
#define signal_pending_state(state, task)	((void)(state), (void)(task), 0)
#define fatal_signal_pending(task)	((void)(task), 0)

static inline pid_t task_pid_nr(struct task_struct *task)
{
	return task->pid;
}

static inline pid_t task_tgid_nr(struct task_struct *task)
{
	return task->tgid;
}

#endif
