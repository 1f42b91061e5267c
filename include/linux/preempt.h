/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Preemption and contexts. A thread can always be preempted and is never in an interrupt: these count and answer,
 * and exclude nobody. Code that protects data by switching preemption off alone needs a lock here.
 */
#ifndef __LINUX_PREEMPT_H
#define __LINUX_PREEMPT_H

#include <kmem/once.h>
#include <linux/compiler.h>

KMEM_SHARED __thread int kmem_preempt_count;

#define preempt_count()			kmem_preempt_count
#define preempt_disable()		do { kmem_preempt_count++; barrier(); } while (0)
#define preempt_enable()		do { barrier(); kmem_preempt_count--; } while (0)
#define preempt_enable_no_resched()	preempt_enable()
#define preempt_disable_notrace()	preempt_disable()
#define preempt_enable_notrace()	preempt_enable()
#define preemptible()			(kmem_preempt_count == 0)
#define migrate_disable()		preempt_disable()
#define migrate_enable()		preempt_enable()

#define in_interrupt()			0
#define in_irq()			0
#define in_hardirq()			0
#define in_softirq()			0
#define in_serving_softirq()		0
#define in_nmi()			0
#define in_task()			1
#define in_atomic()			(kmem_preempt_count != 0)

#endif
