/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* From a member to the struct around it. */
#ifndef KMEM_LINUX_CONTAINER_OF_H
#define KMEM_LINUX_CONTAINER_OF_H

#include <linux/build_bug.h>
#include <linux/stddef.h>

#ifndef typeof_member
#define typeof_member(type, member)	__typeof__(((type *)0)->member)
#endif

/* Takes a pointer to the member's own type or to void; any other is a compile error. */
#ifndef container_of
#ifdef __cplusplus
#define container_of(ptr, type, member) \
	(__extension__ ({ \
		const volatile typeof_member(type, member) *kmem_member = (ptr); \
		(type *)((char *)(void *)kmem_member - offsetof(type, member)); \
	}))
#else
#define container_of(ptr, type, member) \
	(__extension__ ({ \
		_Static_assert(__same_type(*(ptr), ((type *)0)->member) || __same_type(*(ptr), void), \
			       "container_of: not a pointer to " #type "." #member); \
		(type *)((char *)(void *)(ptr) - offsetof(type, member)); \
	}))
#endif
#endif

/* The same, and const when the pointer was to const. */
#if !defined(container_of_const) && !defined(__cplusplus)
#define container_of_const(ptr, type, member) \
	__builtin_choose_expr( \
		__builtin_types_compatible_p(__typeof__(ptr), const typeof_member(type, member) *), \
		(const type *)container_of(ptr, type, member), \
		container_of(ptr, type, member))
#endif

#endif
