/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A thread that stays in a report: in the log handler, with what the report is about in its hands. */
#ifndef SLOW_REPORT_H
#define SLOW_REPORT_H

#include <pthread.h>
#include <sys/resource.h>

#include "ktest.h"
#include "util.h"

static bool reporting, report_may_end;

static inline void stay_in_the_report(void *data, int level, const char *text, size_t len)
{
	(void)data, (void)level, (void)text, (void)len;
	__atomic_store_n(&reporting, true, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&report_may_end, __ATOMIC_ACQUIRE))
		usleep(1000);
}

/* A mistake that was made before may be found now. */
static inline void *shrink_and_report(void *cache)
{
	kmem_cache_shrink(cache);
	return NULL;
}

/* Has a thread do what is reported; returns when it is in the report. */
static inline pthread_t report_begin(struct kunit *test, void *(*mistake)(void *), void *arg)
{
	pthread_t reporter;

	kmem_set_log_handler(stay_in_the_report, NULL);
	KUNIT_ASSERT_TRUE(test, pthread_create(&reporter, NULL, mistake, arg) == 0);
	while (!__atomic_load_n(&reporting, __ATOMIC_ACQUIRE))
		usleep(1000);
	return reporter;
}

static inline void report_end(pthread_t reporter)
{
	__atomic_store_n(&report_may_end, true, __ATOMIC_RELEASE);
	pthread_join(reporter, NULL);
	kmem_set_log_handler(NULL, NULL);
}

/* How often the process has gone to sleep. */
static inline long sleeps(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_nvcsw;
}

#endif /* SLOW_REPORT_H */
