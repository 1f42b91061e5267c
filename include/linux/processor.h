/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* cpu_relax(). */
#ifndef KMEM_LINUX_PROCESSOR_H
#define KMEM_LINUX_PROCESSOR_H

#include <asm/barrier.h>

#endif
