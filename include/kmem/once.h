/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * once.h - variables of the port headers that a program has one of
 *
 * The port headers have no source file of their own. What all files of a program must share is defined weakly in
 * each file that includes the header, and the linker keeps one.
 */
#ifndef KMEM_ONCE_H
#define KMEM_ONCE_H

#define KMEM_SHARED		__attribute__((__weak__, __visibility__("default")))

/* Zero, for an object of any struct or union type, however deep its first member lies. */
#define KMEM_ZEROED		{}

#endif
