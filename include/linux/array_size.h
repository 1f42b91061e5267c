/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Number of elements of an array; a pointer is a compile error. */
#ifndef KMEM_LINUX_ARRAY_SIZE_H
#define KMEM_LINUX_ARRAY_SIZE_H

#include <linux/build_bug.h>
#include <linux/stddef.h>

#ifdef __cplusplus
extern "C++" {
template <typename T, size_t n>
char (&kmem_array_count(T (&)[n]))[n];
}
#define KMEM_ARRAY_COUNT(array)		sizeof(kmem_array_count(array))
#else
#define __must_be_array(array)		BUILD_BUG_ON_ZERO(__same_type((array), &(array)[0]))
#define KMEM_ARRAY_COUNT(array)		(sizeof(array) / sizeof((array)[0]) + (size_t)__must_be_array(array))
#endif

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array)		KMEM_ARRAY_COUNT(array)
#endif

#endif
