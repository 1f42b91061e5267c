/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Counting semaphores. */
#ifndef __LINUX_SEMAPHORE_H
#define __LINUX_SEMAPHORE_H

#include <kmem/pthread.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/jiffies.h>

struct semaphore {
	pthread_mutex_t mutex;
	pthread_cond_t risen;
	unsigned int count;
};

#ifdef __cplusplus
#define __SEMAPHORE_INITIALIZER(name, n) \
	{ PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, (unsigned int)(n) }
#else
#define __SEMAPHORE_INITIALIZER(name, n)	{ .count = (unsigned int)(n) }
#endif
/* Until Linux 6.3 without the number, which was 1. */
#define KMEM_SEMAPHORE_1(name)		struct semaphore name = __SEMAPHORE_INITIALIZER(name, 1)
#define KMEM_SEMAPHORE_2(name, n)	struct semaphore name = __SEMAPHORE_INITIALIZER(name, n)
#define KMEM_SEMAPHORE_PICK(a, b, which, ...)	which
#define DEFINE_SEMAPHORE(...) \
	KMEM_SEMAPHORE_PICK(__VA_ARGS__, KMEM_SEMAPHORE_2, KMEM_SEMAPHORE_1, 0)(__VA_ARGS__)

static inline void sema_init(struct semaphore *sem, int n)
{
	kmem_mutex_init(&sem->mutex, NULL);
	kmem_cond_init(&sem->risen, NULL);
	sem->count = (unsigned int)n;
}

static inline void down(struct semaphore *sem)
{
	kmem_mutex_lock(&sem->mutex);
	while (!sem->count)
		kmem_cond_wait(&sem->risen, &sem->mutex);
	sem->count--;
	kmem_mutex_unlock(&sem->mutex);
}

static inline int __must_check down_interruptible(struct semaphore *sem)
{
	down(sem);
	return 0;
}

static inline int __must_check down_killable(struct semaphore *sem)
{
	down(sem);
	return 0;
}

/* Mind the result: 0 if it was obtained, 1 if not. */
static inline int __must_check down_trylock(struct semaphore *sem)
{
	int refused;

	kmem_mutex_lock(&sem->mutex);
	refused = !sem->count;
	if (!refused)
		sem->count--;
	kmem_mutex_unlock(&sem->mutex);
	return refused;
}

/* 0, or -ETIME after so many ticks. */
static inline int __must_check down_timeout(struct semaphore *sem, long ticks)
{
	struct kmem_clock_time until = kmem_cond_deadline(jiffies64_to_nsecs(ticks > 0 ? (unsigned long)ticks : 0));
	int result = 0;

	kmem_mutex_lock(&sem->mutex);
	while (!sem->count && !result)
		if (kmem_cond_wait_until(&sem->risen, &sem->mutex, &until) == ETIMEDOUT)
			result = -ETIME;
	if (sem->count) {
		sem->count--;
		result = 0;
	}
	kmem_mutex_unlock(&sem->mutex);
	return result;
}

static inline void up(struct semaphore *sem)
{
	kmem_mutex_lock(&sem->mutex);
	sem->count++;
	kmem_cond_signal(&sem->risen);
	kmem_mutex_unlock(&sem->mutex);
}

#endif
