/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Where old code looks for BUG() and WARN(). */
#ifndef KMEM_ASM_BUG_H
#define KMEM_ASM_BUG_H

#include <linux/bug.h>

#endif
