/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The kernel's collection of everyday helpers.
 *
 * <sys/sysinfo.h> comes here for struct sysinfo. It then gets that and nothing more, for a program that knows
 * nothing of the kernel may well have a min() of its own.
 */
#if __has_include_next(<linux/kernel.h>)
#include_next <linux/kernel.h>
#endif

#if defined(_SYS_SYSINFO_H) && !defined(KMEM_SEEN_SYS_SYSINFO_H)
#define KMEM_SEEN_SYS_SYSINFO_H
#elif !defined(KMEM_LINUX_KERNEL_H)
#define KMEM_LINUX_KERNEL_H

#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/sprintf.h>
#include <linux/stringify.h>
#include <linux/typecheck.h>
#include <linux/types.h>
#include <limits.h>
#include <stdarg.h>

#ifndef upper_32_bits
#define upper_32_bits(n)	((__u32)(((n) >> 16) >> 16))
#endif
#ifndef lower_32_bits
#define lower_32_bits(n)	((__u32)((n) & 0xffffffff))
#endif

/* Marks a place that may sleep. Nothing is atomic context in a process. */
#ifndef might_sleep
#define might_sleep()		((void)0)
#endif
#ifndef might_sleep_if
#define might_sleep_if(cond)	((void)(cond))
#endif

#endif
