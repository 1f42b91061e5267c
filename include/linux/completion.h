/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Something that happens once, or so many times, and that others wait for. */
#ifndef __LINUX_COMPLETION_H
#define __LINUX_COMPLETION_H

#include <kmem/pthread.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/types.h>

struct completion {
	pthread_mutex_t mutex;
	pthread_cond_t happened;
	unsigned int done;	/* how many waits may still pass; KMEM_COMPLETED_ALL: all */
};

#define KMEM_COMPLETED_ALL		(~0U)
#define COMPLETION_INITIALIZER(name)	KMEM_ZEROED
#define COMPLETION_INITIALIZER_ONSTACK(name)	KMEM_ZEROED
#define DECLARE_COMPLETION(name)	struct completion name = KMEM_ZEROED
#define DECLARE_COMPLETION_ONSTACK(name)	struct completion name = KMEM_ZEROED

static inline void init_completion(struct completion *x)
{
	kmem_mutex_init(&x->mutex, NULL);
	kmem_cond_init(&x->happened, NULL);
	x->done = 0;
}

static inline void reinit_completion(struct completion *x)
{
	kmem_mutex_lock(&x->mutex);
	x->done = 0;
	kmem_mutex_unlock(&x->mutex);
}

static inline void complete(struct completion *x)
{
	kmem_mutex_lock(&x->mutex);
	if (x->done != KMEM_COMPLETED_ALL)
		x->done++;
	kmem_cond_signal(&x->happened);
	kmem_mutex_unlock(&x->mutex);
}

static inline void complete_all(struct completion *x)
{
	kmem_mutex_lock(&x->mutex);
	x->done = KMEM_COMPLETED_ALL;
	kmem_cond_broadcast(&x->happened);
	kmem_mutex_unlock(&x->mutex);
}

/* With the mutex held: uses up one, if there is one. */
static inline bool kmem_completion_take(struct completion *x)
{
	if (!x->done)
		return false;
	if (x->done != KMEM_COMPLETED_ALL)
		x->done--;
	return true;
}

static inline void wait_for_completion(struct completion *x)
{
	kmem_mutex_lock(&x->mutex);
	while (!kmem_completion_take(x))
		kmem_cond_wait(&x->happened, &x->mutex);
	kmem_mutex_unlock(&x->mutex);
}

/* Ticks that were left, at least 1; 0 if the time was up first. */
static inline unsigned long wait_for_completion_timeout(struct completion *x, unsigned long ticks)
{
	unsigned long end = jiffies + ticks, now;
	struct kmem_clock_time until;
	bool taken, late = false;

	if (ticks >= (unsigned long)MAX_JIFFY_OFFSET) {
		wait_for_completion(x);
		return ticks;
	}
	until = kmem_cond_deadline(jiffies64_to_nsecs(ticks));
	kmem_mutex_lock(&x->mutex);
	for (;;) {
		taken = kmem_completion_take(x);
		if (taken || late)
			break;
		late = kmem_cond_wait_until(&x->happened, &x->mutex, &until) == ETIMEDOUT;
	}
	kmem_mutex_unlock(&x->mutex);
	if (!taken)
		return 0;
	now = jiffies;
	return time_before(now, end) ? end - now : 1;
}

static inline int wait_for_completion_interruptible(struct completion *x)
{
	wait_for_completion(x);
	return 0;
}

static inline int wait_for_completion_killable(struct completion *x)
{
	wait_for_completion(x);
	return 0;
}

static inline long wait_for_completion_interruptible_timeout(struct completion *x, unsigned long ticks)
{
	return (long)wait_for_completion_timeout(x, ticks);
}

static inline long wait_for_completion_killable_timeout(struct completion *x, unsigned long ticks)
{
	return (long)wait_for_completion_timeout(x, ticks);
}

static inline bool try_wait_for_completion(struct completion *x)
{
	bool taken;

	kmem_mutex_lock(&x->mutex);
	taken = kmem_completion_take(x);
	kmem_mutex_unlock(&x->mutex);
	return taken;
}

static inline bool completion_done(struct completion *x)
{
	bool done;

	kmem_mutex_lock(&x->mutex);
	done = x->done != 0;
	kmem_mutex_unlock(&x->mutex);
	return done;
}

#define wait_for_completion_io(x)	wait_for_completion(x)

#endif
