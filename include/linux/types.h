/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Kernel types.
 *
 * The system has a header of the same name, and the C library's own headers include it: <sys/stat.h> comes
 * here. So the system's header is always read. The kernel's short names (u8, struct list_head, ...) are added
 * only for code that asked itself, and never when it was compiled with KMEM_NO_KERNEL_TYPES, for programs that
 * bring their own.
 */

/*
 * Which of the two it is: the system headers that want the plain types have set their own include guard when
 * they get here, and each comes once.
 */
#if defined(_LINUX_STAT_H) && !defined(KMEM_SEEN_LINUX_STAT_H)
#define KMEM_SEEN_LINUX_STAT_H
#define KMEM_PLAIN_TYPES
#endif
#if defined(_LINUX_SYSINFO_H) && !defined(KMEM_SEEN_LINUX_SYSINFO_H)
#define KMEM_SEEN_LINUX_SYSINFO_H
#define KMEM_PLAIN_TYPES
#endif
#if defined(_LINUX_PRCTL_H) && !defined(KMEM_SEEN_LINUX_PRCTL_H)
#define KMEM_SEEN_LINUX_PRCTL_H
#define KMEM_PLAIN_TYPES
#endif
#if defined(_LINUX_FANOTIFY_H) && !defined(KMEM_SEEN_LINUX_FANOTIFY_H)
#define KMEM_SEEN_LINUX_FANOTIFY_H
#define KMEM_PLAIN_TYPES
#endif
#if defined(_LINUX_RSEQ_H) && !defined(KMEM_SEEN_LINUX_RSEQ_H)
#define KMEM_SEEN_LINUX_RSEQ_H
#define KMEM_PLAIN_TYPES
#endif
#if defined(_LINUX_IF_ETHER_H) && !defined(KMEM_SEEN_LINUX_IF_ETHER_H)
#define KMEM_SEEN_LINUX_IF_ETHER_H
#define KMEM_PLAIN_TYPES
#endif
#if defined(_LINUX_MOUNT_H) && !defined(KMEM_SEEN_LINUX_MOUNT_H)
#define KMEM_SEEN_LINUX_MOUNT_H
#define KMEM_PLAIN_TYPES
#endif

#if __has_include_next(<linux/types.h>)
#include_next <linux/types.h>
#endif

#if !defined(KMEM_LINUX_TYPES_H) && !defined(KMEM_PLAIN_TYPES) && !defined(KMEM_NO_KERNEL_TYPES)
#define KMEM_LINUX_TYPES_H

#include <kmem/gfp.h>
#include <linux/compiler.h>
#include <linux/stddef.h>
#include <stdbool.h>
#include <sys/types.h>

#if !__has_include_next(<linux/types.h>)
typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
#define __bitwise
typedef __u16 __le16;
typedef __u16 __be16;
typedef __u32 __le32;
typedef __u32 __be32;
typedef __u64 __le64;
typedef __u64 __be64;
typedef __u16 __sum16;
typedef __u32 __wsum;
#endif

/* 64 bits are long long everywhere, so that %llu prints them everywhere. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;

typedef unsigned short umode_t;
typedef u64 sector_t;
typedef u64 phys_addr_t;
typedef u64 dma_addr_t;
typedef phys_addr_t resource_size_t;

/* The C library has these unless it was asked for one standard and nothing more. */
#if defined(__GLIBC__) && !defined(__USE_MISC)
typedef long loff_t;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
#endif

/* The links of linux/list.h. They live here so that a header can embed one without the functions. */
struct list_head {
	struct list_head *next, *prev;
};

struct hlist_node {
	struct hlist_node *next;
	struct hlist_node **pprev;	/* what points here: the head's first or the previous node's next */
};

struct hlist_head {
	struct hlist_node *first;
};

#endif

#undef KMEM_PLAIN_TYPES
