/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Checks at compile time. */
#ifndef KMEM_LINUX_BUILD_BUG_H
#define KMEM_LINUX_BUILD_BUG_H

#include <linux/compiler.h>

#ifdef __cplusplus
#define KMEM_STATIC_ASSERT(expr, msg, ...)	static_assert(expr, msg)
#else
#define KMEM_STATIC_ASSERT(expr, msg, ...)	_Static_assert(expr, msg)
#endif

/* With or without a message. A keyword in C++ and C23, and <assert.h>'s definition is as good. */
#if !defined(__cplusplus) && !defined(static_assert) && \
	(!defined(__STDC_VERSION__) || __STDC_VERSION__ < 202311L)
#define static_assert(expr, ...)	KMEM_STATIC_ASSERT(expr, ##__VA_ARGS__, #expr, "")
#endif

#ifndef BUILD_BUG_ON_MSG
#define BUILD_BUG_ON_MSG(cond, msg) \
	do { KMEM_STATIC_ASSERT(!(cond), msg, ""); } while (0)
#endif
#ifndef BUILD_BUG_ON
#define BUILD_BUG_ON(cond)		BUILD_BUG_ON_MSG(cond, "BUILD_BUG_ON failed: " #cond)
#endif
#ifndef BUILD_BUG_ON_NOT_POWER_OF_2
#define BUILD_BUG_ON_NOT_POWER_OF_2(n)	BUILD_BUG_ON((n) == 0 || ((n) & ((n) - 1)) != 0)
#endif

/* As an expression, of value 0. C++ allows no struct inside sizeof, C would make the array a variable one. */
#ifndef BUILD_BUG_ON_ZERO
#ifdef __cplusplus
#define BUILD_BUG_ON_ZERO(cond, ...)	((int)sizeof(char[(cond) ? -1 : 1]) - 1)
#else
#define BUILD_BUG_ON_ZERO(cond, ...)	((int)sizeof(struct { int kmem_check : (cond) ? -1 : 1; }) * 0)
#endif
#endif

#endif
