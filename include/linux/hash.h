/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Multiplicative hashing: the golden ratio spreads the value upwards, the topmost bits are taken. */
#ifndef KMEM_LINUX_HASH_H
#define KMEM_LINUX_HASH_H

#include <linux/compiler.h>
#include <linux/types.h>

#define GOLDEN_RATIO_32		0x61C88647
#define GOLDEN_RATIO_64		0x61C8864680B583EBull

static inline __u32 hash_32(__u32 value, unsigned int bits)
{
	return (value * (__u32)GOLDEN_RATIO_32) >> (32 - bits);
}

static inline __u32 hash_64(__u64 value, unsigned int bits)
{
	return (__u32)((value * GOLDEN_RATIO_64) >> (64 - bits));
}

static inline __u32 hash_long(unsigned long value, unsigned int bits)
{
	return sizeof(value) == 8 ? hash_64(value, bits) : hash_32((__u32)value, bits);
}

static inline __u32 hash_ptr(const void *ptr, unsigned int bits)
{
	return hash_long((unsigned long)ptr, bits);
}

#endif
