/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Times. The system has a header of this name, which clashes with <sys/time.h> and is not read: a program that
 * wants the C library's clocks asks for <time.h>.
 */
#ifndef KMEM_LINUX_TIME_H
#define KMEM_LINUX_TIME_H

#include <linux/jiffies.h>
#include <linux/time64.h>

#endif
