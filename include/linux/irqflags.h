/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Interrupt state, per thread. Nothing interrupts a thread but signals, which are not held back: the state is kept
 * so that saved flags are what is restored, and irqs_disabled() answers as the code expects.
 */
#ifndef _LINUX_TRACE_IRQFLAGS_H
#define _LINUX_TRACE_IRQFLAGS_H

#include <kmem/once.h>
#include <linux/typecheck.h>

KMEM_SHARED __thread unsigned long kmem_irqs_off;

#define local_irq_disable()	((void)(kmem_irqs_off = 1))
#define local_irq_enable()	((void)(kmem_irqs_off = 0))
#define local_irq_save(flags) \
	do { typecheck(unsigned long, flags); (flags) = kmem_irqs_off; kmem_irqs_off = 1; } while (0)
#define local_irq_restore(flags) \
	do { typecheck(unsigned long, flags); kmem_irqs_off = (flags); } while (0)
#define local_save_flags(flags)	((void)((flags) = kmem_irqs_off))
#define irqs_disabled()		(kmem_irqs_off != 0)
#define irqs_disabled_flags(flags)	((flags) != 0)

#endif
