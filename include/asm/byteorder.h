/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Order of bytes. The system's header is read too: other system headers need it. */
#if __has_include_next(<asm/byteorder.h>)
#include_next <asm/byteorder.h>
#endif

/* The C library comes here for <netinet/in.h> and others, and wants nothing more. Kernel types tell who asks. */
#if defined(KMEM_LINUX_TYPES_H) && !defined(KMEM_ASM_BYTEORDER_H)
#define KMEM_ASM_BYTEORDER_H
#include <linux/byteorder/generic.h>
#endif
