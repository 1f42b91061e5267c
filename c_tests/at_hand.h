/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the tests of the inline fast path share. Included first: it asks for the inline functions. */
#ifndef AT_HAND_H
#define AT_HAND_H

#define KMEM_INLINE
#include "ktest.h"
#include "util.h"

#ifdef KMEM_INLINE_BLOCK

/* Whether the calling thread's next allocation or free needs no call, as far as the cache decides. */
static inline bool is_at_hand(struct kmem_cache *cache)
{
	return kmem_inline_slot_of((uintptr_t)cache)->key == (uintptr_t)cache;
}

#else

/* A program that has nothing to try. */
#define AT_HAND_SKIP                                                         \
	int main(void)                                                       \
	{                                                                    \
		puts("1..0 # SKIP no inline path for this compiler and machine"); \
		return 0;                                                    \
	}

#endif

#endif /* AT_HAND_H */
