/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The end of the process, with a message. */
#ifndef KMEM_LINUX_PANIC_H
#define KMEM_LINUX_PANIC_H

#include <kmem/print.h>

#ifndef panic
#define panic(fmt, ...)		kmem_panic(fmt, ##__VA_ARGS__)
#endif

#endif
