/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Seconds and nanoseconds. */
#ifndef _LINUX_TIME64_H
#define _LINUX_TIME64_H

#include <linux/limits.h>
#include <linux/types.h>
#include <stdbool.h>

typedef s64 time64_t;
typedef u64 timeu64_t;

struct timespec64 {
	time64_t tv_sec;
	long tv_nsec;
};

#define MSEC_PER_SEC		1000L
#define USEC_PER_MSEC		1000L
#define NSEC_PER_USEC		1000L
#define NSEC_PER_MSEC		1000000L
#define USEC_PER_SEC		1000000L
#define NSEC_PER_SEC		1000000000L
#define PSEC_PER_SEC		1000000000000LL
#define FSEC_PER_SEC		1000000000000000LL
#define TIME64_MAX		((s64)~((u64)1 << 63))
#define TIME64_MIN		(-TIME64_MAX - 1)
#define KTIME_MAX		((s64)~((u64)1 << 63))
#define KTIME_MIN		(-KTIME_MAX - 1)
#define KTIME_SEC_MAX		(KTIME_MAX / NSEC_PER_SEC)
#define KTIME_SEC_MIN		(KTIME_MIN / NSEC_PER_SEC)

static inline s64 timespec64_to_ns(const struct timespec64 *ts)
{
	if (ts->tv_sec >= KTIME_SEC_MAX)
		return KTIME_MAX;
	if (ts->tv_sec <= KTIME_SEC_MIN)
		return KTIME_MIN;
	return ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec;
}

/* tv_nsec is never negative: -1 ns is second -1 and 999999999. */
static inline struct timespec64 ns_to_timespec64(s64 ns)
{
	struct timespec64 ts;
	s64 rest = ns % NSEC_PER_SEC;

	ts.tv_sec = ns / NSEC_PER_SEC - (rest < 0);
	ts.tv_nsec = (long)(rest < 0 ? rest + NSEC_PER_SEC : rest);
	return ts;
}

static inline void set_normalized_timespec64(struct timespec64 *ts, time64_t sec, s64 nsec)
{
	*ts = ns_to_timespec64(nsec);
	ts->tv_sec += sec;
}

static inline struct timespec64 timespec64_add(struct timespec64 a, struct timespec64 b)
{
	struct timespec64 ts;

	set_normalized_timespec64(&ts, a.tv_sec + b.tv_sec, (s64)a.tv_nsec + b.tv_nsec);
	return ts;
}

static inline struct timespec64 timespec64_sub(struct timespec64 a, struct timespec64 b)
{
	struct timespec64 ts;

	set_normalized_timespec64(&ts, a.tv_sec - b.tv_sec, (s64)a.tv_nsec - b.tv_nsec);
	return ts;
}

static inline int timespec64_equal(const struct timespec64 *a, const struct timespec64 *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static inline int timespec64_compare(const struct timespec64 *a, const struct timespec64 *b)
{
	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec ? -1 : 1;
	return a->tv_nsec < b->tv_nsec ? -1 : a->tv_nsec > b->tv_nsec;
}

static inline bool timespec64_valid(const struct timespec64 *ts)
{
	return ts->tv_sec >= 0 && (unsigned long)ts->tv_nsec < (unsigned long)NSEC_PER_SEC;
}

static inline void timespec64_add_ns(struct timespec64 *ts, u64 ns)
{
	ns += (u64)ts->tv_nsec;
	ts->tv_sec += (time64_t)(ns / NSEC_PER_SEC);
	ts->tv_nsec = (long)(ns % NSEC_PER_SEC);
}

#endif
