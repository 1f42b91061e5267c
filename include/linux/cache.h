/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The processor's cache lines. */
#ifndef KMEM_LINUX_CACHE_H
#define KMEM_LINUX_CACHE_H

#include <linux/align.h>
#include <linux/compiler.h>

#ifndef L1_CACHE_SHIFT
#define L1_CACHE_SHIFT		6
#endif
#ifndef L1_CACHE_BYTES
#define L1_CACHE_BYTES		(1 << L1_CACHE_SHIFT)
#endif
#ifndef SMP_CACHE_BYTES
#define SMP_CACHE_BYTES		L1_CACHE_BYTES
#endif
#ifndef L1_CACHE_ALIGN
#define L1_CACHE_ALIGN(x)	ALIGN(x, L1_CACHE_BYTES)
#endif
#ifndef ____cacheline_aligned
#define ____cacheline_aligned	__aligned(SMP_CACHE_BYTES)
#endif
#ifndef ____cacheline_aligned_in_smp
#define ____cacheline_aligned_in_smp	____cacheline_aligned
#endif
#ifndef __cacheline_aligned
#define __cacheline_aligned	____cacheline_aligned
#endif
#ifndef cache_line_size
#define cache_line_size()	L1_CACHE_BYTES
#endif

#endif
