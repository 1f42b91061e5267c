/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Bottom halves. There are none; see linux/preempt.h. */
#ifndef _LINUX_BH_H
#define _LINUX_BH_H

#include <linux/preempt.h>

#define local_bh_disable()	preempt_disable()
#define local_bh_enable()	preempt_enable()

#endif
