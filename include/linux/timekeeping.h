/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The clocks: in linux/ktime.h. */
#ifndef _LINUX_TIMEKEEPING_H
#define _LINUX_TIMEKEEPING_H

#include <linux/ktime.h>

#endif
