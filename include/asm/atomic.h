/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Where old code looks for atomic_t. */
#ifndef KMEM_ASM_ATOMIC_H
#define KMEM_ASM_ATOMIC_H

#include <linux/atomic.h>

#endif
