/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* memcpy() and its relatives. */
#ifndef KMEM_ASM_STRING_H
#define KMEM_ASM_STRING_H

#include <linux/string.h>

#endif
