/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Numbers at any address, in this machine's order of bytes or a given one. */
#ifndef __LINUX_UNALIGNED_H
#define __LINUX_UNALIGNED_H

#include <linux/byteorder/generic.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* A packed struct may lie anywhere, and may alias nothing less than everything. */
#define get_unaligned(ptr) \
	(__extension__ ({ \
		struct kmem_any { __typeof__(*(ptr)) x; } __attribute__((__packed__, __may_alias__)); \
		((const struct kmem_any *)(const void *)(ptr))->x; \
	}))
#define put_unaligned(value, ptr) \
	do { \
		struct kmem_any { __typeof__(*(ptr)) x; } __attribute__((__packed__, __may_alias__)); \
		((struct kmem_any *)(void *)(ptr))->x = (value); \
	} while (0)

#define KMEM_UNALIGNED(bits, order) \
	static inline __u##bits get_unaligned_##order##bits(const void *p) \
	{ \
		return order##bits##_to_cpu(get_unaligned((const __##order##bits *)p)); \
	} \
	static inline void put_unaligned_##order##bits(__u##bits value, void *p) \
	{ \
		put_unaligned(cpu_to_##order##bits(value), (__##order##bits *)p); \
	}
KMEM_UNALIGNED(16, le)
KMEM_UNALIGNED(32, le)
KMEM_UNALIGNED(64, le)
KMEM_UNALIGNED(16, be)
KMEM_UNALIGNED(32, be)
KMEM_UNALIGNED(64, be)

static inline __u32 get_unaligned_be24(const void *p)
{
	const __u8 *b = (const __u8 *)p;

	return (__u32)b[0] << 16 | (__u32)b[1] << 8 | b[2];
}

static inline __u32 get_unaligned_le24(const void *p)
{
	const __u8 *b = (const __u8 *)p;

	return (__u32)b[2] << 16 | (__u32)b[1] << 8 | b[0];
}

static inline void put_unaligned_be24(const __u32 value, void *p)
{
	__u8 *b = (__u8 *)p;

	b[0] = (__u8)(value >> 16);
	b[1] = (__u8)(value >> 8);
	b[2] = (__u8)value;
}

static inline void put_unaligned_le24(const __u32 value, void *p)
{
	__u8 *b = (__u8 *)p;

	b[2] = (__u8)(value >> 16);
	b[1] = (__u8)(value >> 8);
	b[0] = (__u8)value;
}

#endif
