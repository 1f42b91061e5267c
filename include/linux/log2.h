/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Powers of two. The macros are constants when their argument is one. */
#ifndef KMEM_LINUX_LOG2_H
#define KMEM_LINUX_LOG2_H

#include <linux/bitops.h>
#include <stdbool.h>

/* As in the kernel, 0 gives -1, and a constant below 1 gives 0. */
#ifndef ilog2
#define ilog2(n) \
	(__builtin_constant_p(n) ? ((n) < 2 ? 0 : 63 - __builtin_clzll((n) < 2 ? 1ULL : (unsigned long long)(n))) \
				 : sizeof(n) <= 4 ? fls((unsigned int)(n)) - 1 : fls64((__u64)(n)) - 1)
#endif

static __always_inline __attribute_const__ bool is_power_of_2(unsigned long n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

/* Both are undefined for 0, as in the kernel. */
#ifndef roundup_pow_of_two
#define roundup_pow_of_two(n) \
	(__builtin_constant_p(n) ? ((n) <= 1 ? 1UL : 1UL << (ilog2((n) - 1) + 1)) \
				 : 1UL << fls_long((unsigned long)(n) - 1))
#endif
#ifndef rounddown_pow_of_two
#define rounddown_pow_of_two(n) \
	(__builtin_constant_p(n) ? 1UL << ilog2(n) : 1UL << (fls_long((unsigned long)(n)) - 1))
#endif

static __always_inline __attribute_const__ int kmem_order_base_2(unsigned long n)
{
	return n > 1 ? (int)fls_long(n - 1) : 0;
}

/* Logarithm, rounded up; 0 for 0 and 1. */
#ifndef order_base_2
#define order_base_2(n) \
	(__builtin_constant_p(n) ? ((n) > 1 ? ilog2((n) - 1) + 1 : 0) : kmem_order_base_2((unsigned long)(n)))
#endif

#endif
