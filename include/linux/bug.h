/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Conditions that must not be. The condition is always evaluated and the check is never compiled out, NDEBUG or
 * not. WARN and its relatives report, go on, and have the condition's truth as their value; BUG ends the process.
 */
#ifndef KMEM_LINUX_BUG_H
#define KMEM_LINUX_BUG_H

#include <kmem/print.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>

#ifndef BUG
#define BUG() \
	do { kmem_bug(__FILE__, __LINE__); __builtin_unreachable(); } while (0)
#endif
#ifndef BUG_ON
#define BUG_ON(condition) \
	do { if (unlikely(condition)) BUG(); } while (0)
#endif

#define KMEM_WARN_IF(condition, ...) \
	(__extension__ ({ \
		int kmem_hit = !!(condition); \
		if (unlikely(kmem_hit)) \
			kmem_warn(__FILE__, __LINE__, __func__, __VA_ARGS__); \
		unlikely(kmem_hit); \
	}))
/* Once per place in the source; the value is still the condition's, each time. */
#define KMEM_WARN_FIRST(condition, ...) \
	(__extension__ ({ \
		int kmem_hit = !!(condition); \
		if (unlikely(kmem_hit) && KMEM_FIRST_TIME()) \
			kmem_warn(__FILE__, __LINE__, __func__, __VA_ARGS__); \
		unlikely(kmem_hit); \
	}))

#ifndef WARN
#define WARN(condition, ...)		KMEM_WARN_IF(condition, __VA_ARGS__)
#endif
#ifndef WARN_ON
#define WARN_ON(condition)		KMEM_WARN_IF(condition, (const char *)0)
#endif
#ifndef WARN_ONCE
#define WARN_ONCE(condition, ...)	KMEM_WARN_FIRST(condition, __VA_ARGS__)
#endif
#ifndef WARN_ON_ONCE
#define WARN_ON_ONCE(condition)		KMEM_WARN_FIRST(condition, (const char *)0)
#endif

#endif
