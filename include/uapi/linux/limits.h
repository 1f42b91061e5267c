/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The kernel's own name for <linux/limits.h>. */
#ifndef KMEM_UAPI_LINUX_LIMITS_H
#define KMEM_UAPI_LINUX_LIMITS_H

#include <linux/limits.h>

#endif
