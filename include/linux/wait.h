/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Wait queues: tasks that wait for a condition, and are woken to look again.
 *
 * A waker calls the function of each entry, under the queue's lock; the usual function wakes the entry's task. An
 * exclusive entry ends the walk when its task was woken, so that one event wakes one of those.
 *
 * The system has a header of this name, which clashes with <sys/wait.h> and is not read.
 */
#ifndef KMEM_LINUX_WAIT_H
#define KMEM_LINUX_WAIT_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

/* private is a word of C++. */
#ifdef __cplusplus
#define KMEM_WAIT_PRIVATE	private_data
#else
#define KMEM_WAIT_PRIVATE	private
#endif

typedef struct wait_queue_entry wait_queue_entry_t;
typedef int (*wait_queue_func_t)(wait_queue_entry_t *entry, unsigned int mode, int flags, void *key);

struct wait_queue_entry {
	unsigned int flags;
	void *KMEM_WAIT_PRIVATE;	/* the task */
	wait_queue_func_t func;
	struct list_head entry;
};

typedef struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
} wait_queue_head_t;

#define WQ_FLAG_EXCLUSIVE	0x01

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) \
	{ KMEM_ZEROED, { &(name).head, &(name).head } }
#define DECLARE_WAIT_QUEUE_HEAD(name) \
	wait_queue_head_t name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name)	DECLARE_WAIT_QUEUE_HEAD(name)

static inline void init_waitqueue_head(wait_queue_head_t *wq)
{
	spin_lock_init(&wq->lock);
	INIT_LIST_HEAD(&wq->head);
}

static inline int default_wake_function(wait_queue_entry_t *entry, unsigned int mode, int flags, void *key)
{
	(void)flags;
	(void)key;
	return wake_up_state((struct task_struct *)entry->KMEM_WAIT_PRIVATE, mode);
}

/* The entry leaves the queue last: an owner that looks for it without the lock may be gone as soon as it has. */
static inline int autoremove_wake_function(wait_queue_entry_t *entry, unsigned int mode, int flags, void *key)
{
	int woken = default_wake_function(entry, mode, flags, key);

	if (woken)
		list_del_init_careful(&entry->entry);
	return woken;
}

static inline void init_wait_entry(wait_queue_entry_t *entry, int flags)
{
	entry->flags = (unsigned int)flags;
	entry->KMEM_WAIT_PRIVATE = get_current();
	entry->func = autoremove_wake_function;
	INIT_LIST_HEAD(&entry->entry);
}

static inline void init_waitqueue_entry(wait_queue_entry_t *entry, struct task_struct *task)
{
	entry->flags = 0;
	entry->KMEM_WAIT_PRIVATE = task;
	entry->func = default_wake_function;
}

static inline void init_waitqueue_func_entry(wait_queue_entry_t *entry, wait_queue_func_t func)
{
	entry->flags = 0;
	entry->KMEM_WAIT_PRIVATE = NULL;
	entry->func = func;
}

#define init_wait(entry)		init_wait_entry(entry, 0)
#define DEFINE_WAIT_FUNC(name, function) \
	wait_queue_entry_t name = { 0, get_current(), function, { &(name).entry, &(name).entry } }
#define DEFINE_WAIT(name)		DEFINE_WAIT_FUNC(name, autoremove_wake_function)
#define DECLARE_WAITQUEUE(name, task) \
	wait_queue_entry_t name = { 0, task, default_wake_function, { NULL, NULL } }

static inline void add_wait_queue(wait_queue_head_t *wq, wait_queue_entry_t *entry)
{
	spin_lock(&wq->lock);
	entry->flags &= ~(unsigned int)WQ_FLAG_EXCLUSIVE;
	list_add(&entry->entry, &wq->head);
	spin_unlock(&wq->lock);
}

static inline void add_wait_queue_exclusive(wait_queue_head_t *wq, wait_queue_entry_t *entry)
{
	spin_lock(&wq->lock);
	entry->flags |= WQ_FLAG_EXCLUSIVE;
	list_add_tail(&entry->entry, &wq->head);
	spin_unlock(&wq->lock);
}

static inline void remove_wait_queue(wait_queue_head_t *wq, wait_queue_entry_t *entry)
{
	spin_lock(&wq->lock);
	list_del(&entry->entry);
	spin_unlock(&wq->lock);
}

/*
 * Enters the queue before the state is set, and the state before the caller looks at its condition. Whether the entry
 * is the queue's first.
 */
static inline bool kmem_prepare_to_wait(wait_queue_head_t *wq, wait_queue_entry_t *entry, unsigned int state,
					bool exclusive)
{
	bool first = false;

	spin_lock(&wq->lock);
	if (list_empty(&entry->entry)) {
		first = list_empty(&wq->head);
		if (exclusive) {
			entry->flags |= WQ_FLAG_EXCLUSIVE;
			list_add_tail(&entry->entry, &wq->head);
		} else {
			entry->flags &= ~(unsigned int)WQ_FLAG_EXCLUSIVE;
			list_add(&entry->entry, &wq->head);
		}
	}
	set_current_state(state);
	spin_unlock(&wq->lock);
	/* Pairs with waitqueue_active(): the entry is seen, or the condition that it is about. */
	smp_mb();
	return first;
}

static inline void prepare_to_wait(wait_queue_head_t *wq, wait_queue_entry_t *entry, int state)
{
	kmem_prepare_to_wait(wq, entry, (unsigned int)state, false);
}

/* Whether nobody waited before. */
static inline bool prepare_to_wait_exclusive(wait_queue_head_t *wq, wait_queue_entry_t *entry, int state)
{
	return kmem_prepare_to_wait(wq, entry, (unsigned int)state, true);
}

static inline void finish_wait(wait_queue_head_t *wq, wait_queue_entry_t *entry)
{
	__set_current_state(TASK_RUNNING);
	/* Under the lock always: a waker that is still at the entry has it. */
	spin_lock(&wq->lock);
	if (!list_empty(&entry->entry))
		list_del_init(&entry->entry);
	spin_unlock(&wq->lock);
}

/* Wakes all that are not exclusive, and nr of those that are; 0 for all. With the queue's lock held. */
static inline void kmem_wake_up_locked(wait_queue_head_t *wq, unsigned int mode, int nr, void *key)
{
	wait_queue_entry_t *entry, *next;

	list_for_each_entry_safe(entry, next, &wq->head, entry) {
		bool exclusive = entry->flags & WQ_FLAG_EXCLUSIVE;
		int result = entry->func(entry, mode, 0, key);

		if (result < 0 || (result && exclusive && !--nr))
			break;
	}
}

static inline void kmem_wake_up(wait_queue_head_t *wq, unsigned int mode, int nr, void *key)
{
	spin_lock(&wq->lock);
	kmem_wake_up_locked(wq, mode, nr, key);
	spin_unlock(&wq->lock);
}

#define wake_up(wq)			kmem_wake_up(wq, TASK_NORMAL, 1, NULL)
#define wake_up_nr(wq, nr)		kmem_wake_up(wq, TASK_NORMAL, nr, NULL)
#define wake_up_all(wq)			kmem_wake_up(wq, TASK_NORMAL, 0, NULL)
#define wake_up_interruptible(wq)	kmem_wake_up(wq, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_nr(wq, nr)	kmem_wake_up(wq, TASK_INTERRUPTIBLE, nr, NULL)
#define wake_up_interruptible_all(wq)	kmem_wake_up(wq, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_interruptible_sync(wq)	wake_up_interruptible(wq)
#define wake_up_locked(wq)		kmem_wake_up_locked(wq, TASK_NORMAL, 1, NULL)
#define wake_up_all_locked(wq)		kmem_wake_up_locked(wq, TASK_NORMAL, 0, NULL)

/*
 * A waker that changed something and then sees nobody here: a waiter that comes later sees the change. It takes no lock,
 * for who has the queue's lock may ask.
 */
static inline int waitqueue_active(wait_queue_head_t *wq)
{
	smp_mb();
	return !list_empty(&wq->head);
}

#define wq_has_sleeper(wq)		(waitqueue_active(wq) != 0)

/* The loop that all forms share: pause is what a waiter does between two looks at the condition. */
#define KMEM_WAIT_EVENT(wq, condition, state, exclusive, pause) \
	do { \
		DEFINE_WAIT(kmem_entry); \
		for (;;) { \
			kmem_prepare_to_wait(&(wq), &kmem_entry, state, exclusive); \
			if (condition) \
				break; \
			pause; \
		} \
		finish_wait(&(wq), &kmem_entry); \
	} while (0)

#define wait_event(wq, condition) \
	do { if (!(condition)) KMEM_WAIT_EVENT(wq, condition, TASK_UNINTERRUPTIBLE, false, schedule()); } while (0)
#define wait_event_exclusive(wq, condition) \
	do { if (!(condition)) KMEM_WAIT_EVENT(wq, condition, TASK_UNINTERRUPTIBLE, true, schedule()); } while (0)
#define wait_event_interruptible(wq, condition) \
	(__extension__ ({ \
		if (!(condition)) \
			KMEM_WAIT_EVENT(wq, condition, TASK_INTERRUPTIBLE, false, schedule()); \
		0; \
	}))
#define wait_event_interruptible_exclusive(wq, condition) \
	(__extension__ ({ \
		if (!(condition)) \
			KMEM_WAIT_EVENT(wq, condition, TASK_INTERRUPTIBLE, true, schedule()); \
		0; \
	}))
#define wait_event_killable(wq, condition) \
	(__extension__ ({ \
		if (!(condition)) \
			KMEM_WAIT_EVENT(wq, condition, TASK_KILLABLE, false, schedule()); \
		0; \
	}))
#define wait_event_idle(wq, condition)	wait_event(wq, condition)
#define wait_event_freezable(wq, condition)	wait_event_interruptible(wq, condition)

/* Ticks that were left, at least 1, if the condition came true; 0 if not. */
#define KMEM_WAIT_TIMEOUT(wq, condition, ticks, state) \
	(__extension__ ({ \
		long kmem_left = (ticks); \
		bool kmem_true = (condition); \
		if (!kmem_true) \
			KMEM_WAIT_EVENT(wq, (kmem_true = (condition)) || !kmem_left, state, false, \
					kmem_left = schedule_timeout(kmem_left)); \
		kmem_true ? (kmem_left ? kmem_left : 1) : 0; \
	}))
#define wait_event_timeout(wq, condition, ticks) \
	KMEM_WAIT_TIMEOUT(wq, condition, ticks, TASK_UNINTERRUPTIBLE)
#define wait_event_interruptible_timeout(wq, condition, ticks) \
	KMEM_WAIT_TIMEOUT(wq, condition, ticks, TASK_INTERRUPTIBLE)
#define wait_event_killable_timeout(wq, condition, ticks) \
	KMEM_WAIT_TIMEOUT(wq, condition, ticks, TASK_KILLABLE)
#define wait_event_idle_timeout(wq, condition, ticks) \
	KMEM_WAIT_TIMEOUT(wq, condition, ticks, TASK_UNINTERRUPTIBLE)

/* The condition is looked at with the lock held, and the wait is without it. */
#define KMEM_WAIT_LOCK_IRQ(wq, condition, lock, state) \
	do { \
		if (!(condition)) \
			KMEM_WAIT_EVENT(wq, condition, state, false, \
					({ spin_unlock_irq(&(lock)); schedule(); spin_lock_irq(&(lock)); })); \
	} while (0)
#define wait_event_lock_irq(wq, condition, lock)	KMEM_WAIT_LOCK_IRQ(wq, condition, lock, TASK_UNINTERRUPTIBLE)
#define wait_event_interruptible_lock_irq(wq, condition, lock) \
	(__extension__ ({ KMEM_WAIT_LOCK_IRQ(wq, condition, lock, TASK_INTERRUPTIBLE); 0; }))
#define wait_event_cmd(wq, condition, before, after) \
	do { \
		if (!(condition)) \
			KMEM_WAIT_EVENT(wq, condition, TASK_UNINTERRUPTIBLE, false, \
					({ before; schedule(); after; })); \
	} while (0)

#endif
