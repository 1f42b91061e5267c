/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Processors: the one this thread runs on now. It may be on another by the time the number is used. */
#ifndef __LINUX_SMP_H
#define __LINUX_SMP_H

#include <linux/compiler.h>
#include <linux/preempt.h>

#ifdef __cplusplus
extern "C"
#endif
int kmem_getcpu(void) __asm__("sched_getcpu");

#define raw_smp_processor_id()	((unsigned int)kmem_getcpu())
#define smp_processor_id()	raw_smp_processor_id()
#define get_cpu()		(__extension__ ({ preempt_disable(); smp_processor_id(); }))
#define put_cpu()		preempt_enable()

#endif
