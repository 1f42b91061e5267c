/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The place of linux/unaligned.h until Linux 6.12. */
#ifndef KMEM_ASM_UNALIGNED_H
#define KMEM_ASM_UNALIGNED_H

#include <linux/unaligned.h>

#endif
