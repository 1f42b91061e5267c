/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* NULL, offsetof and member sizes. The system's header of this name is read too: other system headers need it. */
#ifndef KMEM_LINUX_STDDEF_H
#define KMEM_LINUX_STDDEF_H

/* glibc first: the system's header settles for a weaker __always_inline where there is none. */
#if __has_include(<sys/cdefs.h>)
#include <sys/cdefs.h>
#endif
#if __has_include_next(<linux/stddef.h>)
#include_next <linux/stddef.h>
#endif
#include <stddef.h>

#ifndef sizeof_field
#define sizeof_field(type, member)	sizeof(((type *)0)->member)
#endif
#ifndef offsetofend
#define offsetofend(type, member)	(offsetof(type, member) + sizeof_field(type, member))
#endif

#endif
