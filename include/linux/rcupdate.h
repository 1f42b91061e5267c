/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Read-copy update: readers take no lock and wait for nobody; who removes an object frees it when every reader that
 * can still see it is done.
 *
 * Readers count themselves on one of two sides. A grace period changes the side twice, each time when the side that was
 * left before has been empty once. A reader that was there at the beginning is on one of the
 * two, and is waited for; new readers go to the new side, so each wait ends. A reader that looked up the side before
 * a change, and counts itself after it, only prolongs a wait: it began after the removal, and sees it. Counts are
 * spread over some cache lines, each of them waited for by itself. Threads need not register. synchronize_rcu()
 * waits for that; poll_state_synchronize_rcu() takes the steps that can be taken at once.
 *
 * The library polls so for the pages of caches with SLAB_TYPESAFE_BY_RCU: it hears of these readers when a thread first
 * is one. (A shared object has readers of its own if it does not find this program's counts; unloaded, it has none.)
 *
 * Callbacks are called by a thread that exists while some wait. The child of a fork() has no such thread. It keeps what
 * waits, and starts a thread with its next callback or rcu_barrier(); a callback that had begun is not called again there.
 * Fork while no other thread of the program's own is a reader, or waits for readers.
 *
 * A program that uses liburcu keeps it: where its header was read first, this file only adds the kernel's names that
 * liburcu does not have. Its own rules hold then: threads that read register, or use the flavour that does it for them.
 * The library asks it by call_rcu() whether readers are done. After fork() that needs liburcu's handlers for fork in the
 * child, or the pages stay.
 */
#ifndef __LINUX_RCUPDATE_H
#define __LINUX_RCUPDATE_H

#include <asm/barrier.h>
#include <kmem.h>
#include <kmem/pthread.h>
#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#if !defined(_URCU_H) && !defined(_URCU_CALL_RCU_H) && !defined(_URCU_POINTER_H)

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};

typedef void (*rcu_callback_t)(struct rcu_head *head);

#define KMEM_RCU_STRIPES	16
/* No function is on the first page of memory. */
#define KMEM_RCU_OFFSETS	4096

/* The readers of one side whose threads share a stripe. */
struct kmem_rcu_readers {
	unsigned long count;
} __attribute__((__aligned__(64)));

struct kmem_rcu {
	struct kmem_rcu_readers readers[2][KMEM_RCU_STRIPES];
	unsigned int side;		/* where new readers go */
	unsigned int threads;		/* that have a stripe */
	unsigned long left, emptied;	/* how often a side was left, and how often it was empty then */
	pthread_mutex_t grace;		/* held by who changes these */
	pthread_mutex_t mutex;		/* guards what follows */
	pthread_cond_t called;		/* done has grown */
	struct rcu_head *first, *last;	/* callbacks that wait, the oldest first */
	struct rcu_head *batch, *batch_last;	/* those of the worker, before them */
	unsigned long queued, begun, done;	/* callbacks so far */
	int worker;			/* process whose thread calls them; 0 if there is none */
	bool forks;			/* whether forks are heard of */
	bool entered;			/* whether there ever was a reader */
};

struct kmem_rcu_thread {
	struct kmem_rcu_readers *here;	/* where the thread is counted while it reads */
	unsigned int nesting;
	unsigned int stripe;		/* and 1; 0 in a thread that never read */
	unsigned int inside;		/* has the mutex, or waits for it; a fork, too */
};

KMEM_SHARED struct kmem_rcu kmem_rcu = KMEM_ZEROED;
KMEM_SHARED __thread struct kmem_rcu_thread kmem_rcu_thread;

#ifdef __cplusplus
extern "C" {
#endif
int kmem_rcu_yield(void) __asm__("sched_yield");
int kmem_rcu_getpid(void) __asm__("getpid");
int kmem_rcu_thread_create(pthread_t *thread, const void *attributes, void *(*run)(void *), void *argument)
	__asm__("pthread_create");
int kmem_rcu_thread_detach(pthread_t thread) __asm__("pthread_detach");
int kmem_rcu_at_exit(void (*function)(void)) __asm__("atexit");
int kmem_rcu_at_fork(void (*before)(void), void (*in_parent)(void), void (*in_child)(void)) __asm__("pthread_atfork");
#ifdef __cplusplus
}
#endif

/* Whether the readers of a side whose threads share a stripe are none. A read-modify-write looks at the newest value. */
static inline bool kmem_rcu_is_empty(unsigned int side, unsigned int stripe)
{
	return !__atomic_fetch_add(&kmem_rcu.readers[side][stripe].count, 0, __ATOMIC_SEQ_CST);
}

/*
 * With grace held: leaves a side, unless the one that was left last has not been empty yet; returns that one. Counted
 * first: who read the old number did what he did before the side was left.
 */
static inline unsigned int kmem_rcu_leave(void)
{
	if (__atomic_load_n(&kmem_rcu.left, __ATOMIC_RELAXED) == __atomic_load_n(&kmem_rcu.emptied, __ATOMIC_RELAXED)) {
		__atomic_fetch_add(&kmem_rcu.left, 1, __ATOMIC_SEQ_CST);
		__atomic_fetch_xor(&kmem_rcu.side, 1, __ATOMIC_SEQ_CST);
	}
	return !__atomic_load_n(&kmem_rcu.side, __ATOMIC_RELAXED);
}

/* How often a side will have been empty when all readers that are there now are done: one may be half way. */
static inline unsigned long get_state_synchronize_rcu(void)
{
	return __atomic_fetch_add(&kmem_rcu.left, 0, __ATOMIC_SEQ_CST) + 2;
}

static inline bool kmem_rcu_reached(unsigned long state)
{
	return (long)(__atomic_load_n(&kmem_rcu.emptied, __ATOMIC_SEQ_CST) - state) >= 0;
}

/* Whether the readers that were there when the state was taken are done. Waits for nobody; takes what steps it can. */
static inline bool poll_state_synchronize_rcu(unsigned long state)
{
	unsigned int side, stripe = KMEM_RCU_STRIPES;

	if (kmem_rcu_reached(state))
		return true;
	/* Who has it takes the steps. */
	if (kmem_mutex_trylock(&kmem_rcu.grace))
		return false;
	while (stripe == KMEM_RCU_STRIPES && !kmem_rcu_reached(state)) {
		side = kmem_rcu_leave();
		for (stripe = 0; stripe < KMEM_RCU_STRIPES && kmem_rcu_is_empty(side, stripe);)
			stripe++;
		if (stripe == KMEM_RCU_STRIPES)
			__atomic_fetch_add(&kmem_rcu.emptied, 1, __ATOMIC_SEQ_CST);
	}
	kmem_mutex_unlock(&kmem_rcu.grace);
	return kmem_rcu_reached(state);
}

static inline unsigned long start_poll_synchronize_rcu(void)
{
	unsigned long state = get_state_synchronize_rcu();

	poll_state_synchronize_rcu(state);
	return state;
}

/* What the library asks. */
static inline bool kmem_rcu_poll(struct kmem_rcu_flavor *flavor, unsigned long *state, bool may_sleep)
{
	(void)flavor;
	(void)may_sleep;
	if (!*state)
		*state = get_state_synchronize_rcu();
	return poll_state_synchronize_rcu(*state);
}

static inline void kmem_rcu_enter(void);
static inline bool kmem_rcu_hear_of_forks(void);

/* The functions lie in the file of the program or shared object that the counts are in, and go when these go. */
struct kmem_rcu_entrance {
	struct kmem_rcu_flavor flavor;
	void (*enter)(void);
	bool (*hear_of_forks)(void);
};

KMEM_SHARED struct kmem_rcu_entrance kmem_rcu_entrance =
	{ { kmem_rcu_poll }, kmem_rcu_enter, kmem_rcu_hear_of_forks };

static inline void kmem_rcu_unloaded(void)
{
	kmem_rcu_unregister(&kmem_rcu_entrance.flavor);
}

/* A thread is going to read for the first time. It must not wait for another one that does. */
static inline void kmem_rcu_enter(void)
{
	if (!__atomic_exchange_n(&kmem_rcu.entered, true, __ATOMIC_RELAXED))
		kmem_rcu_at_exit(kmem_rcu_unloaded);
	kmem_rcu_register(&kmem_rcu_entrance.flavor);
}

/*
 * May be nested, and held across anything but synchronize_rcu(). Signal handlers may read, but for the first time in a
 * thread: that tells the library of its readers, and may wait for a lock of the C library's that the handler interrupted.
 */
static inline void rcu_read_lock(void)
{
	struct kmem_rcu_thread *self = &kmem_rcu_thread;
	struct kmem_rcu_readers *here;
	unsigned int side;

	if (READ_ONCE(self->nesting)) {
		WRITE_ONCE(self->nesting, self->nesting + 1);
		return;
	}
	if (unlikely(!self->stripe)) {
		kmem_rcu_entrance.enter();
		self->stripe = __atomic_fetch_add(&kmem_rcu.threads, 1, __ATOMIC_RELAXED) % KMEM_RCU_STRIPES + 1;
	}
	side = __atomic_load_n(&kmem_rcu.side, __ATOMIC_RELAXED);
	here = &kmem_rcu.readers[side][self->stripe - 1];
	/* In one order with the look of kmem_rcu_is_empty(): seen by it, or seeing all that was done before it. */
	__atomic_fetch_add(&here->count, 1, __ATOMIC_SEQ_CST);
	smp_mb__after_atomic();
	/* A reader in a signal handler either counts itself, and is gone before this goes on, or finds a count that holds. */
	WRITE_ONCE(self->nesting, 1);
	WRITE_ONCE(self->here, here);
}

static inline void rcu_read_unlock(void)
{
	struct kmem_rcu_thread *self = &kmem_rcu_thread;
	/* Taken first: once the thread is no reader, one in a signal handler may be counted elsewhere. */
	struct kmem_rcu_readers *here = READ_ONCE(self->here);
	unsigned int nesting = READ_ONCE(self->nesting) - 1;

	WRITE_ONCE(self->nesting, nesting);
	/* Pairs with kmem_rcu_is_empty(): all that was read here was read before the object goes. */
	if (!nesting)
		__atomic_fetch_sub(&here->count, 1, __ATOMIC_SEQ_CST);
}

static inline int rcu_read_lock_held(void)
{
	return kmem_rcu_thread.nesting != 0;
}

/* Until the readers of a side have been none. */
static inline void kmem_rcu_wait(unsigned int side)
{
	unsigned int i, spins;

	for (i = 0; i < KMEM_RCU_STRIPES; i++) {
		for (spins = 0; !kmem_rcu_is_empty(side, i); spins++) {
			if (spins < 100)
				cpu_relax();
			else if (spins < 200)
				kmem_rcu_yield();
			else {
				struct kmem_clock_time nap = { 0, 100000 };

				kmem_nanosleep(&nap, NULL);
			}
		}
	}
}

/* Waits for all readers that are there now. Not for a reader to call: it would wait for itself. */
static inline void synchronize_rcu(void)
{
	unsigned long state = get_state_synchronize_rcu();

	WARN_ON_ONCE(kmem_rcu_thread.nesting);
	kmem_mutex_lock(&kmem_rcu.grace);
	while (!kmem_rcu_reached(state)) {
		kmem_rcu_wait(kmem_rcu_leave());
		__atomic_fetch_add(&kmem_rcu.emptied, 1, __ATOMIC_SEQ_CST);
	}
	kmem_mutex_unlock(&kmem_rcu.grace);
}

/* Waits unless the readers that were there when the state was taken are done. */
static inline void cond_synchronize_rcu(unsigned long state)
{
	if (!poll_state_synchronize_rcu(state))
		synchronize_rcu();
}

static inline void kmem_rcu_lock(void)
{
	kmem_rcu_thread.inside++;
	kmem_mutex_lock(&kmem_rcu.mutex);
}

static inline void kmem_rcu_unlock(void)
{
	kmem_mutex_unlock(&kmem_rcu.mutex);
	kmem_rcu_thread.inside--;
}

/*
 * Calls all callbacks that wait, a batch at a time, and ends when there are none. A callback may fork: in the child the
 * thread is the worker no more.
 */
static inline void *kmem_rcu_worker(void *unused)
{
	int pid = kmem_rcu_getpid(), cancel;
	struct rcu_head *head;

	kmem_setcancelstate(KMEM_CANCEL_DISABLE, &cancel);
	kmem_rcu_lock();
	while (kmem_rcu.worker == pid && kmem_rcu.first) {
		kmem_rcu.batch = kmem_rcu.first;
		kmem_rcu.batch_last = kmem_rcu.last;
		kmem_rcu.first = kmem_rcu.last = NULL;
		kmem_rcu_unlock();
		synchronize_rcu();
		kmem_rcu_lock();
		while (kmem_rcu.worker == pid && (head = kmem_rcu.batch)) {
			kmem_rcu.batch = head->next;
			kmem_rcu.begun++;
			kmem_rcu_unlock();
			/* A number where the function should be is how far into an object to free the head lies. */
			if ((unsigned long)head->func < KMEM_RCU_OFFSETS)
				kmem_kvfree((char *)head - (unsigned long)head->func);
			else
				head->func(head);
			kmem_rcu_lock();
			if (kmem_rcu.worker == pid) {
				kmem_rcu.done++;
				kmem_cond_broadcast(&kmem_rcu.called);
			}
		}
	}
	if (kmem_rcu.worker == pid)
		kmem_rcu.worker = 0;
	kmem_rcu_unlock();
	kmem_setcancelstate(cancel, &cancel);
	return unused;
}

/* The mutex is held while the child's memory is made; but a handler that interrupted who has it must not wait for it. */
static inline void kmem_rcu_before_fork(void)
{
	if (kmem_rcu_thread.inside++ == 0)
		kmem_mutex_lock(&kmem_rcu.mutex);
}

static inline void kmem_rcu_after_fork(void)
{
	if (kmem_rcu_thread.inside == 1)
		kmem_mutex_unlock(&kmem_rcu.mutex);
	kmem_rcu_thread.inside--;
}

/* The worker is not there: its batch waits again, for readers too, and the lock that it may have had is free. */
static inline void kmem_rcu_in_child(void)
{
	if (kmem_rcu_thread.inside == 1) {
		if (kmem_rcu.batch) {
			kmem_rcu.batch_last->next = kmem_rcu.first;
			if (!kmem_rcu.first)
				kmem_rcu.last = kmem_rcu.batch_last;
			kmem_rcu.first = kmem_rcu.batch;
			kmem_rcu.batch = NULL;
		}
		kmem_rcu.done = kmem_rcu.begun;
		kmem_rcu.worker = 0;
		kmem_mutex_init(&kmem_rcu.grace, NULL);
		kmem_cond_init(&kmem_rcu.called, NULL);
	}
	kmem_rcu_after_fork();
}

static inline bool kmem_rcu_hear_of_forks(void)
{
	return kmem_rcu_at_fork(kmem_rcu_before_fork, kmem_rcu_after_fork, kmem_rcu_in_child) == 0;
}

/* With the mutex held. A process without a thread to spare keeps the callbacks until it has one, or waits. */
static inline void kmem_rcu_start_worker(void)
{
	int pid = kmem_rcu_getpid();
	pthread_t thread;

	if (!kmem_rcu.first || kmem_rcu.worker == pid)
		return;
	if (!kmem_rcu.forks)
		kmem_rcu.forks = kmem_rcu_entrance.hear_of_forks();
	if (kmem_rcu_thread_create(&thread, NULL, kmem_rcu_worker, NULL) == 0) {
		kmem_rcu_thread_detach(thread);
		kmem_rcu.worker = pid;
	}
}

/* func is called, in another thread, when all readers that are there now are done. Readers may call this. */
static inline void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	head->func = func;
	head->next = NULL;
	kmem_rcu_lock();
	if (kmem_rcu.first)
		kmem_rcu.last->next = head;
	else
		kmem_rcu.first = head;
	kmem_rcu.last = head;
	kmem_rcu.queued++;
	kmem_rcu_start_worker();
	kmem_rcu_unlock();
}

/* Waits until all callbacks that were queued before have returned, and the library's pages have no reader. */
static inline void rcu_barrier(void)
{
	unsigned long queued;
	unsigned int turn;

	kmem_rcu_lock();
	queued = kmem_rcu.queued;
	while ((long)(queued - kmem_rcu.done) > 0) {
		kmem_rcu_start_worker();
		if (kmem_rcu.worker == kmem_rcu_getpid()) {
			kmem_cond_wait(&kmem_rcu.called, &kmem_rcu.mutex);
		} else {
			kmem_rcu.worker = kmem_rcu_getpid();
			kmem_rcu_unlock();
			kmem_rcu_worker(NULL);
			kmem_rcu_lock();
		}
	}
	kmem_rcu_unlock();
	/* Those that came while others waited begin to wait after these. */
	for (turn = 0; turn < 2 && kmem_rcu_settle(); turn++)
		synchronize_rcu();
	kmem_rcu_settle();
}

/*
 * Frees an object of kmalloc(), kvmalloc() or a cache when all readers that are there now are done. The object has a
 * struct rcu_head, member, so nothing is allocated and nothing can fail.
 */
#define KMEM_KFREE_RCU_2(object, member) \
	do { \
		__typeof__(object) kmem_object = (object); \
		KMEM_STATIC_ASSERT(offsetof(__typeof__(*kmem_object), member) < KMEM_RCU_OFFSETS, "rcu_head is too far", ""); \
		if (kmem_object) \
			call_rcu(&kmem_object->member, \
				 (rcu_callback_t)(unsigned long)offsetof(__typeof__(*kmem_object), member)); \
	} while (0)
/* Readers see what was written before the pointer was assigned: acquire, where the processor would do with less. */
#define rcu_dereference(p)		__atomic_load_n(&(p), __ATOMIC_ACQUIRE)
#define rcu_assign_pointer(p, value)	__atomic_store_n(&(p), (__typeof__(p))(value), __ATOMIC_RELEASE)

#else

/* What the library asks where readers are liburcu's: a callback that waits with them. */
struct kmem_rcu_beside {
	struct kmem_rcu_flavor flavor;
	struct rcu_head head;
	int called, over;
};

#define KMEM_RCU_BESIDE(theirs) \
	static void kmem_rcu_over_##theirs(struct rcu_head *head) \
	{ \
		struct kmem_rcu_beside *beside = \
			(struct kmem_rcu_beside *)((char *)head - offsetof(struct kmem_rcu_beside, head)); \
		__atomic_store_n(&beside->over, beside->called, __ATOMIC_RELEASE); \
		kmem_rcu_settle(); \
	} \
	static bool kmem_rcu_poll_##theirs(struct kmem_rcu_flavor *flavor, unsigned long *state, bool may_sleep) \
	{ \
		struct kmem_rcu_beside *beside = (struct kmem_rcu_beside *)(void *)flavor; \
		int over = __atomic_load_n(&beside->over, __ATOMIC_ACQUIRE) == beside->called; \
		if (*state) \
			return over; \
		/* A thread may be started, and one that was asked for before need be over. */ \
		if (may_sleep && over) { \
			beside->called++; \
			*state = 1; \
			theirs(&beside->head, kmem_rcu_over_##theirs); \
		} \
		return false; \
	} \
	KMEM_SHARED struct kmem_rcu_beside kmem_rcu_beside_##theirs = { { kmem_rcu_poll_##theirs }, KMEM_ZEROED, 0, 0 }; \
	__attribute__((__constructor__)) static void kmem_rcu_register_##theirs(void) \
	{ \
		kmem_rcu_register(&kmem_rcu_beside_##theirs.flavor); \
	} \
	__attribute__((__destructor__)) static void kmem_rcu_unregister_##theirs(void) \
	{ \
		kmem_rcu_unregister(&kmem_rcu_beside_##theirs.flavor); \
	}
/* Of the flavours of liburcu, those that were read; before 0.11 there is one at a time. */
#ifdef _URCU_MEMB_H
KMEM_RCU_BESIDE(urcu_memb_call_rcu)
#endif
#ifdef _URCU_MB_H
KMEM_RCU_BESIDE(urcu_mb_call_rcu)
#endif
#ifdef _URCU_SIGNAL_H
KMEM_RCU_BESIDE(urcu_signal_call_rcu)
#endif
#ifdef _URCU_BP_H
KMEM_RCU_BESIDE(urcu_bp_call_rcu)
#endif
#ifdef _URCU_QSBR_H
KMEM_RCU_BESIDE(urcu_qsbr_call_rcu)
#endif
#if !defined(_URCU_MEMB_H) && !defined(_URCU_MB_H) && !defined(_URCU_SIGNAL_H) && !defined(_URCU_BP_H) && \
	!defined(_URCU_QSBR_H) && defined(call_rcu)
#define KMEM_RCU_BESIDE_ONE(theirs)	KMEM_RCU_BESIDE(theirs)
KMEM_RCU_BESIDE_ONE(call_rcu)
#endif

/* liburcu's callbacks are functions, and know the head only: one function for each place that it may have. */
#define KMEM_RCU_PLACES(X) \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) \
	X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) \
	X(32) X(33) X(34) X(35) X(36) X(37) X(38) X(39) X(40) X(41) X(42) X(43) X(44) X(45) X(46) X(47) \
	X(48) X(49) X(50) X(51) X(52) X(53) X(54) X(55) X(56) X(57) X(58) X(59) X(60) X(61) X(62) X(63)
#define KMEM_RCU_FREE_AT(place) \
	static __attribute__((__unused__)) void kmem_rcu_free_at_##place(struct rcu_head *head) \
	{ \
		kmem_kvfree((char *)head - (place) * 8); \
	}
#define KMEM_RCU_NAME_AT(place)	kmem_rcu_free_at_##place,
KMEM_RCU_PLACES(KMEM_RCU_FREE_AT)
static void (*const kmem_rcu_free_at[])(struct rcu_head *) __attribute__((__unused__)) =
	{ KMEM_RCU_PLACES(KMEM_RCU_NAME_AT) };

#define KMEM_KFREE_RCU_2(object, member) \
	do { \
		__typeof__(object) kmem_object = (object); \
		KMEM_STATIC_ASSERT(offsetof(__typeof__(*kmem_object), member) < 512, "rcu_head is too far", ""); \
		KMEM_STATIC_ASSERT(offsetof(__typeof__(*kmem_object), member) % 8 == 0, "rcu_head is packed", ""); \
		if (kmem_object) \
			call_rcu(&kmem_object->member, \
				 kmem_rcu_free_at[offsetof(__typeof__(*kmem_object), member) / 8]); \
	} while (0)

#endif

/* Without a head the caller waits. */
#define KMEM_KFREE_RCU_1(object) \
	do { \
		const void *kmem_object = (object); \
		/* From kmalloc() or kvmalloc(): the compiler, which may know which, need not compare. */ \
		OPTIMIZER_HIDE_VAR(kmem_object); \
		if (kmem_object) { \
			synchronize_rcu(); \
			kmem_kvfree(kmem_object); \
		} \
	} while (0)
#define KMEM_KFREE_RCU_PICK(a, b, which, ...)	which
/* The form with one argument had this name from 5.12 to 6.4. */
#define kfree_rcu(...) \
	KMEM_KFREE_RCU_PICK(__VA_ARGS__, KMEM_KFREE_RCU_2, KMEM_KFREE_RCU_1, 0)(__VA_ARGS__)
#define kvfree_rcu(...)			kfree_rcu(__VA_ARGS__)
#define kfree_rcu_mightsleep(object)	KMEM_KFREE_RCU_1(object)
#define kvfree_rcu_mightsleep(object)	KMEM_KFREE_RCU_1(object)
#define kvfree_rcu_barrier()		rcu_barrier()

#define call_rcu_hurry(head, func)	call_rcu(head, func)
#define synchronize_rcu_expedited()	synchronize_rcu()
#define synchronize_net()		synchronize_rcu()
#define rcu_read_lock_bh()		rcu_read_lock()
#define rcu_read_unlock_bh()		rcu_read_unlock()
#define rcu_read_lock_sched()		rcu_read_lock()
#define rcu_read_unlock_sched()		rcu_read_unlock()
#define rcu_read_lock_bh_held()		rcu_read_lock_held()
#define rcu_read_lock_any_held()	rcu_read_lock_held()
#ifndef callback_head
#define callback_head			rcu_head
#endif
#define init_rcu_head(head)		((void)(head))
#define destroy_rcu_head(head)		((void)(head))

#define rcu_dereference_raw(p)		rcu_dereference(p)
#define rcu_dereference_bh(p)		rcu_dereference(p)
#define rcu_dereference_sched(p)	rcu_dereference(p)
#define rcu_dereference_check(p, c)	rcu_dereference(p)
#define rcu_dereference_protected(p, c)	((void)sizeof(c), (p))
#define rcu_dereference_bh_check(p, c)	rcu_dereference(p)
#define rcu_access_pointer(p)		__atomic_load_n(&(p), __ATOMIC_RELAXED)
#define rcu_pointer_handoff(p)		(p)
#define rcu_replace_pointer(p, value, c) \
	(__extension__ ({ __typeof__(p) kmem_was = (p); rcu_assign_pointer(p, value); kmem_was; }))
#define RCU_INIT_POINTER(p, value)	__atomic_store_n(&(p), (__typeof__(p))(value), __ATOMIC_RELAXED)
#define RCU_POINTER_INITIALIZER(p, value)	.p = (value)
#define unrcu_pointer(p)		(p)
#define RCU_LOCKDEP_WARN(condition, text)	((void)sizeof(condition))
#define rcu_sleep_check()		((void)0)

/* A header of one flavour of liburcu alone has these functions under another name. */
#if !defined(__cplusplus) && (defined(KMEM_RCU_STRIPES) || defined(rcu_read_lock))
DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(), rcu_read_unlock())
#endif

#endif
