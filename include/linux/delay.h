/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Waiting for a time to pass: udelay() and its like keep the processor, msleep() and its like sleep. */
#ifndef _LINUX_DELAY_H
#define _LINUX_DELAY_H

#include <asm/barrier.h>
#include <kmem/clock.h>
#include <linux/compiler.h>

static inline void kmem_delay_ns(unsigned long long ns)
{
	unsigned long long end = kmem_clock_ns(KMEM_CLOCK_MONOTONIC) + ns;

	while (kmem_clock_ns(KMEM_CLOCK_MONOTONIC) < end)
		cpu_relax();
}

/* A signal does not cut it short. */
static inline void kmem_sleep_ns(unsigned long long ns)
{
	struct kmem_clock_time span = { (long)(ns / 1000000000ULL), (long)(ns % 1000000000ULL) };

	while (kmem_nanosleep(&span, &span) < 0)
		;
}

#define ndelay(n)		kmem_delay_ns(n)
#define udelay(n)		kmem_delay_ns((n) * 1000ULL)
#define mdelay(n)		kmem_delay_ns((n) * 1000000ULL)

static inline void msleep(unsigned int ms)
{
	kmem_sleep_ns(ms * 1000000ULL);
}

static inline unsigned long msleep_interruptible(unsigned int ms)
{
	msleep(ms);
	return 0;
}

static inline void ssleep(unsigned int seconds)
{
	kmem_sleep_ns(seconds * 1000000000ULL);
}

static inline void usleep_range(unsigned long min_us, unsigned long max_us)
{
	(void)max_us;
	kmem_sleep_ns(min_us * 1000ULL);
}

static inline void fsleep(unsigned long us)
{
	kmem_sleep_ns(us * 1000ULL);
}

#endif
