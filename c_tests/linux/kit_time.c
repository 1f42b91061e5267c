// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_time - ticks, milliseconds and nanoseconds
 *
 * Conversions both ways with HZ = 250, and comparisons across the end of the
 * counter. At risk: rounding, negative times, the largest values.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/delay.h>

static int __init kit_time_init(void)
{
	static const unsigned int values[] = { 0, 1, 3, 4, 5, 999, 1000, 1001, 3999, 4000, 4001, 1000000, 2147483647,
		2147483648u, 4294967295u };
	static const s64 times[] = { 0, 1, -1, 999999999, 1000000000, -1000000000, -1000000001, 86400000000000LL };
	static const time64_t seconds[] = { 2199023254, 2199023255, 2199023256, TIME64_MAX, -1, TIME64_MIN };
	struct timespec64 a, b;
	ktime_t before, after;
	unsigned long ticks;
	unsigned int i;

	pr_info("HZ %d\n", HZ);
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		unsigned int v = values[i];

		pr_info("%u: ms %lu us %lu ns %lu, to ms %u us %u ns %llu\n", v, msecs_to_jiffies(v), usecs_to_jiffies(v),
			nsecs_to_jiffies(v), jiffies_to_msecs(v), jiffies_to_usecs(v), jiffies_to_nsecs(v));
	}
	for (i = 0; i < ARRAY_SIZE(times); i++) {
		a = ns_to_timespec64(times[i]);
		pr_info("%lld ns: %lld s %ld ns, back %lld, us %lld ms %lld\n", times[i], a.tv_sec, a.tv_nsec,
			timespec64_to_ns(&a), ktime_to_us(times[i]), ktime_to_ms(times[i]));
	}
	a = ns_to_timespec64(1500000000);
	b = ns_to_timespec64(2700000000LL);
	pr_info("compare %d %d %d\n", timespec64_compare(&a, &b) < 0, timespec64_compare(&b, &a) > 0,
		timespec64_compare(&a, &a));
	b = timespec64_sub(a, b);
	pr_info("difference %lld %ld, valid %d\n", b.tv_sec, b.tv_nsec, timespec64_valid(&b));
	b = timespec64_add(a, a);
	pr_info("sum %lld %ld\n", b.tv_sec, b.tv_nsec);
	timespec64_add_ns(&b, 999999999);
	pr_info("and a second less one: %lld %ld, ticks %lu\n", b.tv_sec, b.tv_nsec, timespec64_to_jiffies(&b));
	for (i = 0; i < ARRAY_SIZE(seconds); i++) {
		a.tv_sec = seconds[i];
		a.tv_nsec = 4000001;
		pr_info("%lld s: ticks %lu, ns %lld\n", a.tv_sec, timespec64_to_jiffies(&a), timespec64_to_ns(&a));
	}
	for (i = 0; i < 3; i++) {
		a.tv_sec = KTIME_MIN / NSEC_PER_SEC - 1 + i;
		a.tv_nsec = 0;
		pr_info("%lld s: ns %lld\n", a.tv_sec, timespec64_to_ns(&a));
	}
	pr_info("ktime %lld %lld %lld %d %d\n", ktime_set(1, 5), ktime_add_ms(5, 2), ktime_sub_us(5000, 2),
		ktime_compare(1, 2), ktime_after(2, 1));
	pr_info("past the end: after %d %d, before %d, eq %d\n", time_after(1UL, ULONG_MAX), time_after(ULONG_MAX, 1UL),
		time_before(ULONG_MAX, 1UL), time_after_eq(1UL, 1UL));
	pr_info("in range %d %d\n", time_in_range(5UL, 4UL, 6UL), time_in_range(7UL, 4UL, 6UL));

	ticks = jiffies;
	before = ktime_get();
	msleep(20);
	after = ktime_get();
	pr_info("slept %d ticks %d, in the past %d\n", ktime_ms_delta(after, before) >= 20, jiffies - ticks >= 5,
		time_is_before_jiffies(ticks));
	before = ktime_get();
	udelay(300);
	pr_info("delayed %d\n", ktime_us_delta(ktime_get(), before) >= 300);
	return 0;
}
module_init(kit_time_init);
MODULE_DESCRIPTION("ticks, milliseconds and nanoseconds");
MODULE_LICENSE("Dual MIT/GPL");
