/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* current. */
#ifndef KMEM_ASM_CURRENT_H
#define KMEM_ASM_CURRENT_H

#include <linux/sched.h>

#endif
