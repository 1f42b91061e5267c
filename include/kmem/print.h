/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Messages with variable arguments. Hand-written, because the header generator cannot say them; the rest is in
 * kmem.h. The definitions are in src/capi/print.rs.
 *
 * Formats are the kernel's: like printf, without floating point and %n, and with %p extensions:
 *
 *   %pS  %ps        function+0xoffset/0xsize [file], without the offset; %pB for a return address
 *   %pe             an ERR_PTR() by name (-ENOMEM)
 *   %*ph            as many bytes as the width says, in hex (%*phC %*phD %*phN: other separators)
 *   %pV             a nested format and its arguments, struct kmem_va_format
 *   %pGg            a gfp_t by name
 *   %*pb  %*pbl     a bitmap in hex, as ranges
 *   %pM  %pm  %pU   MAC address, UUID
 *   %pa             a physical address
 *
 * NULL prints as (null), a pointer into the first page and an error pointer as (efault). At a conversion that
 * it does not know, formatting stops with a warning.
 *
 * Where a format is expected, a message may begin with a level: byte 1 and a digit from 0 (emergency) to 7
 * (debug), or c to continue the line before. Without one the level is 4 (warning).
 */
#ifndef KMEM_PRINT_H
#define KMEM_PRINT_H

#include "../kmem.h"
#include <stdarg.h>
#include <stddef.h>

#if defined(__GNUC__)
/* The compiler's own checks understand the extensions: to them the letters after %p are plain text. */
#define KMEM_PRINTF(format, arguments) __attribute__((__format__(__printf__, format, arguments)))
#define KMEM_NORETURN_FN __attribute__((__noreturn__))
#define KMEM_COLD_FN __attribute__((__cold__))
#else
#define KMEM_PRINTF(format, arguments)
#define KMEM_NORETURN_FN
#define KMEM_COLD_FN
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What %pV points to; the kernel calls it struct va_format. */
struct kmem_va_format {
	const char *fmt;
	va_list *va;
};

/**
 * kmem_printk - print a message
 * @fmt: format, which may begin with a level; NULL prints nothing
 *
 * Messages go to standard error, or to the file or function that kmem_set_log_handler() tells about.
 *
 * Context: any thread; takes no lock. In a signal handler only without %pS and its relatives.
 * Return: length of the message in bytes, without level and final newline, at most 1024.
 */
int kmem_printk(const char *fmt, ...) KMEM_PRINTF(1, 2);

/** kmem_vprintk - kmem_printk() with a list of arguments */
int kmem_vprintk(const char *fmt, va_list ap) KMEM_PRINTF(1, 0);

/**
 * kmem_snprintf - format into a buffer
 * @buf: the buffer; with a @size of 0 not used
 * @size: its size in bytes, the final NUL included
 * @fmt: format
 *
 * Context: as kmem_printk().
 * Return: length that the text has or would have had in a large enough buffer, without the NUL.
 */
int kmem_snprintf(char *buf, size_t size, const char *fmt, ...) KMEM_PRINTF(3, 4);

/** kmem_vsnprintf - kmem_snprintf() with a list of arguments */
int kmem_vsnprintf(char *buf, size_t size, const char *fmt, va_list ap) KMEM_PRINTF(3, 0);

/**
 * kmem_scnprintf - format into a buffer
 *
 * As kmem_snprintf(), but:
 * Return: length of the text that is in the buffer, without the NUL; 0 if @size is 0.
 */
int kmem_scnprintf(char *buf, size_t size, const char *fmt, ...) KMEM_PRINTF(3, 4);

/** kmem_vscnprintf - kmem_scnprintf() with a list of arguments */
int kmem_vscnprintf(char *buf, size_t size, const char *fmt, va_list ap) KMEM_PRINTF(3, 0);

/**
 * kmem_warn - report a warning about a place in the program: the body of WARN()
 * @file: source file
 * @line: line in it
 * @function: function
 * @fmt: format of a message with its own newline; NULL for none
 *
 * Context: any thread; not in a signal handler.
 */
void kmem_warn(const char *file, int line, const char *function, const char *fmt, ...)
	KMEM_PRINTF(4, 5) KMEM_COLD_FN;

/**
 * kmem_panic - give up: print a message and the stack, call the panic handler, abort
 * @fmt: format
 *
 * Context: any thread; not in a signal handler.
 * Return: does not return.
 */
void kmem_panic(const char *fmt, ...) KMEM_PRINTF(1, 2) KMEM_NORETURN_FN KMEM_COLD_FN;

#ifdef __cplusplus
}
#endif

#endif
