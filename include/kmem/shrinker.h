/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Shrinkers: a program's own caches, made smaller when memory is needed. Hand-written, so that kmem.h alone does not
 * take the names of the structures; the functions are in kmem.h, and linux/shrinker.h has the kernel's names for them.
 *
 * The library calls count_objects, and then scan_objects in steps, before an allocation with __GFP_DIRECT_RECLAIM fails,
 * and in kmem_reclaim(). It holds no lock, and what a callback allocates calls no shrinker. Callbacks may run in several
 * threads at a time. They look at gfp_mask as in the kernel: without __GFP_FS the caller may hold locks of a file
 * system.
 */
#ifndef KMEM_SHRINKER_H
#define KMEM_SHRINKER_H

#include "../kmem.h"

#ifdef __cplusplus
extern "C" {
#endif

struct mem_cgroup;

/* What a callback is told. */
struct shrink_control {
	gfp_t gfp_mask;		  /* flags of the allocation that needs memory */
	int nid;		  /* memory node: 0 */
	unsigned long nr_to_scan; /* objects that scan_objects is to look at */
	unsigned long nr_scanned; /* those it has looked at, if it says so; nr_to_scan before */
	struct mem_cgroup *memcg; /* NULL */
};

/* What scan_objects returns when it can do nothing now, and count_objects when there is nothing. */
#define SHRINK_STOP (~0UL)
#define SHRINK_EMPTY (~0UL - 1)

/* One cache of a program. */
struct shrinker {
	/* How many objects could be freed; 0 or SHRINK_EMPTY: none. */
	unsigned long (*count_objects)(struct shrinker *shrinker, struct shrink_control *sc);
	/* Frees some; returns how many, or SHRINK_STOP. */
	unsigned long (*scan_objects)(struct shrinker *shrinker, struct shrink_control *sc);
	long batch;	    /* objects in a step; 0: 128 */
	int seeks;	    /* what an object costs to make again; DEFAULT_SEEKS, or 0: next to nothing */
	unsigned int flags; /* SHRINKER_* */
	void *private_data; /* the program's */
	void *registration; /* the library's; NULL at first, but where kmem_shrinker_alloc() made it */
};

#define DEFAULT_SEEKS 2

/* Set by the library. */
#define SHRINKER_REGISTERED (1U << 0)
#define SHRINKER_ALLOCATED (1U << 1)
/* Accepted; there is one memory node and no memory cgroup. */
#define SHRINKER_NUMA_AWARE (1U << 2)
#define SHRINKER_MEMCG_AWARE (1U << 3)
#define SHRINKER_NONSLAB (1U << 4)

#ifdef __cplusplus
}
#endif

#endif
