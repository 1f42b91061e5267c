/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Times in nanoseconds, and the clocks. */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

#include <kmem/clock.h>
#include <linux/jiffies.h>
#include <linux/time64.h>
#include <linux/types.h>

typedef s64 ktime_t;

static inline ktime_t ktime_set(const s64 secs, const unsigned long nsecs)
{
	return secs >= KTIME_SEC_MAX ? KTIME_MAX : secs * NSEC_PER_SEC + (s64)nsecs;
}

#define ktime_add(a, b)			((ktime_t)((a) + (b)))
#define ktime_sub(a, b)			((ktime_t)((a) - (b)))
#define ktime_add_ns(kt, n)		((ktime_t)((kt) + (s64)(n)))
#define ktime_sub_ns(kt, n)		((ktime_t)((kt) - (s64)(n)))

static inline ktime_t ns_to_ktime(u64 ns) { return (ktime_t)ns; }
static inline ktime_t us_to_ktime(u64 us) { return (ktime_t)us * NSEC_PER_USEC; }
static inline ktime_t ms_to_ktime(u64 ms) { return (ktime_t)ms * NSEC_PER_MSEC; }
static inline s64 ktime_to_ns(const ktime_t kt) { return kt; }
static inline s64 ktime_to_us(const ktime_t kt) { return kt / NSEC_PER_USEC; }
static inline s64 ktime_to_ms(const ktime_t kt) { return kt / NSEC_PER_MSEC; }
static inline s64 ktime_divns(const ktime_t kt, s64 div) { return kt / div; }
static inline ktime_t ktime_add_us(const ktime_t kt, const u64 us) { return kt + us_to_ktime(us); }
static inline ktime_t ktime_sub_us(const ktime_t kt, const u64 us) { return kt - us_to_ktime(us); }
static inline ktime_t ktime_add_ms(const ktime_t kt, const u64 ms) { return kt + ms_to_ktime(ms); }
static inline ktime_t ktime_sub_ms(const ktime_t kt, const u64 ms) { return kt - ms_to_ktime(ms); }
static inline int ktime_compare(const ktime_t a, const ktime_t b) { return a < b ? -1 : a > b; }
static inline bool ktime_after(const ktime_t a, const ktime_t b) { return a > b; }
static inline bool ktime_before(const ktime_t a, const ktime_t b) { return a < b; }
static inline s64 ktime_us_delta(const ktime_t later, const ktime_t earlier) { return ktime_to_us(later - earlier); }
static inline s64 ktime_ms_delta(const ktime_t later, const ktime_t earlier) { return ktime_to_ms(later - earlier); }
static inline struct timespec64 ktime_to_timespec64(const ktime_t kt) { return ns_to_timespec64(kt); }

static inline ktime_t timespec64_to_ktime(struct timespec64 ts)
{
	return ktime_set(ts.tv_sec, (unsigned long)ts.tv_nsec);
}

static inline u64 ktime_get_ns(void) { return kmem_clock_ns(KMEM_CLOCK_MONOTONIC); }
static inline u64 ktime_get_real_ns(void) { return kmem_clock_ns(KMEM_CLOCK_REALTIME); }
static inline u64 ktime_get_boottime_ns(void) { return kmem_clock_ns(KMEM_CLOCK_BOOTTIME); }
static inline ktime_t ktime_get(void) { return (ktime_t)ktime_get_ns(); }
static inline ktime_t ktime_get_real(void) { return (ktime_t)ktime_get_real_ns(); }
static inline ktime_t ktime_get_boottime(void) { return (ktime_t)ktime_get_boottime_ns(); }
static inline time64_t ktime_get_seconds(void) { return (time64_t)(ktime_get_ns() / NSEC_PER_SEC); }
static inline time64_t ktime_get_real_seconds(void) { return (time64_t)(ktime_get_real_ns() / NSEC_PER_SEC); }
static inline time64_t ktime_get_boottime_seconds(void) { return (time64_t)(ktime_get_boottime_ns() / NSEC_PER_SEC); }
static inline void ktime_get_ts64(struct timespec64 *ts) { *ts = ns_to_timespec64(ktime_get()); }
static inline void ktime_get_real_ts64(struct timespec64 *ts) { *ts = ns_to_timespec64(ktime_get_real()); }
static inline void ktime_get_boottime_ts64(struct timespec64 *ts) { *ts = ns_to_timespec64(ktime_get_boottime()); }

/* Quick clocks and precise ones are the same. */
#define ktime_get_coarse()		ktime_get()
#define ktime_get_coarse_ns()		ktime_get_ns()
#define ktime_get_coarse_ts64(ts)	ktime_get_ts64(ts)
#define ktime_get_coarse_real_ts64(ts)	ktime_get_real_ts64(ts)
#define ktime_get_raw()			ktime_get()
#define ktime_get_raw_ns()		ktime_get_ns()
#define ktime_get_mono_fast_ns()	ktime_get_ns()
#define local_clock()			ktime_get_ns()
#define sched_clock()			ktime_get_ns()

#endif
