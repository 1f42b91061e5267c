/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * gfp.h - GFP request flags, old names and new
 *
 * Bit values of Linux 6.12. A program that brings the kernel's own GFP header keeps its definitions: each name
 * is defined only where it is not a macro yet, and KMEM_GFP_TYPES_PROVIDED before the first include says that
 * gfp_t and all names exist, as macros or not.
 */
#ifndef KMEM_GFP_H
#define KMEM_GFP_H

#ifndef KMEM_GFP_TYPES_PROVIDED

typedef unsigned int gfp_t;

#ifndef __GFP_DMA
#define __GFP_DMA ((gfp_t)1 << 0) /* kmalloc: the dma-kmalloc caches; dropped elsewhere */
#endif
#ifndef __GFP_HIGHMEM
#define __GFP_HIGHMEM ((gfp_t)1 << 1) /* refused with a warning */
#endif
#ifndef __GFP_DMA32
#define __GFP_DMA32 ((gfp_t)1 << 2) /* refused with a warning */
#endif
#ifndef __GFP_MOVABLE
#define __GFP_MOVABLE ((gfp_t)1 << 3) /* no effect */
#endif
#ifndef __GFP_RECLAIMABLE
#define __GFP_RECLAIMABLE ((gfp_t)1 << 4) /* kmalloc: the kmalloc-rcl caches */
#endif
#ifndef __GFP_HIGH
#define __GFP_HIGH ((gfp_t)1 << 5) /* may use reserves */
#endif
#ifndef __GFP_IO
#define __GFP_IO ((gfp_t)1 << 6) /* reclaim may start I/O */
#endif
#ifndef __GFP_FS
#define __GFP_FS ((gfp_t)1 << 7) /* reclaim may call into file systems */
#endif
#ifndef __GFP_ZERO
#define __GFP_ZERO ((gfp_t)1 << 8) /* clear the object */
#endif
#ifndef __GFP_DIRECT_RECLAIM
#define __GFP_DIRECT_RECLAIM ((gfp_t)1 << 10) /* may sleep */
#endif
#ifndef __GFP_KSWAPD_RECLAIM
#define __GFP_KSWAPD_RECLAIM ((gfp_t)1 << 11) /* may wake the reclaimer */
#endif
#ifndef __GFP_WRITE
#define __GFP_WRITE ((gfp_t)1 << 12) /* no effect */
#endif
#ifndef __GFP_NOWARN
#define __GFP_NOWARN ((gfp_t)1 << 13) /* no message on failure */
#endif
#ifndef __GFP_RETRY_MAYFAIL
#define __GFP_RETRY_MAYFAIL ((gfp_t)1 << 14) /* try hard, but may fail */
#endif
#ifndef __GFP_NOFAIL
#define __GFP_NOFAIL ((gfp_t)1 << 15) /* wait until there is memory */
#endif
#ifndef __GFP_NORETRY
#define __GFP_NORETRY ((gfp_t)1 << 16) /* fail early */
#endif
#ifndef __GFP_MEMALLOC
#define __GFP_MEMALLOC ((gfp_t)1 << 17) /* may use all reserves */
#endif
#ifndef __GFP_COMP
#define __GFP_COMP ((gfp_t)1 << 18) /* no effect */
#endif
#ifndef __GFP_NOMEMALLOC
#define __GFP_NOMEMALLOC ((gfp_t)1 << 19) /* no reserves */
#endif
#ifndef __GFP_HARDWALL
#define __GFP_HARDWALL ((gfp_t)1 << 20) /* no effect */
#endif
#ifndef __GFP_THISNODE
#define __GFP_THISNODE ((gfp_t)1 << 21) /* this memory node or none */
#endif
#ifndef __GFP_ACCOUNT
#define __GFP_ACCOUNT ((gfp_t)1 << 22) /* charge to the memory cgroup */
#endif
#ifndef __GFP_ZEROTAGS
#define __GFP_ZEROTAGS ((gfp_t)1 << 23) /* no effect */
#endif

/* Names without an effect for callers in this library. */
#ifndef __GFP_NOLOCKDEP
#define __GFP_NOLOCKDEP ((gfp_t)0)
#endif
#ifndef __GFP_SKIP_ZERO
#define __GFP_SKIP_ZERO ((gfp_t)0)
#endif
#ifndef __GFP_SKIP_KASAN
#define __GFP_SKIP_KASAN ((gfp_t)0)
#endif
#ifndef __GFP_NO_OBJ_EXT
#define __GFP_NO_OBJ_EXT ((gfp_t)0)
#endif

/* Sets of flags. */
#ifndef __GFP_RECLAIM
#define __GFP_RECLAIM (__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#endif
#ifndef GFP_KERNEL
#define GFP_KERNEL (__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#endif
#ifndef GFP_KERNEL_ACCOUNT
#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)
#endif
#ifndef GFP_ATOMIC
#define GFP_ATOMIC (__GFP_HIGH | __GFP_KSWAPD_RECLAIM)
#endif
#ifndef GFP_NOWAIT
#define GFP_NOWAIT (__GFP_KSWAPD_RECLAIM | __GFP_NOWARN)
#endif
#ifndef GFP_NOIO
#define GFP_NOIO (__GFP_RECLAIM)
#endif
#ifndef GFP_NOFS
#define GFP_NOFS (__GFP_RECLAIM | __GFP_IO)
#endif
#ifndef GFP_USER
#define GFP_USER (GFP_KERNEL | __GFP_HARDWALL)
#endif
#ifndef GFP_HIGHUSER
#define GFP_HIGHUSER (GFP_USER | __GFP_HIGHMEM)
#endif
#ifndef GFP_HIGHUSER_MOVABLE
#define GFP_HIGHUSER_MOVABLE (GFP_HIGHUSER | __GFP_MOVABLE)
#endif
#ifndef GFP_DMA
#define GFP_DMA __GFP_DMA
#endif
#ifndef GFP_DMA32
#define GFP_DMA32 __GFP_DMA32
#endif
#ifndef GFP_TRANSHUGE_LIGHT
#define GFP_TRANSHUGE_LIGHT ((GFP_HIGHUSER_MOVABLE | __GFP_COMP | __GFP_NOMEMALLOC | __GFP_NOWARN) & ~__GFP_RECLAIM)
#endif
#ifndef GFP_TRANSHUGE
#define GFP_TRANSHUGE (GFP_TRANSHUGE_LIGHT | __GFP_DIRECT_RECLAIM)
#endif
#ifndef GFP_ZONEMASK
#define GFP_ZONEMASK (__GFP_DMA | __GFP_HIGHMEM | __GFP_DMA32 | __GFP_MOVABLE)
#endif

/* Names of older kernels. */
#ifndef __GFP_WAIT
#define __GFP_WAIT __GFP_RECLAIM /* until 4.3 */
#endif
#ifndef __GFP_REPEAT
#define __GFP_REPEAT __GFP_RETRY_MAYFAIL /* until 4.12 */
#endif
#ifndef __GFP_ATOMIC
#define __GFP_ATOMIC ((gfp_t)0) /* until 6.2 */
#endif
#ifndef __GFP_COLD
#define __GFP_COLD ((gfp_t)0)
#endif
#ifndef __GFP_NOTRACK
#define __GFP_NOTRACK ((gfp_t)0)
#endif
#ifndef __GFP_OTHER_NODE
#define __GFP_OTHER_NODE ((gfp_t)0)
#endif
#ifndef __GFP_NO_KSWAPD
#define __GFP_NO_KSWAPD ((gfp_t)0)
#endif
#ifndef __GFP_NOACCOUNT
#define __GFP_NOACCOUNT ((gfp_t)0)
#endif
#ifndef GFP_TEMPORARY
#define GFP_TEMPORARY (GFP_KERNEL | __GFP_RECLAIMABLE) /* until 4.13 */
#endif
#ifndef GFP_IOFS
#define GFP_IOFS (__GFP_IO | __GFP_FS) /* until 4.3 */
#endif
#ifndef GFP_THISNODE
#define GFP_THISNODE (__GFP_THISNODE | __GFP_NOWARN | __GFP_NORETRY) /* until 3.19 */
#endif

/* Whether a request may sleep. */
static inline int gfpflags_allow_blocking(gfp_t flags)
{
	return (flags & __GFP_DIRECT_RECLAIM) != 0;
}

/* Whether a request may take locks (Linux 6.15). */
static inline int gfpflags_allow_spinning(gfp_t flags)
{
	return (flags & __GFP_RECLAIM) != 0;
}

#endif /* KMEM_GFP_TYPES_PROVIDED */

#endif /* KMEM_GFP_H */
