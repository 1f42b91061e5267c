/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Modules as programs. The source of a kernel module, compiled with this header and linked with libkmem, is a
 * program: it runs the init function and, if that gave 0, the exit function. See linux/init.h for more modules in
 * one program, and for a program with its own main().
 */
#ifndef KMEM_LINUX_MODULE_H
#define KMEM_LINUX_MODULE_H

/* The system's header of this name, with the flags of finit_module(2). */
#if __has_include_next(<linux/module.h>)
#include_next <linux/module.h>
#endif

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/stringify.h>
#include <linux/types.h>

#define module_init(f)			device_initcall(f)
#define module_exit(f)			__exitcall(f)

#define MODULE_INFO(tag, info)		KMEM_NOTHING
#define MODULE_LICENSE(license)		KMEM_NOTHING
#define MODULE_AUTHOR(author)		KMEM_NOTHING
#define MODULE_DESCRIPTION(text)	KMEM_NOTHING
#define MODULE_VERSION(version)		KMEM_NOTHING
#define MODULE_ALIAS(alias)		KMEM_NOTHING
#define MODULE_SOFTDEP(dependency)	KMEM_NOTHING
#define MODULE_FIRMWARE(firmware)	KMEM_NOTHING
#define MODULE_IMPORT_NS(ns)		KMEM_NOTHING
#define MODULE_DEVICE_TABLE(type, name)	KMEM_NOTHING

/* Code is not unloaded here, so a module can always be held. */
static inline bool try_module_get(struct module *module)
{
	(void)module;
	return true;
}

static inline void __module_get(struct module *module)
{
	(void)module;
}

static inline void module_put(struct module *module)
{
	(void)module;
}

#endif
