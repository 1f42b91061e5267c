/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Sequence counts and locks: readers take nothing, and read again when a writer was there.
 *
 *	do {
 *		seq = read_seqbegin(&lock);
 *		copy what it guards, with READ_ONCE()
 *	} while (read_seqretry(&lock, seq));
 *
 * The count is odd while a writer is at work. A bare seqcount_t needs a lock of the writers' own.
 */
#ifndef __LINUX_SEQLOCK_H
#define __LINUX_SEQLOCK_H

#include <asm/barrier.h>
#include <linux/compiler.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

typedef struct seqcount {
	unsigned int sequence;
} seqcount_t;

/* The kernel's lock checker wants to know the writers' lock. It is named, and not looked at. */
typedef struct { seqcount_t seqcount; } seqcount_raw_spinlock_t;
typedef struct { seqcount_t seqcount; } seqcount_spinlock_t;
typedef struct { seqcount_t seqcount; } seqcount_rwlock_t;
typedef struct { seqcount_t seqcount; } seqcount_mutex_t;

typedef struct {
	seqcount_t seqcount;
	spinlock_t lock;
} seqlock_t;

#define SEQCNT_ZERO(name)		KMEM_ZEROED
#define SEQCNT_RAW_SPINLOCK_ZERO(name, lock)	KMEM_ZEROED
#define SEQCNT_SPINLOCK_ZERO(name, lock)	KMEM_ZEROED
#define SEQCNT_RWLOCK_ZERO(name, lock)	KMEM_ZEROED
#define SEQCNT_MUTEX_ZERO(name, lock)	KMEM_ZEROED
#define __SEQLOCK_UNLOCKED(name)	KMEM_ZEROED
#define DEFINE_SEQLOCK(name)		seqlock_t name = KMEM_ZEROED

/* All kinds begin with a seqcount_t, or are one. */
#define KMEM_SEQCOUNT(s)		((seqcount_t *)(void *)(s))

#define seqcount_init(s)		WRITE_ONCE(KMEM_SEQCOUNT(s)->sequence, 0)
#define seqcount_raw_spinlock_init(s, lock)	((void)(lock), KMEM_SEQCOUNT(s)->sequence = 0)
#define seqcount_spinlock_init(s, lock)	((void)(lock), KMEM_SEQCOUNT(s)->sequence = 0)
#define seqcount_rwlock_init(s, lock)	((void)(lock), KMEM_SEQCOUNT(s)->sequence = 0)
#define seqcount_mutex_init(s, lock)	((void)(lock), KMEM_SEQCOUNT(s)->sequence = 0)

#ifdef __cplusplus
extern "C"
#endif
int kmem_seq_yield(void) __asm__("sched_yield");

/* Waits for a writer to be done. It may be off its CPU, so now and then this one is offered. */
static inline unsigned int kmem_seq_begin(const seqcount_t *s)
{
	unsigned int sequence, spins = 0;

	while ((sequence = __atomic_load_n(&s->sequence, __ATOMIC_ACQUIRE)) & 1) {
		if (++spins % 64)
			cpu_relax();
		else
			kmem_seq_yield();
	}
	return sequence;
}

/* The fence keeps what was read in front of the second look at the count. */
static inline int kmem_seq_retry(const seqcount_t *s, unsigned int start)
{
	smp_rmb();
	return unlikely(__atomic_load_n(&s->sequence, __ATOMIC_RELAXED) != start);
}

/* The fences keep what is written between the two changes of the count. */
static inline void kmem_seq_enter(seqcount_t *s)
{
	__atomic_store_n(&s->sequence, s->sequence + 1, __ATOMIC_RELAXED);
	smp_wmb();
}

static inline void kmem_seq_leave(seqcount_t *s)
{
	smp_wmb();
	__atomic_store_n(&s->sequence, s->sequence + 1, __ATOMIC_RELAXED);
}

#define read_seqcount_begin(s)		kmem_seq_begin(KMEM_SEQCOUNT(s))
#define raw_read_seqcount_begin(s)	kmem_seq_begin(KMEM_SEQCOUNT(s))
#define raw_read_seqcount(s)		__atomic_load_n(&KMEM_SEQCOUNT(s)->sequence, __ATOMIC_ACQUIRE)
#define raw_seqcount_begin(s)		(raw_read_seqcount(s) & ~1U)
#define read_seqcount_retry(s, start)	kmem_seq_retry(KMEM_SEQCOUNT(s), start)
#define __read_seqcount_retry(s, start)	kmem_seq_retry(KMEM_SEQCOUNT(s), start)
#define raw_write_seqcount_begin(s)	kmem_seq_enter(KMEM_SEQCOUNT(s))
#define raw_write_seqcount_end(s)	kmem_seq_leave(KMEM_SEQCOUNT(s))
#define write_seqcount_begin(s)		do { preempt_disable(); kmem_seq_enter(KMEM_SEQCOUNT(s)); } while (0)
#define write_seqcount_begin_nested(s, subclass)	write_seqcount_begin(s)
#define write_seqcount_end(s)		do { kmem_seq_leave(KMEM_SEQCOUNT(s)); preempt_enable(); } while (0)

/* Sends all readers that have begun round again, without a change of the data. */
static inline void kmem_seq_invalidate(seqcount_t *s)
{
	smp_wmb();
	__atomic_store_n(&s->sequence, s->sequence + 2, __ATOMIC_RELAXED);
}
#define write_seqcount_invalidate(s)	kmem_seq_invalidate(KMEM_SEQCOUNT(s))

static inline void seqlock_init(seqlock_t *sl)
{
	spin_lock_init(&sl->lock);
	sl->seqcount.sequence = 0;
}

static inline unsigned int read_seqbegin(const seqlock_t *sl)
{
	return kmem_seq_begin(&sl->seqcount);
}

static inline unsigned int read_seqretry(const seqlock_t *sl, unsigned int start)
{
	return (unsigned int)kmem_seq_retry(&sl->seqcount, start);
}

static inline void write_seqlock(seqlock_t *sl)
{
	spin_lock(&sl->lock);
	kmem_seq_enter(&sl->seqcount);
}

static inline void write_sequnlock(seqlock_t *sl)
{
	kmem_seq_leave(&sl->seqcount);
	spin_unlock(&sl->lock);
}

#define write_seqlock_irq(sl)		do { local_irq_disable(); write_seqlock(sl); } while (0)
#define write_sequnlock_irq(sl)		do { write_sequnlock(sl); local_irq_enable(); } while (0)
#define write_seqlock_irqsave(sl, flags)	do { local_irq_save(flags); write_seqlock(sl); } while (0)
#define write_sequnlock_irqrestore(sl, flags)	do { write_sequnlock(sl); local_irq_restore(flags); } while (0)
#define write_seqlock_bh(sl)		write_seqlock(sl)
#define write_sequnlock_bh(sl)		write_sequnlock(sl)

/* A reader that keeps writers out, and other readers of its kind. */
static inline void read_seqlock_excl(seqlock_t *sl)
{
	spin_lock(&sl->lock);
}

static inline void read_sequnlock_excl(seqlock_t *sl)
{
	spin_unlock(&sl->lock);
}

/* Lockless for an even *seq; for an odd one, the second round, with the lock. */
static inline void read_seqbegin_or_lock(seqlock_t *lock, int *seq)
{
	if (!(*seq & 1))
		*seq = (int)read_seqbegin(lock);
	else
		read_seqlock_excl(lock);
}

static inline int need_seqretry(seqlock_t *lock, int seq)
{
	return !(seq & 1) && read_seqretry(lock, (unsigned int)seq);
}

static inline void done_seqretry(seqlock_t *lock, int seq)
{
	if (seq & 1)
		read_sequnlock_excl(lock);
}

#endif
