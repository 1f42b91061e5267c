/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Marks of exported symbols. All modules of a program are linked together, so there is nothing to export. */
#ifndef KMEM_LINUX_EXPORT_H
#define KMEM_LINUX_EXPORT_H

#include <linux/compiler.h>

/* The one built-in module: the program. */
#ifndef THIS_MODULE
#define THIS_MODULE			((struct module *)0)
#endif
struct module;

/* A declaration without effect, to go with the semicolon that follows these macros. */
#define KMEM_NOTHING			struct module

#define EXPORT_SYMBOL(symbol)		KMEM_NOTHING
#define EXPORT_SYMBOL_GPL(symbol)	KMEM_NOTHING
#define EXPORT_SYMBOL_NS(symbol, ns)	KMEM_NOTHING
#define EXPORT_SYMBOL_NS_GPL(symbol, ns)	KMEM_NOTHING

#endif
