/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* spinlock_t and rwlock_t, to embed; linux/spinlock.h has what to do with them. */
#ifndef __LINUX_SPINLOCK_TYPES_H
#define __LINUX_SPINLOCK_TYPES_H

#include <kmem/pthread.h>
#include <linux/types.h>

/*
 * A mutex of the C library, not a loop: the thread that holds it may be off its CPU, and spinning would then burn
 * the time that it needs.
 */
typedef struct raw_spinlock {
	pthread_mutex_t mutex;
} raw_spinlock_t;

typedef struct raw_spinlock spinlock_t;

/*
 * Many readers or one writer. readers == -1 while a writer has it. Readers go before waiting writers, so that a
 * reader may take the lock again.
 */
typedef struct kmem_rwlock {
	pthread_mutex_t mutex;		/* guards what follows, for moments only */
	pthread_cond_t released;
	int readers;
} rwlock_t;

#define __SPIN_LOCK_UNLOCKED(name)	(spinlock_t)KMEM_ZEROED
#define __RAW_SPIN_LOCK_UNLOCKED(name)	(raw_spinlock_t)KMEM_ZEROED
#define __RW_LOCK_UNLOCKED(name)	(rwlock_t)KMEM_ZEROED
#define DEFINE_SPINLOCK(name)		spinlock_t name = KMEM_ZEROED
#define DEFINE_RAW_SPINLOCK(name)	raw_spinlock_t name = KMEM_ZEROED
#define DEFINE_RWLOCK(name)		rwlock_t name = KMEM_ZEROED

#endif
