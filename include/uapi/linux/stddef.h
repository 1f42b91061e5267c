/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The kernel's own name for <linux/stddef.h>. */
#ifndef KMEM_UAPI_LINUX_STDDEF_H
#define KMEM_UAPI_LINUX_STDDEF_H

#include <linux/stddef.h>

#endif
