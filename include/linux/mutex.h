/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Mutexes: the C library's. Nothing interrupts a wait, so the _interruptible and _killable forms give 0. */
#ifndef __LINUX_MUTEX_H
#define __LINUX_MUTEX_H

#include <kmem/pthread.h>
#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/lockdep.h>
#include <linux/refcount.h>

struct mutex {
	pthread_mutex_t mutex;
};

#define __MUTEX_INITIALIZER(name)	KMEM_ZEROED
#define DEFINE_MUTEX(name)		struct mutex name = KMEM_ZEROED

static inline void mutex_init(struct mutex *lock)
{
	kmem_mutex_init(&lock->mutex, NULL);
}

static inline void mutex_destroy(struct mutex *lock)
{
	kmem_mutex_destroy(&lock->mutex);
}

static inline void mutex_lock(struct mutex *lock)
{
	kmem_mutex_lock(&lock->mutex);
}

static inline void mutex_unlock(struct mutex *lock)
{
	kmem_mutex_unlock(&lock->mutex);
}

/* 1 if the lock was free and is now held. */
static inline int mutex_trylock(struct mutex *lock)
{
	return kmem_mutex_trylock(&lock->mutex) == 0;
}

static inline int __must_check mutex_lock_interruptible(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

static inline int __must_check mutex_lock_killable(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

static inline bool mutex_is_locked(struct mutex *lock)
{
	return kmem_mutex_is_locked(&lock->mutex);
}

#define mutex_lock_nested(lock, subclass)		mutex_lock(lock)
#define mutex_lock_nest_lock(lock, outer)		mutex_lock(lock)
#define mutex_lock_interruptible_nested(lock, subclass)	mutex_lock_interruptible(lock)
#define mutex_lock_killable_nested(lock, subclass)	mutex_lock_killable(lock)
#define mutex_lock_io(lock)				mutex_lock(lock)
#define __mutex_init(lock, name, key)			mutex_init(lock)

/* Decrements; returns 1 with the lock held if that made it 0, and 0 without the lock otherwise. */
static inline int atomic_dec_and_mutex_lock(atomic_t *counter, struct mutex *lock)
{
	if (atomic_add_unless(counter, -1, 1))
		return 0;
	mutex_lock(lock);
	if (atomic_dec_and_test(counter))
		return 1;
	mutex_unlock(lock);
	return 0;
}

static inline __must_check bool refcount_dec_and_mutex_lock(refcount_t *r, struct mutex *lock)
{
	if (refcount_dec_not_one(r))
		return false;
	mutex_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	mutex_unlock(lock);
	return false;
}

#ifndef __cplusplus
DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T))
DEFINE_GUARD_COND(mutex, _intr, mutex_lock_interruptible(_T) == 0)
#endif

#endif
