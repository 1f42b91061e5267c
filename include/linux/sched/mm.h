/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Marks on the current thread that forbid its allocations to start I/O or to enter a file system. Nothing in a
 * process would: the marks are kept, and current_gfp_context() applies them.
 */
#ifndef _LINUX_SCHED_MM_H
#define _LINUX_SCHED_MM_H

#include <linux/gfp.h>
#include <linux/sched.h>

static inline unsigned int memalloc_flags_save(unsigned int flags)
{
	struct task_struct *task = get_current();
	unsigned int was = ~task->flags & flags;

	task->flags |= flags;
	return was;
}

/* Takes back what the save has set. */
static inline void memalloc_flags_restore(unsigned int flags)
{
	get_current()->flags &= ~flags;
}

static inline unsigned int memalloc_nofs_save(void) { return memalloc_flags_save(PF_MEMALLOC_NOFS); }
static inline void memalloc_nofs_restore(unsigned int flags) { memalloc_flags_restore(flags); }
static inline unsigned int memalloc_noio_save(void) { return memalloc_flags_save(PF_MEMALLOC_NOIO); }
static inline void memalloc_noio_restore(unsigned int flags) { memalloc_flags_restore(flags); }
static inline unsigned int memalloc_noreclaim_save(void) { return memalloc_flags_save(PF_MEMALLOC); }
static inline void memalloc_noreclaim_restore(unsigned int flags) { memalloc_flags_restore(flags); }

static inline gfp_t current_gfp_context(gfp_t gfp)
{
	unsigned int flags = get_current()->flags;

	if (flags & PF_MEMALLOC_NOIO)
		return gfp & (gfp_t)~(__GFP_IO | __GFP_FS);
	if (flags & PF_MEMALLOC_NOFS)
		return gfp & (gfp_t)~__GFP_FS;
	return gfp;
}

#define might_alloc(gfp)	((void)(gfp))

#endif
