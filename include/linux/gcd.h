/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Greatest common divisor; with 0, the other number. */
#ifndef _GCD_H
#define _GCD_H

static inline unsigned long kmem_gcd(unsigned long a, unsigned long b)
{
	while (b) {
		unsigned long rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* <numeric> has functions of both names. */
#ifndef __cplusplus
#define gcd(a, b)		kmem_gcd(a, b)
#endif

#endif
