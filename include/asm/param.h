/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * HZ. The C library reads this header for <sys/param.h>; HZ is then the system's, until kernel code asks for its
 * own by way of linux/jiffies.h.
 */
#if __has_include_next(<asm/param.h>)
#include_next <asm/param.h>
#endif
