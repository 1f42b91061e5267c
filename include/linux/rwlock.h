/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Reader-writer spinlocks: part of linux/spinlock.h, as in the kernel. */
#ifndef __LINUX_RWLOCK_H
#define __LINUX_RWLOCK_H

#include <linux/spinlock.h>

#endif
