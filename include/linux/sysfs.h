/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Text for an attribute's file: one page. The files themselves have no counterpart here. */
#ifndef KMEM_LINUX_SYSFS_H
#define KMEM_LINUX_SYSFS_H

#include <linux/bug.h>
#include <linux/gfp.h>
#include <linux/sprintf.h>
#include <linux/string.h>

/* buf is a page, on its boundary. Returns what was stored; nothing, with a warning, in any other buffer. */
static inline __printf(3, 4) int sysfs_emit_at(char *buf, int at, const char *fmt, ...)
{
	va_list args;
	int n;

	if (WARN(!buf || ((unsigned long)buf & (PAGE_SIZE - 1)) || at < 0 || at >= (int)PAGE_SIZE,
		 "invalid sysfs_emit_at: buf:%p at:%d\n", (void *)buf, at))
		return 0;
	va_start(args, fmt);
	n = kmem_vscnprintf(buf + at, PAGE_SIZE - (size_t)at, fmt, args);
	va_end(args);
	return n;
}

static inline __printf(2, 3) int sysfs_emit(char *buf, const char *fmt, ...)
{
	va_list args;
	int n;

	if (WARN(!buf || ((unsigned long)buf & (PAGE_SIZE - 1)), "invalid sysfs_emit: buf:%p\n", (void *)buf))
		return 0;
	va_start(args, fmt);
	n = kmem_vscnprintf(buf, PAGE_SIZE, fmt, args);
	va_end(args);
	return n;
}

#endif
