/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Strings and memory blocks: the C library's functions that the kernel has too, and the kernel's own. kstrdup() and its
 * relatives come with kmem.h.
 */
#ifndef KMEM_LINUX_STRING_H
#define KMEM_LINUX_STRING_H

#include <kmem.h>
#include <linux/array_size.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * C code gets just the functions: <string.h> and the <strings.h> in it would take global names like index from
 * kernel code, and hide some of these without a feature macro. The parentheses keep out macros of the same name.
 */
#ifdef __cplusplus
extern "C++" {
#include <string.h>
#include <strings.h>
}
#else
void *(memcpy)(void *dst, const void *src, size_t n);
void *(memmove)(void *dst, const void *src, size_t n);
void *(memset)(void *dst, int c, size_t n);
int (memcmp)(const void *a, const void *b, size_t n);
void *(memchr)(const void *s, int c, size_t n);
size_t (strlen)(const char *s);
size_t (strnlen)(const char *s, size_t max);
char *(strcpy)(char *dst, const char *src);
char *(strncpy)(char *dst, const char *src, size_t n);
char *(strcat)(char *dst, const char *src);
char *(strncat)(char *dst, const char *src, size_t n);
int (strcmp)(const char *a, const char *b);
int (strncmp)(const char *a, const char *b, size_t n);
int (strcasecmp)(const char *a, const char *b);
int (strncasecmp)(const char *a, const char *b, size_t n);
char *(strchr)(const char *s, int c);
char *(strrchr)(const char *s, int c);
char *(strchrnul)(const char *s, int c);
char *(strstr)(const char *s, const char *part);
size_t (strspn)(const char *s, const char *accept);
size_t (strcspn)(const char *s, const char *reject);
char *(strpbrk)(const char *s, const char *accept);
char *(strsep)(char **s, const char *delimiters);
#endif

/* White space of Latin-1. */
static inline bool kmem_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (unsigned char)c == 0xa0;
}

/*
 * Copies as much as fits, with a NUL always. Returns the length, or -E2BIG when the source was cut (or size is
 * 0, or more than INT_MAX, which is a negative number gone astray).
 */
static inline ssize_t kmem_strscpy(char *dst, const char *src, size_t size)
{
	size_t i;

	if (size == 0 || size > __INT_MAX__)
		return -E2BIG;
	for (i = 0; i < size; i++) {
		dst[i] = src[i];
		if (!src[i])
			return (ssize_t)i;
	}
	dst[size - 1] = '\0';
	return -E2BIG;
}

/* The same, and the rest of dst is zero. */
static inline ssize_t kmem_strscpy_pad(char *dst, const char *src, size_t size)
{
	ssize_t length = kmem_strscpy(dst, src, size);

	if (length >= 0 && (size_t)length + 1 < size)
		memset(dst + length + 1, 0, size - (size_t)length - 1);
	return length;
}

/* The size may be left out when dst is an array. */
#define KMEM_STRSCPY_3(copy, dst, src, size)	copy(dst, src, size)
#define KMEM_STRSCPY_2(copy, dst, src)		copy(dst, src, ARRAY_SIZE(dst))
#define KMEM_STRSCPY_PICK(a, b, c, which, ...)	which
#ifndef strscpy
#define strscpy(...) \
	KMEM_STRSCPY_PICK(__VA_ARGS__, KMEM_STRSCPY_3, KMEM_STRSCPY_2, 0)(kmem_strscpy, __VA_ARGS__)
#endif
#ifndef strscpy_pad
#define strscpy_pad(...) \
	KMEM_STRSCPY_PICK(__VA_ARGS__, KMEM_STRSCPY_3, KMEM_STRSCPY_2, 0)(kmem_strscpy_pad, __VA_ARGS__)
#endif

/* For code from before Linux 6.8: returns the length of src, however much was copied. */
static inline size_t kmem_strlcpy(char *dst, const char *src, size_t size)
{
	size_t length = strlen(src);

	if (size) {
		size_t n = length < size ? length : size - 1;

		memcpy(dst, src, n);
		dst[n] = '\0';
	}
	return length;
}

/* dst must end within size. Returns the length that the whole would have. */
static inline size_t kmem_strlcat(char *dst, const char *src, size_t size)
{
	size_t used = strnlen(dst, size);

	return used + (used < size ? kmem_strlcpy(dst + used, src, size - used) : strlen(src));
}

/* Some C libraries have these two. */
#ifndef strlcpy
#define strlcpy kmem_strlcpy
#endif
#ifndef strlcat
#define strlcat kmem_strlcat
#endif

/* C libraries hide it from ISO C. Returns the end of the copy. */
static inline char *kmem_stpcpy(char *dst, const char *src)
{
	size_t length = strlen(src);

	memcpy(dst, src, length + 1);
	return dst + length;
}
#ifndef stpcpy
#define stpcpy(dst, src)	kmem_stpcpy(dst, src)
#endif

static inline char *strreplace(char *str, char old, char replacement)
{
	char *s;

	for (s = str; *s; s++)
		if (*s == old)
			*s = replacement;
	return str;
}

static inline char *__must_check skip_spaces(const char *s)
{
	while (kmem_is_space(*s))
		s++;
	return (char *)s;
}

/* Cuts white space off the end, in place, and returns the first character that is none. */
static inline char *strim(char *s)
{
	size_t length = strlen(s);

	while (length && kmem_is_space(s[length - 1]))
		length--;
	s[length] = '\0';
	return skip_spaces(s);
}

static inline __must_check char *strstrip(char *s)
{
	return strim(s);
}

/* c within the first n characters, or NULL; may be asked for the NUL itself. */
static inline char *strnchr(const char *s, size_t n, int c)
{
	for (; n; n--, s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			break;
	}
	return NULL;
}

/* part within the first n characters of s. */
static inline char *strnstr(const char *s, const char *part, size_t n)
{
	size_t length = strlen(part);

	n = strnlen(s, n);
	for (; n >= length; n--, s++)
		if (!memcmp(s, part, length))
			return (char *)s;
	return NULL;
}

static inline bool strstarts(const char *str, const char *prefix)
{
	return strncmp(str, prefix, strlen(prefix)) == 0;
}

/* The length of the prefix if str begins with it, otherwise 0. */
static inline size_t str_has_prefix(const char *str, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(str, prefix, length) == 0 ? length : 0;
}

/* Equal, or equal but for one newline at the end of either: what people write into sysfs files. */
static inline bool sysfs_streq(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (*a == '\n' && !*b)
		a++;
	else if (*b == '\n' && !*a)
		b++;
	return *a == *b;
}

/* Index of string in the first n entries, which end early at a NULL; -EINVAL if absent. */
static inline int match_string(const char *const *array, size_t n, const char *string)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (!strcmp(array[i], string))
			return (int)i;
	return -EINVAL;
}

/* What follows the last slash. */
static inline const char *kbasename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* First byte that is not c, or NULL. */
static inline void *memchr_inv(const void *start, int c, size_t n)
{
	const unsigned char *p = (const unsigned char *)start;

	for (; n; n--, p++)
		if (*p != (unsigned char)c)
			return (void *)p;
	return NULL;
}

static inline bool mem_is_zero(const void *s, size_t n)
{
	return !memchr_inv(s, 0, n);
}

/* Zeroes even what nobody reads again: the compiler must assume that the barrier does. */
static inline void memzero_explicit(void *s, size_t n)
{
	memset(s, 0, n);
	barrier_data(s);
}

/* The first c within n bytes, or what follows them. */
static inline void *memscan(void *start, int c, size_t n)
{
	unsigned char *p = (unsigned char *)start;

	while (n && *p != (unsigned char)c) {
		p++;
		n--;
	}
	return p;
}

/* count bytes of src, or as many as fit, then pad up to dst_len. */
static inline void memcpy_and_pad(void *dst, size_t dst_len, const void *src, size_t count, int pad)
{
	if (count > dst_len)
		count = dst_len;
	memcpy(dst, src, count);
	memset((char *)dst + count, pad, dst_len - count);
}

/* Text into an array of bytes that need not end in NUL. */
#define strtomem_pad(dest, src, pad) \
	memcpy_and_pad(dest, ARRAY_SIZE(dest), src, strnlen(src, ARRAY_SIZE(dest)), pad)
#define strtomem(dest, src) \
	((void)memcpy(dest, src, strnlen(src, ARRAY_SIZE(dest))))

/* As match_string(), but strings compare as sysfs_streq() does. */
static inline int __sysfs_match_string(const char *const *array, size_t n, const char *string)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (sysfs_streq(array[i], string))
			return (int)i;
	return -EINVAL;
}
#define sysfs_match_string(array, string)	__sysfs_match_string(array, ARRAY_SIZE(array), string)

/* The members of a struct from one on, or after one, to its end. */
#define memset_after(obj, v, member) \
	memset((char *)(obj) + offsetofend(__typeof__(*(obj)), member), v, \
	       sizeof(*(obj)) - offsetofend(__typeof__(*(obj)), member))
#define memset_startat(obj, v, member) \
	memset((char *)(obj) + offsetof(__typeof__(*(obj)), member), v, \
	       sizeof(*(obj)) - offsetof(__typeof__(*(obj)), member))

/* n counts elements, not bytes. */
static inline void *memset16(__u16 *s, __u16 value, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		s[i] = value;
	return s;
}

static inline void *memset32(__u32 *s, __u32 value, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		s[i] = value;
	return s;
}

static inline void *memset64(__u64 *s, __u64 value, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		s[i] = value;
	return s;
}

#endif
