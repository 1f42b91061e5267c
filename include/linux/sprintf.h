/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Formatting into memory. snprintf() and its family are the C library's, without the kernel's %p extensions;
 * scnprintf() has them, and returns what it stored, not what it would have.
 */
#ifndef KMEM_LINUX_SPRINTF_H
#define KMEM_LINUX_SPRINTF_H

#include <kmem/print.h>
#include <linux/compiler.h>
#include <stdarg.h>
#include <stddef.h>

/*
 * C code gets just the functions: <stdio.h> would take global names like remove and rename from kernel code.
 * The parentheses keep out macros of the same name.
 */
#ifdef __cplusplus
extern "C++" {
#include <stdio.h>
}
#else
int (sprintf)(char *buf, const char *fmt, ...) __printf(2, 3);
int (snprintf)(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int (vsprintf)(char *buf, const char *fmt, va_list args) __printf(2, 0);
int (vsnprintf)(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);
int (sscanf)(const char *buf, const char *fmt, ...) __scanf(2, 3);
#endif

#ifndef scnprintf
#define scnprintf(buf, size, fmt, ...)	kmem_scnprintf(buf, size, fmt, ##__VA_ARGS__)
#endif
#ifndef vscnprintf
#define vscnprintf(buf, size, fmt, args)	kmem_vscnprintf(buf, size, fmt, args)
#endif

#endif
