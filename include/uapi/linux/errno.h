/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The kernel's own name for <linux/errno.h>. */
#ifndef KMEM_UAPI_LINUX_ERRNO_H
#define KMEM_UAPI_LINUX_ERRNO_H

#include <linux/errno.h>

#endif
