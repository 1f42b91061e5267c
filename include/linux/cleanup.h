/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Clean-up at the end of a scope: a variable is given back by the function that its declaration names. */
#ifndef KMEM_LINUX_CLEANUP_H
#define KMEM_LINUX_CLEANUP_H

#include <linux/compiler.h>

#ifndef __cleanup
#define __cleanup(function)	__attribute__((__cleanup__(function)))
#endif

/* DEFINE_FREE(name, type, code): what __free(name) does with a variable, which the code knows as _T. */
#define DEFINE_FREE(_name, _type, _free)				\
	static inline void __free_##_name(void *p)			\
	{								\
		_type _T = *(_type *)p;					\
		_free;							\
	}

#define __free(_name)	__cleanup(__free_##_name)

/* The value of a pointer, which is NULL from then on, so that its clean-up does nothing. */
#define no_free_ptr(p)					\
	__extension__({					\
		__typeof__(p) *kmem_place = &(p);	\
		__typeof__(p) kmem_value = *kmem_place;	\
		*kmem_place = NULL;			\
		kmem_value;				\
	})

#define return_ptr(p)	return no_free_ptr(p)

#endif
