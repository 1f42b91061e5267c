/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * IS_ENABLED(CONFIG_X) and its relatives, usable in #if and in C: an option counts as set when the program was
 * compiled with -DCONFIG_X=1 (built in) or -DCONFIG_X_MODULE=1. None is set by default.
 */
#ifndef KMEM_LINUX_KCONFIG_H
#define KMEM_LINUX_KCONFIG_H

/*
 * An option defined as 1 pastes to KMEM_ONE_1, which brings a comma and so shifts a 1 into second place; any
 * other word pastes to something that brings none, and the 0 stays second.
 */
#define KMEM_ONE_1				0,
#define KMEM_SECOND(first, second, ...)		second
#define KMEM_IS_ONE__(maybe_comma)		KMEM_SECOND(maybe_comma 1, 0, 0)
#define KMEM_IS_ONE_(value)			KMEM_IS_ONE__(KMEM_ONE_##value)
#define KMEM_IS_ONE(value)			KMEM_IS_ONE_(value)

#ifndef IS_BUILTIN
#define IS_BUILTIN(option)	KMEM_IS_ONE(option)
#endif
#ifndef IS_MODULE
#define IS_MODULE(option)	KMEM_IS_ONE(option##_MODULE)
#endif
#ifndef IS_ENABLED
#define IS_ENABLED(option)	(KMEM_IS_ONE(option) || KMEM_IS_ONE(option##_MODULE))
#endif
#ifndef IS_REACHABLE
#define IS_REACHABLE(option)	IS_ENABLED(option)
#endif

#endif
