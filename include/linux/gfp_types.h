/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Allocation flags. */
#ifndef KMEM_LINUX_GFP_TYPES_H
#define KMEM_LINUX_GFP_TYPES_H

#include <kmem/gfp.h>

#endif
