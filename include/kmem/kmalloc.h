/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * kmalloc.h - the kmalloc family under the kernel's names
 *
 * Included by kmem.h, unless KMEM_NO_KMALLOC is defined: a program that has a kmalloc() of its own calls the functions
 * by their names in the library, kmem_kmalloc() and so on. These are documented in kmem.h.
 */
#ifndef KMEM_KMALLOC_H
#define KMEM_KMALLOC_H

#include "../kmem.h"

#include <stdarg.h>

#if defined(__GNUC__)
#define KMEM_CHECKED_FORMAT(format, arguments) __attribute__((__format__(__printf__, format, arguments)))
#else
#define KMEM_CHECKED_FORMAT(format, arguments)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * kmem_kasprintf - format into an allocation: kasprintf()
 * @flags: GFP flags
 * @fmt: format of the kernel, kmem/print.h tells which
 *
 * Context: as kmem_kmalloc().
 * Return: the text, or NULL when there is no memory. Free with kmem_kfree().
 */
char *kmem_kasprintf(gfp_t flags, const char *fmt, ...) KMEM_CHECKED_FORMAT(2, 3);

/** kmem_kvasprintf - kmem_kasprintf() with a list of arguments: kvasprintf() */
char *kmem_kvasprintf(gfp_t flags, const char *fmt, va_list ap) KMEM_CHECKED_FORMAT(2, 0);

/**
 * kmem_kvasprintf_const - the same, but a text that lasts is not copied: kvasprintf_const()
 *
 * Such texts are literals of the program: a format without conversions, and the string for the format "%s".
 * Return: the text, or NULL when there is no memory. Free with kmem_kfree_const().
 */
const char *kmem_kvasprintf_const(gfp_t flags, const char *fmt, va_list ap) KMEM_CHECKED_FORMAT(2, 0);

#ifdef __cplusplus
}
#endif

#ifndef KMEM_NO_KMALLOC

/*
 * KMEM_IS(name): a function that C knows by the kernel's name is the library's of that name. So its address can be
 * taken, and it clashes with nothing at link time.
 */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
/* It is not an error to free memory that was never written to. */
#define KMEM_READS_NOTHING __attribute__((access(none, 1)))
#else
#define KMEM_READS_NOTHING
#endif
#if defined(__GNUC__)
#define KMEM_IS(name) __asm__(#name)
#define KMEM_CONSTANT(x) __builtin_constant_p(x)
#else
#define KMEM_IS(name)
#define KMEM_CONSTANT(x) 0
#define kfree kmem_kfree
#define kfree_sensitive kmem_kfree_sensitive
#define kfree_const kmem_kfree_const
#define kfree_bulk kmem_kfree_bulk
#define ksize kmem_ksize
#define kmalloc_size_roundup kmem_kmalloc_size_roundup
#define krealloc kmem_krealloc
#define krealloc_array kmem_krealloc_array
#define kvfree kmem_kvfree
#define kvfree_sensitive kmem_kvfree_sensitive
#define vfree kmem_vfree
#define vrealloc kmem_vrealloc
#define is_vmalloc_addr kmem_is_vmalloc_addr
#define kmemdup kmem_kmemdup
#define kvmemdup kmem_kvmemdup
#define kmemdup_nul kmem_kmemdup_nul
#define kstrdup kmem_kstrdup
#define kstrndup kmem_kstrndup
#define kstrdup_const kmem_kstrdup_const
#define kasprintf kmem_kasprintf
#define kvasprintf kmem_kvasprintf
#define kvasprintf_const kmem_kvasprintf_const
#endif

typedef struct kmem_buckets kmem_buckets;

/* What an allocation of no bytes returns. It may be freed. */
#ifndef ZERO_SIZE_PTR
#define ZERO_SIZE_PTR ((void *)16)
#endif
#ifndef ZERO_OR_NULL_PTR
#define ZERO_OR_NULL_PTR(x) ((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)
#endif

/* Sizes up to KMALLOC_MAX_CACHE_SIZE come from caches, up to KMALLOC_MAX_SIZE from pages. */
#ifndef KMALLOC_MAX_SIZE
#define KMALLOC_MIN_SIZE 8
#define KMALLOC_MAX_CACHE_SIZE (1UL << 13)
#define KMALLOC_MAX_SIZE (1UL << 22)
#define KMALLOC_MAX_ORDER 10
#endif

#ifdef __cplusplus
extern "C" {
#endif

void kfree(const void *object) KMEM_IS(kmem_kfree) KMEM_READS_NOTHING KMEM_DIRECT;
void kfree_sensitive(const void *object) KMEM_IS(kmem_kfree_sensitive) KMEM_READS_NOTHING;
void kfree_const(const void *text) KMEM_IS(kmem_kfree_const);
void kfree_bulk(size_t size, void **objects) KMEM_IS(kmem_kfree_bulk);
size_t ksize(const void *object) KMEM_IS(kmem_ksize) KMEM_READS_NOTHING;
size_t kmalloc_size_roundup(size_t size) KMEM_IS(kmem_kmalloc_size_roundup);
void *krealloc(const void *object, size_t size, gfp_t flags) KMEM_IS(kmem_krealloc);
void *krealloc_array(void *object, size_t n, size_t size, gfp_t flags) KMEM_IS(kmem_krealloc_array);

void kvfree(const void *object) KMEM_IS(kmem_kvfree) KMEM_READS_NOTHING;
void kvfree_sensitive(const void *object, size_t size) KMEM_IS(kmem_kvfree_sensitive) KMEM_READS_NOTHING;
void vfree(const void *object) KMEM_IS(kmem_vfree) KMEM_READS_NOTHING;
void *vrealloc(const void *object, size_t size, gfp_t flags) KMEM_IS(kmem_vrealloc);
bool is_vmalloc_addr(const void *object) KMEM_IS(kmem_is_vmalloc_addr) KMEM_READS_NOTHING;

void *kmemdup(const void *source, size_t bytes, gfp_t flags) KMEM_IS(kmem_kmemdup);
void *kvmemdup(const void *source, size_t bytes, gfp_t flags) KMEM_IS(kmem_kvmemdup);
char *kmemdup_nul(const char *source, size_t bytes, gfp_t flags) KMEM_IS(kmem_kmemdup_nul);
char *kstrdup(const char *text, gfp_t flags) KMEM_IS(kmem_kstrdup);
char *kstrndup(const char *text, size_t most, gfp_t flags) KMEM_IS(kmem_kstrndup);
const char *kstrdup_const(const char *text, gfp_t flags) KMEM_IS(kmem_kstrdup_const);

char *kasprintf(gfp_t flags, const char *fmt, ...) KMEM_IS(kmem_kasprintf) KMEM_CHECKED_FORMAT(2, 3);
char *kvasprintf(gfp_t flags, const char *fmt, va_list ap) KMEM_IS(kmem_kvasprintf) KMEM_CHECKED_FORMAT(2, 0);
const char *kvasprintf_const(gfp_t flags, const char *fmt, va_list ap)
	KMEM_IS(kmem_kvasprintf_const) KMEM_CHECKED_FORMAT(2, 0);

/*
 * Where the cache of a constant size is, and how far the ones of other kinds are from the plain ones: the library
 * computes with the same numbers.
 */
#define KMEM_CLASS_PLACE(size)		\
	((size) <= 8 ? 560U :		\
	 (size) <= 16 ? 576U :		\
	 (size) <= 32 ? 592U :		\
	 (size) <= 64 ? 608U :		\
	 (size) <= 96 ? 528U :		\
	 (size) <= 128 ? 624U :		\
	 (size) <= 192 ? 544U :		\
	 (size) <= 256 ? 640U :		\
	 (size) <= 512 ? 656U :		\
	 (size) <= 1024 ? 672U :	\
	 (size) <= 2048 ? 688U :	\
	 (size) <= 4096 ? 704U :	\
	 (size) <= 8192 ? 720U : 0U)
#define KMEM_KIND_PLACE(flags)			\
	(!((flags) & 0x400011U) ? 0U :		\
	 (flags) & 0x1U ? 3072U :		\
	 (flags) & 0x10U ? 2048U : 1024U)

/* Flags as the library knows them, for programs that bring their own names: DMA, RECLAIMABLE and ACCOUNT above. */
#define KMEM_ZERO(flags) ((gfp_t)((flags) | 0x100U))
#define KMEM_KERNEL ((gfp_t)0xcc0U)

/* kmalloc(): a constant size with constant flags finds its cache at compile time. */
static inline void *kmalloc(size_t size, gfp_t flags)
{
	if (KMEM_CONSTANT(size) && KMEM_CONSTANT(flags) && size > 0 && size <= KMALLOC_MAX_CACHE_SIZE)
		return kmem_kmalloc_class(KMEM_CLASS_PLACE(size) + KMEM_KIND_PLACE(flags), flags, size);
	return kmem_kmalloc(size, flags);
}

static inline void *kzalloc(size_t size, gfp_t flags)
{
	if (KMEM_CONSTANT(size) && KMEM_CONSTANT(flags) && size > 0 && size <= KMALLOC_MAX_CACHE_SIZE)
		return kmalloc(size, KMEM_ZERO(flags));
	return kmem_kzalloc(size, flags);
}

static inline void *kmalloc_node(size_t size, gfp_t flags, int node)
{
	return kmem_kmalloc_node(size, flags, node);
}

static inline void *kzalloc_node(size_t size, gfp_t flags, int node)
{
	return kmem_kmalloc_node(size, KMEM_ZERO(flags), node);
}

static inline void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	if (KMEM_CONSTANT(n) && KMEM_CONSTANT(size) && size > 0 && n <= KMALLOC_MAX_CACHE_SIZE / size)
		return kmalloc(n * size, flags);
	return kmem_kmalloc_array(n, size, flags);
}

static inline void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_array(n, size, KMEM_ZERO(flags));
}

static inline void *kmalloc_array_node(size_t n, size_t size, gfp_t flags, int node)
{
	(void)node;
	return kmem_kmalloc_array(n, size, flags);
}

static inline void *kcalloc_node(size_t n, size_t size, gfp_t flags, int node)
{
	(void)node;
	return kmem_kmalloc_array(n, size, KMEM_ZERO(flags));
}

/* Functions that exist to have their callers recorded. */
static inline void *kmalloc_track_caller(size_t size, gfp_t flags)
{
	return kmem_kmalloc(size, flags);
}

static inline void *kmalloc_node_track_caller(size_t size, gfp_t flags, int node)
{
	return kmem_kmalloc_node(size, flags, node);
}

static inline void *kmemdup_array(const void *source, size_t count, size_t size,
							       gfp_t flags)
{
	if (size && count > (size_t)-1 / size)
		return NULL;
	return kmem_kmemdup(source, count * size, flags);
}

static inline void *kvmalloc(size_t size, gfp_t flags)
{
	return kmem_kvmalloc(size, flags, -1);
}

static inline void *kvzalloc(size_t size, gfp_t flags)
{
	return kmem_kvmalloc(size, KMEM_ZERO(flags), -1);
}

static inline void *kvmalloc_node(size_t size, gfp_t flags, int node)
{
	return kmem_kvmalloc(size, flags, node);
}

static inline void *kvzalloc_node(size_t size, gfp_t flags, int node)
{
	return kmem_kvmalloc(size, KMEM_ZERO(flags), node);
}

static inline void *kvmalloc_array(size_t n, size_t size, gfp_t flags)
{
	return kmem_kvmalloc_array(n, size, flags);
}

static inline void *kvcalloc(size_t n, size_t size, gfp_t flags)
{
	return kmem_kvmalloc_array(n, size, KMEM_ZERO(flags));
}

static inline void *__vmalloc(size_t size, gfp_t flags)
{
	return kmem_vmalloc(size, flags);
}

static inline void *vmalloc(size_t size)
{
	return kmem_vmalloc(size, KMEM_KERNEL);
}

static inline void *vzalloc(size_t size)
{
	return kmem_vmalloc(size, KMEM_ZERO(KMEM_KERNEL));
}

#ifdef __cplusplus
}
#endif

/* Two forms: (object, size, flags) since Linux 6.12, (object, old size, size, flags) from 5.15 to 6.11. */
#define KMEM_KVREALLOC_3(object, size, flags) kmem_kvrealloc(object, size, flags)
#define KMEM_KVREALLOC_4(object, old, size, flags) ((void)(old), kmem_kvrealloc(object, size, flags))
#define KMEM_KVREALLOC_PICK(a, b, c, d, which, ...) which
#define kvrealloc(...) \
	KMEM_KVREALLOC_PICK(__VA_ARGS__, KMEM_KVREALLOC_4, KMEM_KVREALLOC_3, KMEM_NONE, 0)(__VA_ARGS__)

#define kzfree(object) kfree_sensitive(object) /* until 5.9 */

/*
 * Typed allocation: kmalloc_obj(type or variable [, flags]), kmalloc_objs(type or variable, count [, flags]),
 * kmalloc_flex(type or variable, last member, count [, flags]), and the same for kzalloc, kvmalloc and kvzalloc.
 * Without flags GFP_KERNEL is meant. The result is a pointer to the type; a size that does not fit into a size_t
 * fails.
 */
#if defined(__GNUC__)
#define KMEM_FLAGS(zero, ...) KMEM_FLAGS_PICK(zero, ##__VA_ARGS__, KMEM_FLAGS_GIVEN, KMEM_FLAGS_NONE, 0)(__VA_ARGS__)
#define KMEM_FLAGS_PICK(zero, flags, which, ...) which
#define KMEM_FLAGS_GIVEN(flags) (flags)
#define KMEM_FLAGS_NONE(...) KMEM_KERNEL

/* Sizes that are too large become the largest one, which nobody can have. */
static inline size_t __kmalloc_total(size_t header, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) || __builtin_add_overflow(bytes, header, &bytes))
		return (size_t)-1;
	return bytes;
}

#define KMEM_OBJ(alloc, what, flags) ((__typeof__(what) *)alloc(sizeof(__typeof__(what)), flags))
#define KMEM_OBJS(alloc, what, count, flags) \
	((__typeof__(what) *)alloc(__kmalloc_total(0, (count), sizeof(__typeof__(what))), flags))
#define KMEM_FLEX(alloc, what, member, count, flags)                                                     \
	((__typeof__(what) *)alloc(__kmalloc_total(sizeof(__typeof__(what)), (count),                  \
						     sizeof(((__typeof__(what) *)0)->member[0])), flags))

#define kmalloc_obj(what, ...) KMEM_OBJ(kmalloc, what, KMEM_FLAGS(0, ##__VA_ARGS__))
#define kzalloc_obj(what, ...) KMEM_OBJ(kzalloc, what, KMEM_FLAGS(0, ##__VA_ARGS__))
#define kvmalloc_obj(what, ...) KMEM_OBJ(kvmalloc, what, KMEM_FLAGS(0, ##__VA_ARGS__))
#define kvzalloc_obj(what, ...) KMEM_OBJ(kvzalloc, what, KMEM_FLAGS(0, ##__VA_ARGS__))
#define kmalloc_objs(what, count, ...) KMEM_OBJS(kmalloc, what, count, KMEM_FLAGS(0, ##__VA_ARGS__))
#define kzalloc_objs(what, count, ...) KMEM_OBJS(kzalloc, what, count, KMEM_FLAGS(0, ##__VA_ARGS__))
#define kvmalloc_objs(what, count, ...) KMEM_OBJS(kvmalloc, what, count, KMEM_FLAGS(0, ##__VA_ARGS__))
#define kvzalloc_objs(what, count, ...) KMEM_OBJS(kvzalloc, what, count, KMEM_FLAGS(0, ##__VA_ARGS__))
#define kmalloc_flex(what, member, count, ...) KMEM_FLEX(kmalloc, what, member, count, KMEM_FLAGS(0, ##__VA_ARGS__))
#define kzalloc_flex(what, member, count, ...) KMEM_FLEX(kzalloc, what, member, count, KMEM_FLAGS(0, ##__VA_ARGS__))
#define kvmalloc_flex(what, member, count, ...) KMEM_FLEX(kvmalloc, what, member, count, KMEM_FLAGS(0, ##__VA_ARGS__))
#define kvzalloc_flex(what, member, count, ...) KMEM_FLEX(kvzalloc, what, member, count, KMEM_FLAGS(0, ##__VA_ARGS__))
#endif

/* The names behind the names since Linux 6.10. */
#define kmalloc_noprof kmalloc
#define __kmalloc_cache_noprof kmem_cache_alloc_sized
#define kzalloc_noprof kzalloc
#define kmalloc_node_noprof kmalloc_node
#define kmalloc_array_noprof kmalloc_array
#define kcalloc_noprof kcalloc
#define kmalloc_array_node_noprof kmalloc_array_node
#define krealloc_noprof krealloc
#define krealloc_array_noprof krealloc_array
#define kmalloc_track_caller_noprof kmalloc_track_caller
#define kmalloc_node_track_caller_noprof kmalloc_node_track_caller
#define __kmalloc kmem_kmalloc
#define __kmalloc_noprof kmem_kmalloc
#define __kmalloc_node_noprof kmem_kmalloc_node
#define kvmalloc_noprof kvmalloc
#define kvzalloc_noprof kvzalloc
#define kvmalloc_node_noprof kvmalloc_node
#define kvmalloc_array_noprof kvmalloc_array
#define kvcalloc_noprof kvcalloc
#define kvrealloc_noprof kvrealloc
#define vrealloc_noprof vrealloc
#define vmalloc_noprof vmalloc
#define vzalloc_noprof vzalloc
#define __vmalloc_noprof __vmalloc
#define kmemdup_noprof kmemdup
#define kmem_buckets_alloc_noprof kmem_buckets_alloc
#define kmem_buckets_alloc_track_caller kmem_buckets_alloc
#define kmem_cache_alloc_noprof kmem_cache_alloc
#define kmem_cache_zalloc_noprof kmem_cache_zalloc
#define kmem_cache_alloc_node_noprof kmem_cache_alloc_node
#define kmem_cache_alloc_lru_noprof kmem_cache_alloc_lru
#define kmem_cache_alloc_bulk_noprof kmem_cache_alloc_bulk

#endif /* KMEM_NO_KMALLOC */

#endif /* KMEM_KMALLOC_H */
