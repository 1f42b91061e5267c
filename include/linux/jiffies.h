/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Ticks, HZ (250) a second. As in the kernel they begin 5 minutes before the 32-bit counter wraps, so that a
 * comparison without time_after() is found out early.
 */
#ifndef _LINUX_JIFFIES_H
#define _LINUX_JIFFIES_H

#include <kmem/clock.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/time64.h>
#include <linux/typecheck.h>
#include <linux/types.h>

#define TICK_NSEC		(NSEC_PER_SEC / HZ)
#define TICK_USEC		(USEC_PER_SEC / HZ)
#define MAX_JIFFY_OFFSET	(((long)(~0UL >> 1) >> 1) - 1)
#define INITIAL_JIFFIES		((unsigned long)(unsigned int)(-300 * HZ))

static inline u64 get_jiffies_64(void)
{
	return INITIAL_JIFFIES + kmem_clock_ns(KMEM_CLOCK_MONOTONIC) / TICK_NSEC;
}

#ifndef jiffies
#define jiffies			((unsigned long)get_jiffies_64())
#endif
#ifndef jiffies_64
#define jiffies_64		get_jiffies_64()
#endif

/* Right as long as the two are less than half the range apart. */
#define time_after(a, b) \
	(typecheck(unsigned long, a) && typecheck(unsigned long, b) && (long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_after_eq(a, b) \
	(typecheck(unsigned long, a) && typecheck(unsigned long, b) && (long)((a) - (b)) >= 0)
#define time_before_eq(a, b)	time_after_eq(b, a)
#define time_in_range(a, b, c)	(time_after_eq(a, b) && time_before_eq(a, c))
#define time_in_range_open(a, b, c)	(time_after_eq(a, b) && time_before(a, c))
#define time_after64(a, b)	((s64)((b) - (a)) < 0)
#define time_before64(a, b)	time_after64(b, a)
#define time_after_eq64(a, b)	((s64)((a) - (b)) >= 0)
#define time_before_eq64(a, b)	time_after_eq64(b, a)
#define time_is_before_jiffies(a)	time_after(jiffies, a)
#define time_is_after_jiffies(a)	time_before(jiffies, a)
#define time_is_before_eq_jiffies(a)	time_after_eq(jiffies, a)
#define time_is_after_eq_jiffies(a)	time_before_eq(jiffies, a)

/* A tick that has begun counts, and a negative time is for ever. */
static inline unsigned long msecs_to_jiffies(const unsigned int ms)
{
	if ((int)ms < 0)
		return MAX_JIFFY_OFFSET;
	return (unsigned long)(((u64)ms * HZ + MSEC_PER_SEC - 1) / MSEC_PER_SEC);
}

static inline unsigned int jiffies_to_msecs(const unsigned long j)
{
	return (unsigned int)(MSEC_PER_SEC % HZ ? j * MSEC_PER_SEC / HZ : j * (MSEC_PER_SEC / HZ));
}

static inline unsigned int jiffies_to_usecs(const unsigned long j)
{
	return (unsigned int)(USEC_PER_SEC % HZ ? j * USEC_PER_SEC / HZ : j * (USEC_PER_SEC / HZ));
}

static inline unsigned long usecs_to_jiffies(const unsigned int us)
{
	if (us > jiffies_to_usecs(MAX_JIFFY_OFFSET))
		return MAX_JIFFY_OFFSET;
	return (unsigned long)(((u64)us * HZ + USEC_PER_SEC - 1) / USEC_PER_SEC);
}

static inline u64 nsecs_to_jiffies64(u64 ns)
{
	return ns / TICK_NSEC;
}

static inline unsigned long nsecs_to_jiffies(u64 ns)
{
	return (unsigned long)nsecs_to_jiffies64(ns);
}

/* By way of microseconds in 32 bits, as in the kernel: more than an hour and a bit wraps. */
static inline u64 jiffies_to_nsecs(const unsigned long j)
{
	return (u64)jiffies_to_usecs(j) * NSEC_PER_USEC;
}

static inline u64 jiffies64_to_nsecs(u64 j)
{
	return j * TICK_NSEC;
}

static inline u64 jiffies64_to_msecs(u64 j)
{
	return j * MSEC_PER_SEC / HZ;
}

#define secs_to_jiffies(s)	((unsigned long)(s) * HZ)

/* The most seconds that are converted: about 2^41 ticks where a second has 1000. */
#define MAX_SEC_IN_JIFFIES	2199023255L

/* More than that is that, and so are times before 0. */
static inline unsigned long timespec64_to_jiffies(const struct timespec64 *ts)
{
	if ((u64)ts->tv_sec >= MAX_SEC_IN_JIFFIES)
		return (unsigned long)MAX_SEC_IN_JIFFIES * HZ;
	return (unsigned long)((u64)ts->tv_sec * HZ + ((u64)ts->tv_nsec + TICK_NSEC - 1) / TICK_NSEC);
}

static inline void jiffies_to_timespec64(const unsigned long j, struct timespec64 *ts)
{
	ts->tv_sec = (time64_t)(j / HZ);
	ts->tv_nsec = (long)(j % HZ * TICK_NSEC);
}

#endif
