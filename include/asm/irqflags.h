/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* local_irq_save(). */
#ifndef KMEM_ASM_IRQFLAGS_H
#define KMEM_ASM_IRQFLAGS_H

#include <linux/irqflags.h>

#endif
