/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef BARE_LIB_H
#define BARE_LIB_H

#include <stddef.h>

struct bare {
	size_t link;		/* where in a free object the link lies; behind it, if it has a constructor */
	size_t size;
	void (*ctor)(void *);
};

void *bare_alloc(struct bare *pool);
void bare_free(struct bare *pool, void *object);
void *bare_new(struct bare *pool);

#endif
