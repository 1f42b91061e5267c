/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Module parameters. They keep the value that the source gives them; nothing sets them from outside yet. */
#ifndef KMEM_LINUX_MODULEPARAM_H
#define KMEM_LINUX_MODULEPARAM_H

#include <linux/compiler.h>
#include <linux/export.h>

/* Takes the address: a variable that is only a parameter counts as used, one that is missing is an error. */
#define KMEM_PARAM(name, variable) \
	static const void *const KMEM_CONCAT(kmem_param_, name) __attribute__((__unused__)) = &(variable)

#define module_param_named(name, variable, type, perm)		KMEM_PARAM(name, variable)
#define module_param(name, type, perm)				KMEM_PARAM(name, name)
#define module_param_unsafe(name, type, perm)			KMEM_PARAM(name, name)
#define module_param_string(name, string, len, perm)		KMEM_PARAM(name, string)
#define module_param_array(name, type, count, perm)		KMEM_PARAM(name, name)
#define module_param_array_named(name, array, type, count, perm)	KMEM_PARAM(name, array)
#define MODULE_PARM_DESC(name, description)			KMEM_NOTHING

#endif
