/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Contexts: see linux/preempt.h. */
#ifndef LINUX_HARDIRQ_H
#define LINUX_HARDIRQ_H

#include <linux/irqflags.h>
#include <linux/preempt.h>

#endif
