/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Numbers of a given order of bytes. Arguments that are constants give constants. */
#ifndef _LINUX_BYTEORDER_GENERIC_H
#define _LINUX_BYTEORDER_GENERIC_H

#include <linux/compiler.h>
#include <linux/types.h>

#ifndef swab16
#define swab16(x)		((__u16)__builtin_bswap16((__u16)(x)))
#define swab32(x)		((__u32)__builtin_bswap32((__u32)(x)))
#define swab64(x)		((__u64)__builtin_bswap64((__u64)(x)))
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define KMEM_LE(bits, x)	((__u##bits)(x))
#define KMEM_BE(bits, x)	swab##bits(x)
#else
#define KMEM_LE(bits, x)	swab##bits(x)
#define KMEM_BE(bits, x)	((__u##bits)(x))
#endif

#ifndef cpu_to_le16
#define cpu_to_le16(x)		((__le16)KMEM_LE(16, x))
#define cpu_to_le32(x)		((__le32)KMEM_LE(32, x))
#define cpu_to_le64(x)		((__le64)KMEM_LE(64, x))
#define le16_to_cpu(x)		KMEM_LE(16, x)
#define le32_to_cpu(x)		KMEM_LE(32, x)
#define le64_to_cpu(x)		KMEM_LE(64, x)
#define cpu_to_be16(x)		((__be16)KMEM_BE(16, x))
#define cpu_to_be32(x)		((__be32)KMEM_BE(32, x))
#define cpu_to_be64(x)		((__be64)KMEM_BE(64, x))
#define be16_to_cpu(x)		KMEM_BE(16, x)
#define be32_to_cpu(x)		KMEM_BE(32, x)
#define be64_to_cpu(x)		KMEM_BE(64, x)
#endif

#define le16_to_cpup(p)		le16_to_cpu(*(p))
#define le32_to_cpup(p)		le32_to_cpu(*(p))
#define le64_to_cpup(p)		le64_to_cpu(*(p))
#define be16_to_cpup(p)		be16_to_cpu(*(p))
#define be32_to_cpup(p)		be32_to_cpu(*(p))
#define be64_to_cpup(p)		be64_to_cpu(*(p))
#define cpu_to_le16p(p)		cpu_to_le16(*(p))
#define cpu_to_le32p(p)		cpu_to_le32(*(p))
#define cpu_to_le64p(p)		cpu_to_le64(*(p))
#define le16_to_cpus(p)		((void)(*(p) = le16_to_cpu(*(p))))
#define le32_to_cpus(p)		((void)(*(p) = le32_to_cpu(*(p))))
#define le64_to_cpus(p)		((void)(*(p) = le64_to_cpu(*(p))))
#define cpu_to_le16s(p)		le16_to_cpus(p)
#define cpu_to_le32s(p)		le32_to_cpus(p)
#define cpu_to_le64s(p)		le64_to_cpus(p)

#define KMEM_ADD_CPU(bits, order) \
	static inline void order##bits##_add_cpu(__##order##bits *var, __u##bits value) \
	{ \
		*var = cpu_to_##order##bits((__u##bits)(order##bits##_to_cpu(*var) + value)); \
	}
KMEM_ADD_CPU(16, le)
KMEM_ADD_CPU(32, le)
KMEM_ADD_CPU(64, le)
KMEM_ADD_CPU(16, be)
KMEM_ADD_CPU(32, be)
KMEM_ADD_CPU(64, be)

#endif
