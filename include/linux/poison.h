/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Values that mark memory nobody may use. They are the kernel's, so a hexdump reads the same. */
#ifndef KMEM_LINUX_POISON_H
#define KMEM_LINUX_POISON_H

/* An address that no mapping has, so that following a poisoned pointer faults. */
#ifndef POISON_POINTER_DELTA
#ifdef __LP64__
#define POISON_POINTER_DELTA	0xdead000000000000UL
#else
#define POISON_POINTER_DELTA	0UL
#endif
#endif

/* next and prev of an entry that was taken off its list. */
#define LIST_POISON1		((void *)(0x100 + POISON_POINTER_DELTA))
#define LIST_POISON2		((void *)(0x122 + POISON_POINTER_DELTA))

/* Slab debugging. */
#define SLUB_RED_INACTIVE	0xbb
#define SLUB_RED_ACTIVE		0xcc
#define POISON_INUSE		0x5a
#define POISON_FREE		0x6b
#define POISON_END		0xa5

#endif
