/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Character classes: the C library's. */
#ifndef KMEM_LINUX_CTYPE_H
#define KMEM_LINUX_CTYPE_H

#include <ctype.h>

#endif
