/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The kernel's own name for <linux/types.h>. */
#ifndef KMEM_UAPI_LINUX_TYPES_H
#define KMEM_UAPI_LINUX_TYPES_H

#include <linux/types.h>

#endif
