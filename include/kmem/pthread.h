/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * pthread.h - mutexes and conditions for the port headers
 *
 * The locks of the port headers are the C library's, so that helgrind, ThreadSanitizer and debuggers know them.
 * The functions go by names of ours, because <pthread.h> brings all of <time.h> and <sched.h> with it.
 */
#ifndef KMEM_PTHREAD_H
#define KMEM_PTHREAD_H

#include "clock.h"
#include "once.h"

#if defined(__cplusplus)
extern "C++" {
#include <pthread.h>
}
#elif __has_include(<bits/pthreadtypes.h>)
#include <features.h>		/* which of the types: a header of the C library would have asked */
#include <bits/pthreadtypes.h>	/* glibc: the types alone, whatever standard was asked for */
#else
#include <pthread.h>
#endif

/* On Linux a zeroed mutex or condition is an initialised one. */
#define KMEM_MUTEX_INITIALIZER	KMEM_ZEROED

#ifdef __cplusplus
extern "C" {
#endif
int kmem_mutex_lock(pthread_mutex_t *mutex) __asm__("pthread_mutex_lock");
int kmem_mutex_trylock(pthread_mutex_t *mutex) __asm__("pthread_mutex_trylock");
int kmem_mutex_unlock(pthread_mutex_t *mutex) __asm__("pthread_mutex_unlock");
int kmem_mutex_init(pthread_mutex_t *mutex, const void *attributes) __asm__("pthread_mutex_init");
int kmem_mutex_destroy(pthread_mutex_t *mutex) __asm__("pthread_mutex_destroy");
int kmem_c_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex) __asm__("pthread_cond_wait");
int kmem_cond_signal(pthread_cond_t *cond) __asm__("pthread_cond_signal");
int kmem_cond_broadcast(pthread_cond_t *cond) __asm__("pthread_cond_broadcast");
int kmem_cond_init(pthread_cond_t *cond, const void *attributes) __asm__("pthread_cond_init");
int kmem_c_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, int clock, const struct kmem_clock_time *until)
	__asm__("pthread_cond_clockwait");
int kmem_c_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct kmem_clock_time *until)
	__asm__("pthread_cond_timedwait");
#ifdef __cplusplus
}
#endif

/* Whether a thread has it. Where the C library shows that, it is not taken for it: who asks keeps nobody out. */
static inline int kmem_mutex_is_locked(pthread_mutex_t *mutex)
{
#ifdef __GLIBC__
	return __atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) != 0;
#else
	if (kmem_mutex_trylock(mutex))
		return 1;
	kmem_mutex_unlock(mutex);
	return 0;
#endif
}

/* A condition's wait against a clock that nobody sets, where the C library has it (glibc 2.30). */
#if defined(__GLIBC__) && (__GLIBC__ > 2 || (__GLIBC__ == 2 && __GLIBC_MINOR__ >= 30))
#define KMEM_COND_CLOCK		KMEM_CLOCK_MONOTONIC
#define KMEM_C_COND_WAIT_UNTIL(cond, mutex, until) \
	kmem_c_cond_clockwait(cond, mutex, KMEM_CLOCK_MONOTONIC, until)
#else
#define KMEM_COND_CLOCK		KMEM_CLOCK_REALTIME
#define KMEM_C_COND_WAIT_UNTIL(cond, mutex, until)	kmem_c_cond_timedwait(cond, mutex, until)
#endif

/* Like kmem_nanosleep() no place to be cancelled. */
static inline int kmem_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	int before, result;

	kmem_setcancelstate(KMEM_CANCEL_DISABLE, &before);
	result = kmem_c_cond_wait(cond, mutex);
	kmem_setcancelstate(before, &before);
	return result;
}

static inline int kmem_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct kmem_clock_time *until)
{
	int before, result;

	kmem_setcancelstate(KMEM_CANCEL_DISABLE, &before);
	result = KMEM_C_COND_WAIT_UNTIL(cond, mutex, until);
	kmem_setcancelstate(before, &before);
	return result;
}

/* The moment that is ns nanoseconds away. */
static inline struct kmem_clock_time kmem_cond_deadline(unsigned long long ns)
{
	struct kmem_clock_time until;

	kmem_clock_gettime(KMEM_COND_CLOCK, &until);
	until.seconds += (long)(ns / 1000000000ULL);
	until.nanoseconds += (long)(ns % 1000000000ULL);
	if (until.nanoseconds >= 1000000000L) {
		until.seconds++;
		until.nanoseconds -= 1000000000L;
	}
	return until;
}

#endif
