/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * clock.h - the C library's clocks for the port headers
 *
 * Under names of ours: <time.h> would bring global names like time and clock, and hides the functions from a
 * program that asked for ISO C. The symbols' time is made of longs, whatever time_t has become.
 */
#ifndef KMEM_CLOCK_H
#define KMEM_CLOCK_H

/*
 * Ticks per second. Debian's kernels have 250, and so does everything that was recorded from them. What
 * <sys/param.h> says, 100, is another thing: the unit of times(2). A program may choose another number, but not that one.
 */
#if defined(HZ) && (defined(__ASM_GENERIC_PARAM_H) || defined(_ASM_GENERIC_PARAM_H))
#if HZ == 100
#undef HZ
#endif
#endif
#ifndef HZ
#define HZ			250
#endif

struct kmem_clock_time {
	long seconds;
	long nanoseconds;
};

#define KMEM_CLOCK_REALTIME	0
#define KMEM_CLOCK_MONOTONIC	1
#define KMEM_CLOCK_THREAD	3
#define KMEM_CLOCK_BOOTTIME	7

#ifdef __cplusplus
extern "C" {
#endif
int kmem_clock_gettime(int clock, struct kmem_clock_time *now) __asm__("clock_gettime");
int kmem_c_nanosleep(const struct kmem_clock_time *span, struct kmem_clock_time *left) __asm__("nanosleep");
int kmem_setcancelstate(int state, int *before) __asm__("pthread_setcancelstate");
#ifdef __cplusplus
}
#endif

/*
 * Kernel code does not expect to end where it waits, and leaves locks, and entries of queues that lie on its stack. So no
 * wait of the port headers is a cancellation point: the thread that is to be cancelled is so at one of its own.
 */
#define KMEM_CANCEL_DISABLE	1

static inline int kmem_nanosleep(const struct kmem_clock_time *span, struct kmem_clock_time *left)
{
	int before, result;

	kmem_setcancelstate(KMEM_CANCEL_DISABLE, &before);
	result = kmem_c_nanosleep(span, left);
	kmem_setcancelstate(before, &before);
	return result;
}

/* Nanoseconds of one of the clocks above. */
static inline unsigned long long kmem_clock_ns(int clock)
{
	struct kmem_clock_time now;

	kmem_clock_gettime(clock, &now);
	return (unsigned long long)now.seconds * 1000000000ULL + (unsigned long long)now.nanoseconds;
}

#endif
