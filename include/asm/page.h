/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* PAGE_SIZE and its relatives. */
#ifndef KMEM_ASM_PAGE_H
#define KMEM_ASM_PAGE_H

#include <linux/gfp.h>

#endif
