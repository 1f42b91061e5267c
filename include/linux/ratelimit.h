/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* At most so many per interval: ten in five seconds unless said otherwise. */
#ifndef KMEM_LINUX_RATELIMIT_H
#define KMEM_LINUX_RATELIMIT_H

#include <kmem/clock.h>
#include <kmem/print.h>
#include <linux/compiler.h>
#include <linux/kern_levels.h>
#include <linux/types.h>

#define DEFAULT_RATELIMIT_INTERVAL	(5 * HZ)
#define DEFAULT_RATELIMIT_BURST		10

struct ratelimit_state {
	int interval;			/* in ticks; 0 lets everything through */
	int burst;
	int printed;			/* let through since begin */
	int missed;			/* held back since begin */
	unsigned long long begin;	/* in ticks, 0 before the first */
	char busy;			/* somebody is in kmem_ratelimit() */
};

#define RATELIMIT_STATE_INIT(name, interval, burst)	{ (interval), (burst), 0, 0, 0, 0 }
#define DEFINE_RATELIMIT_STATE(name, interval, burst) \
	struct ratelimit_state name = RATELIMIT_STATE_INIT(name, interval, burst)

/* Whether one more may pass; tells how many did not when an interval is over. */
static inline int kmem_ratelimit(struct ratelimit_state *rs, const char *caller)
{
	struct kmem_clock_time now;
	unsigned long long ticks;
	int pass, missed = 0;

	if (!rs->interval)
		return 1;
	/* Whoever meets another caller here is one of many at the same moment: just what is to be held back. */
	if (__atomic_test_and_set(&rs->busy, __ATOMIC_ACQUIRE)) {
		__atomic_add_fetch(&rs->missed, 1, __ATOMIC_RELAXED);
		return 0;
	}

	kmem_clock_gettime(1 /* CLOCK_MONOTONIC */, &now);
	/* One tick ahead, so that 0 can stand for "not begun". */
	ticks = (unsigned long long)now.seconds * HZ + (unsigned long long)now.nanoseconds / (1000000000 / HZ) + 1;
	if (rs->begin == 0 || ticks > rs->begin + (unsigned long long)rs->interval) {
		missed = __atomic_exchange_n(&rs->missed, 0, __ATOMIC_RELAXED);
		rs->begin = ticks;
		rs->printed = 0;
	}
	pass = rs->printed < rs->burst;
	if (pass)
		rs->printed++;
	else
		__atomic_add_fetch(&rs->missed, 1, __ATOMIC_RELAXED);
	__atomic_clear(&rs->busy, __ATOMIC_RELEASE);

	if (missed)
		kmem_printk(KERN_WARNING "%s: %d callbacks suppressed\n", caller, missed);
	return pass;
}

#ifndef __ratelimit
#define __ratelimit(state)		kmem_ratelimit(state, __func__)
#endif

#endif
