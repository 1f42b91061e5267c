/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A value 1 that compiles without a warning only if x has the type. */
#ifndef TYPECHECK_H_INCLUDED
#define TYPECHECK_H_INCLUDED

#include <linux/compiler.h>

/* A call, since a compiler that finds a constant unused may say so. */
static inline int kmem_typechecked(void)
{
	return 1;
}

#define typecheck(type, x) \
	(__extension__ ({ \
		type kmem_wanted; \
		__typeof__(x) kmem_given; \
		(void)(&kmem_wanted == &kmem_given); \
		kmem_typechecked(); \
	}))

#endif
