/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* cpu_relax(). */
#ifndef KMEM_ASM_PROCESSOR_H
#define KMEM_ASM_PROCESSOR_H

#include <asm/barrier.h>

#endif
