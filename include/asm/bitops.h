/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Where old code looks for bit operations. */
#ifndef KMEM_ASM_BITOPS_H
#define KMEM_ASM_BITOPS_H

#include <linux/bitops.h>

#endif
