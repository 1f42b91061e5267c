/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* xchg() and cmpxchg(). */
#ifndef KMEM_ASM_CMPXCHG_H
#define KMEM_ASM_CMPXCHG_H

#include <linux/atomic.h>

#endif
