/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Least common multiple; 0 if either is 0. */
#ifndef _LCM_H
#define _LCM_H

#include <linux/gcd.h>

static inline unsigned long kmem_lcm(unsigned long a, unsigned long b)
{
	return a && b ? a / kmem_gcd(a, b) * b : 0;
}

/* The same, but the one that is not 0 if the other is. */
static inline unsigned long lcm_not_zero(unsigned long a, unsigned long b)
{
	unsigned long l = kmem_lcm(a, b);

	return l ? l : b ? b : a;
}

#ifndef __cplusplus
#define lcm(a, b)		kmem_lcm(a, b)
#endif

#endif
