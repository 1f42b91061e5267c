/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Spinlocks and reader-writer locks. Both are made of the C library's mutex, and a thread that waits sleeps. The
 * _irq, _irqsave and _bh forms keep the books of linux/irqflags.h; a signal handler that takes the same lock can
 * still deadlock with the thread it interrupts.
 */
#ifndef __LINUX_SPINLOCK_H
#define __LINUX_SPINLOCK_H

#include <asm/barrier.h>
#include <linux/atomic.h>
#include <linux/bottom_half.h>
#include <linux/cleanup.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/refcount.h>
#include <linux/spinlock_types.h>

static inline void spin_lock_init(spinlock_t *lock)
{
	kmem_mutex_init(&lock->mutex, NULL);
}

static inline void spin_lock(spinlock_t *lock)
{
	kmem_mutex_lock(&lock->mutex);
	preempt_disable();
}

static inline void spin_unlock(spinlock_t *lock)
{
	preempt_enable();
	kmem_mutex_unlock(&lock->mutex);
}

static inline int spin_trylock(spinlock_t *lock)
{
	if (kmem_mutex_trylock(&lock->mutex))
		return 0;
	preempt_disable();
	return 1;
}

static inline int spin_is_locked(spinlock_t *lock)
{
	return kmem_mutex_is_locked(&lock->mutex);
}

static inline void spin_lock_irq(spinlock_t *lock)
{
	local_irq_disable();
	spin_lock(lock);
}

static inline void spin_unlock_irq(spinlock_t *lock)
{
	spin_unlock(lock);
	local_irq_enable();
}

static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	spin_unlock(lock);
	local_irq_restore(flags);
}

static inline void spin_lock_bh(spinlock_t *lock)
{
	spin_lock(lock);
}

static inline void spin_unlock_bh(spinlock_t *lock)
{
	spin_unlock(lock);
}

static inline int spin_trylock_irq(spinlock_t *lock)
{
	if (!spin_trylock(lock))
		return 0;
	local_irq_disable();
	return 1;
}

#define spin_lock_irqsave(lock, flags) \
	do { local_irq_save(flags); spin_lock(lock); } while (0)
#define spin_trylock_irqsave(lock, flags) \
	(__extension__ ({ int kmem_got = spin_trylock(lock); if (kmem_got) local_irq_save(flags); kmem_got; }))
#define spin_trylock_bh(lock)			spin_trylock(lock)
#define spin_lock_nested(lock, subclass)	spin_lock(lock)
#define spin_lock_nest_lock(lock, outer)	spin_lock(lock)
#define spin_lock_irqsave_nested(lock, flags, subclass)	spin_lock_irqsave(lock, flags)
#define spin_is_contended(lock)			((void)(lock), 0)
#define spin_needbreak(lock)			((void)(lock), 0)
#define assert_spin_locked(lock)		lockdep_assert_held(lock)

/* The raw forms differ only on real-time kernels. */
#define raw_spin_lock_init(lock)		spin_lock_init(lock)
#define raw_spin_lock(lock)			spin_lock(lock)
#define raw_spin_unlock(lock)			spin_unlock(lock)
#define raw_spin_trylock(lock)			spin_trylock(lock)
#define raw_spin_is_locked(lock)		spin_is_locked(lock)
#define raw_spin_lock_irq(lock)			spin_lock_irq(lock)
#define raw_spin_unlock_irq(lock)		spin_unlock_irq(lock)
#define raw_spin_lock_irqsave(lock, flags)	spin_lock_irqsave(lock, flags)
#define raw_spin_unlock_irqrestore(lock, flags)	spin_unlock_irqrestore(lock, flags)
#define raw_spin_lock_bh(lock)			spin_lock_bh(lock)
#define raw_spin_unlock_bh(lock)		spin_unlock_bh(lock)

static inline void rwlock_init(rwlock_t *lock)
{
	kmem_mutex_init(&lock->mutex, NULL);
	kmem_cond_init(&lock->released, NULL);
	lock->readers = 0;
}

static inline void read_lock(rwlock_t *lock)
{
	kmem_mutex_lock(&lock->mutex);
	while (lock->readers < 0)
		kmem_cond_wait(&lock->released, &lock->mutex);
	lock->readers++;
	kmem_mutex_unlock(&lock->mutex);
	preempt_disable();
}

static inline void write_lock(rwlock_t *lock)
{
	kmem_mutex_lock(&lock->mutex);
	while (lock->readers != 0)
		kmem_cond_wait(&lock->released, &lock->mutex);
	lock->readers = -1;
	kmem_mutex_unlock(&lock->mutex);
	preempt_disable();
}

static inline int read_trylock(rwlock_t *lock)
{
	int got;

	kmem_mutex_lock(&lock->mutex);
	got = lock->readers >= 0;
	if (got)
		lock->readers++;
	kmem_mutex_unlock(&lock->mutex);
	if (got)
		preempt_disable();
	return got;
}

static inline int write_trylock(rwlock_t *lock)
{
	int got;

	kmem_mutex_lock(&lock->mutex);
	got = lock->readers == 0;
	if (got)
		lock->readers = -1;
	kmem_mutex_unlock(&lock->mutex);
	if (got)
		preempt_disable();
	return got;
}

/* Everybody is woken when the lock becomes free: readers and writers wait for the same thing. */
static inline void kmem_rwlock_release(rwlock_t *lock, int readers)
{
	preempt_enable();
	kmem_mutex_lock(&lock->mutex);
	lock->readers += readers;
	if (lock->readers == 0)
		kmem_cond_broadcast(&lock->released);
	kmem_mutex_unlock(&lock->mutex);
}

static inline void read_unlock(rwlock_t *lock)
{
	kmem_rwlock_release(lock, -1);
}

static inline void write_unlock(rwlock_t *lock)
{
	kmem_rwlock_release(lock, 1);
}

#define read_lock_irq(lock)			do { local_irq_disable(); read_lock(lock); } while (0)
#define read_unlock_irq(lock)			do { read_unlock(lock); local_irq_enable(); } while (0)
#define read_lock_irqsave(lock, flags)		do { local_irq_save(flags); read_lock(lock); } while (0)
#define read_unlock_irqrestore(lock, flags)	do { read_unlock(lock); local_irq_restore(flags); } while (0)
#define read_lock_bh(lock)			read_lock(lock)
#define read_unlock_bh(lock)			read_unlock(lock)
#define write_lock_irq(lock)			do { local_irq_disable(); write_lock(lock); } while (0)
#define write_unlock_irq(lock)			do { write_unlock(lock); local_irq_enable(); } while (0)
#define write_lock_irqsave(lock, flags)		do { local_irq_save(flags); write_lock(lock); } while (0)
#define write_unlock_irqrestore(lock, flags)	do { write_unlock(lock); local_irq_restore(flags); } while (0)
#define write_lock_bh(lock)			write_lock(lock)
#define write_unlock_bh(lock)			write_unlock(lock)
#define write_lock_nested(lock, subclass)	write_lock(lock)

/* Decrements; returns 1 with the lock held if that made it 0, and 0 without the lock otherwise. */
static inline int atomic_dec_and_lock(atomic_t *counter, spinlock_t *lock)
{
	if (atomic_add_unless(counter, -1, 1))
		return 0;
	spin_lock(lock);
	if (atomic_dec_and_test(counter))
		return 1;
	spin_unlock(lock);
	return 0;
}

static inline __must_check bool refcount_dec_and_lock(refcount_t *r, spinlock_t *lock)
{
	if (refcount_dec_not_one(r))
		return false;
	spin_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	spin_unlock(lock);
	return false;
}

#define atomic_dec_and_lock_irqsave(counter, lock, flags) \
	(__extension__ ({ \
		int kmem_zero = atomic_dec_and_lock(counter, lock); \
		if (kmem_zero) \
			local_irq_save(flags); \
		kmem_zero; \
	}))

#ifndef __cplusplus
DEFINE_LOCK_GUARD_1(spinlock, spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(raw_spinlock, raw_spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1_COND(spinlock, _try, spin_trylock(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_irq, spinlock_t, spin_lock_irq(_T->lock), spin_unlock_irq(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_bh, spinlock_t, spin_lock_bh(_T->lock), spin_unlock_bh(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_irqsave, spinlock_t, spin_lock_irqsave(_T->lock, _T->flags),
		    spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1(read_lock, rwlock_t, read_lock(_T->lock), read_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(write_lock, rwlock_t, write_lock(_T->lock), write_unlock(_T->lock))
#endif

#endif
