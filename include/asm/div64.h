/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* do_div(). */
#ifndef KMEM_ASM_DIV64_H
#define KMEM_ASM_DIV64_H

#include <linux/math64.h>

#endif
