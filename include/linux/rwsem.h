/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Reader-writer semaphores. A writer that waits goes before new readers, so a thread must not take one for reading
 * twice. As in the kernel, another thread may give it back.
 */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H

#include <kmem/pthread.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/lockdep.h>

struct rw_semaphore {
	pthread_mutex_t mutex;	/* guards what follows, for moments only */
	pthread_cond_t changed;
	int readers;		/* -1: a writer has it */
	int writers;		/* writers that wait */
};

#define __RWSEM_INITIALIZER(name)	KMEM_ZEROED
#define DECLARE_RWSEM(name)		struct rw_semaphore name = KMEM_ZEROED

static inline void init_rwsem(struct rw_semaphore *sem)
{
	kmem_mutex_init(&sem->mutex, NULL);
	kmem_cond_init(&sem->changed, NULL);
	sem->readers = 0;
	sem->writers = 0;
}

static inline void down_read(struct rw_semaphore *sem)
{
	kmem_mutex_lock(&sem->mutex);
	while (sem->readers < 0 || sem->writers)
		kmem_cond_wait(&sem->changed, &sem->mutex);
	sem->readers++;
	kmem_mutex_unlock(&sem->mutex);
}

static inline int down_read_trylock(struct rw_semaphore *sem)
{
	int got;

	kmem_mutex_lock(&sem->mutex);
	got = sem->readers >= 0 && !sem->writers;
	if (got)
		sem->readers++;
	kmem_mutex_unlock(&sem->mutex);
	return got;
}

static inline void down_write(struct rw_semaphore *sem)
{
	kmem_mutex_lock(&sem->mutex);
	sem->writers++;
	while (sem->readers != 0)
		kmem_cond_wait(&sem->changed, &sem->mutex);
	sem->writers--;
	sem->readers = -1;
	kmem_mutex_unlock(&sem->mutex);
}

static inline int down_write_trylock(struct rw_semaphore *sem)
{
	int got;

	kmem_mutex_lock(&sem->mutex);
	got = sem->readers == 0;
	if (got)
		sem->readers = -1;
	kmem_mutex_unlock(&sem->mutex);
	return got;
}

static inline void up_read(struct rw_semaphore *sem)
{
	kmem_mutex_lock(&sem->mutex);
	if (--sem->readers == 0)
		kmem_cond_broadcast(&sem->changed);
	kmem_mutex_unlock(&sem->mutex);
}

static inline void up_write(struct rw_semaphore *sem)
{
	kmem_mutex_lock(&sem->mutex);
	sem->readers = 0;
	kmem_cond_broadcast(&sem->changed);
	kmem_mutex_unlock(&sem->mutex);
}

/* The writer becomes a reader, and lets those that waited for reading in with it, unless a writer waits. */
static inline void downgrade_write(struct rw_semaphore *sem)
{
	kmem_mutex_lock(&sem->mutex);
	sem->readers = 1;
	kmem_cond_broadcast(&sem->changed);
	kmem_mutex_unlock(&sem->mutex);
}

static inline int rwsem_is_locked(struct rw_semaphore *sem)
{
	int readers;

	kmem_mutex_lock(&sem->mutex);
	readers = sem->readers;
	kmem_mutex_unlock(&sem->mutex);
	return readers != 0;
}

static inline int rwsem_is_contended(struct rw_semaphore *sem)
{
	int writers;

	kmem_mutex_lock(&sem->mutex);
	writers = sem->writers;
	kmem_mutex_unlock(&sem->mutex);
	return writers != 0;
}

static inline int __must_check down_read_interruptible(struct rw_semaphore *sem)
{
	down_read(sem);
	return 0;
}

static inline int __must_check down_read_killable(struct rw_semaphore *sem)
{
	down_read(sem);
	return 0;
}

static inline int __must_check down_write_killable(struct rw_semaphore *sem)
{
	down_write(sem);
	return 0;
}

#define down_read_nested(sem, subclass)		down_read(sem)
#define down_write_nested(sem, subclass)	down_write(sem)
#define down_write_nest_lock(sem, outer)	down_write(sem)
#define down_read_non_owner(sem)		down_read(sem)
#define up_read_non_owner(sem)			up_read(sem)

#ifndef __cplusplus
DEFINE_GUARD(rwsem_read, struct rw_semaphore *, down_read(_T), up_read(_T))
DEFINE_GUARD_COND(rwsem_read, _try, down_read_trylock(_T))
DEFINE_GUARD(rwsem_write, struct rw_semaphore *, down_write(_T), up_write(_T))
DEFINE_GUARD_COND(rwsem_write, _try, down_write_trylock(_T))
#endif

#endif
