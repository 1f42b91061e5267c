/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* An index that is in bounds even where the processor guesses wrong: 0 beyond, by arithmetic, without a branch. */
#ifndef _LINUX_NOSPEC_H
#define _LINUX_NOSPEC_H

#include <linux/bits.h>
#include <linux/compiler.h>

/* All ones for index < size, which is at most LONG_MAX: then the difference's sign tells. */
static inline unsigned long array_index_mask_nospec(unsigned long index, unsigned long size)
{
	OPTIMIZER_HIDE_VAR(index);
	return (unsigned long)(~(long)(index | (size - 1UL - index)) >> (BITS_PER_LONG - 1));
}

#define array_index_nospec(index, size) \
	(__extension__ ({ \
		__typeof__(index) kmem_i = (index); \
		unsigned long kmem_mask = array_index_mask_nospec((unsigned long)kmem_i, (unsigned long)(size)); \
		(__typeof__(index))(kmem_i & kmem_mask); \
	}))

#endif
