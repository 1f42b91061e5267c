/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* udelay(). */
#ifndef KMEM_ASM_DELAY_H
#define KMEM_ASM_DELAY_H

#include <linux/delay.h>

#endif
