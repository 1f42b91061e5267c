/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What compilers are told about the functions of kmem.h. */
#ifndef KMEM_ATTRIBUTES_H
#define KMEM_ATTRIBUTES_H

/*
 * KMEM_FREED_BY(f, n): the result is to be given to argument n of f, and a compiler that knows the attribute
 * (gcc 11) warns when it goes elsewhere, is used afterwards, or is freed twice. It does not say that the
 * object holds no pointers, as the plain malloc attribute does: a constructed object may well hold some.
 */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
#define KMEM_FREED_BY(f, n) __attribute__((malloc(f, n)))
#else
#define KMEM_FREED_BY(f, n)
#endif

/*
 * The functions that take memory of each family. Those that change its size are not among them: a compiler would take
 * what they were given for gone, and when they return NULL it is still there.
 */
#define KMEM_OF_CACHE \
	KMEM_FREED_BY(kmem_cache_free, 2) KMEM_FREED_BY(kmem_kfree, 1) KMEM_FREED_BY(kmem_kfree_sensitive, 1)
#define KMEM_OF_KVMALLOC KMEM_FREED_BY(kmem_kvfree, 1) KMEM_FREED_BY(kmem_kvfree_sensitive, 1)
#define KMEM_OF_KMALLOC KMEM_FREED_BY(kmem_kfree, 1) KMEM_FREED_BY(kmem_kfree_sensitive, 1) KMEM_OF_KVMALLOC
#define KMEM_OF_VMALLOC KMEM_FREED_BY(kmem_vfree, 1) KMEM_OF_KVMALLOC

/*
 * KMEM_DIRECT: calls go straight to where the loader says the function is, not through a jump in the program's linkage
 * table: a sixth of the time of a hot pair. The function is found when the program starts, not at its first call; it can
 * still be interposed.
 */
#if defined(__has_attribute) && (defined(__x86_64__) || defined(__aarch64__))
#if __has_attribute(noplt)
#define KMEM_DIRECT __attribute__((noplt))
#endif
#endif
#ifndef KMEM_DIRECT
#define KMEM_DIRECT
#endif

/* KMEM_NORETURN: the function does not return. */
#if defined(__GNUC__)
#define KMEM_NORETURN __attribute__((noreturn))
#else
#define KMEM_NORETURN
#endif

#endif /* KMEM_ATTRIBUTES_H */
