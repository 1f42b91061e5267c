/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Shrinkers in both forms: register_shrinker() until 6.6, shrinker_alloc() since 6.7. Their names, which the kernel shows
 * in debugfs, are checked as formats and go nowhere.
 */
#ifndef KMEM_LINUX_SHRINKER_H
#define KMEM_LINUX_SHRINKER_H

#include <kmem/print.h>
#include <kmem/shrinker.h>
#include <linux/types.h>

/* With a name since 6.0, without one before. */
#define register_shrinker(shrinker, ...)	kmem_register_shrinker(shrinker)
#define unregister_shrinker(shrinker)		kmem_unregister_shrinker(shrinker)
/* A shrinker that is unregistered runs nowhere. */
#define synchronize_shrinkers()			((void)0)

KMEM_PRINTF(2, 3)
static inline struct shrinker *shrinker_alloc(unsigned int flags, const char *fmt, ...)
{
	(void)fmt;
	return kmem_shrinker_alloc(flags);
}

#define shrinker_register(shrinker)		kmem_shrinker_register(shrinker)
#define shrinker_free(shrinker)			kmem_shrinker_free(shrinker)

#endif
