/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * create.h - what the generated kmem.h cannot express: creation by macro, and flag names of other kernels
 *
 * Included by kmem.h.
 */
#ifndef KMEM_CREATE_H
#define KMEM_CREATE_H

/* Flags that have another name, or none, in some kernels. A name that means nothing here is 0, so that creation
 * does not refuse it. */
#define SLAB_DESTROY_BY_RCU SLAB_TYPESAFE_BY_RCU /* until 4.11 */
#define SLAB_DEBUG_FREE SLAB_CONSISTENCY_CHECKS  /* until 4.5 */
#define SLAB_TEMPORARY SLAB_RECLAIM_ACCOUNT
#define SLAB_NOTRACK 0U /* until 4.14 */

/*
 * From C11 on kmem_cache_create() takes either form, chosen by the type of its third argument, as in Linux 6.12:
 *
 *   kmem_cache_create(name, size, align, flags, ctor)
 *   kmem_cache_create(name, size, struct kmem_cache_args *args, flags)
 *   kmem_cache_create(name, size, NULL, flags)
 *
 * C99 and C++ have the five-argument function, and __kmem_cache_create_args() for the other form. The function
 * of the same name can still be called, or its address taken, as (kmem_cache_create).
 */
#if !defined(__cplusplus) && defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define kmem_cache_create(name, size, third, ...)                         \
	_Generic((third),                                                  \
		struct kmem_cache_args *: __kmem_cache_create_args,        \
		void *: __kmem_cache_default_args,                         \
		default: kmem_cache_create)(name, size, third, __VA_ARGS__)
#endif

/* The alignment of a type, in the spelling of the language at hand. */
#if defined(__GNUC__)
#define KMEM_ALIGNOF(type) __alignof__(type)
#elif defined(__cplusplus)
#define KMEM_ALIGNOF(type) alignof(type)
#else
#define KMEM_ALIGNOF(type) _Alignof(type)
#endif

/* KMEM_CACHE(tag, flags): a cache for struct tag, named after it. */
#define KMEM_CACHE(tag, flags) \
	(kmem_cache_create)(#tag, sizeof(struct tag), KMEM_ALIGNOF(struct tag), (flags), NULL)

/* KMEM_CACHE_USERCOPY(tag, flags, field): the same, with one field that may be copied to user space. */
#define KMEM_CACHE_USERCOPY(tag, flags, field)                                                  \
	kmem_cache_create_usercopy(#tag, sizeof(struct tag), KMEM_ALIGNOF(struct tag), (flags), \
				   offsetof(struct tag, field), sizeof(((struct tag *)0)->field), NULL)

#endif /* KMEM_CREATE_H */
