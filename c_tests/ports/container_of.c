/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* linux/container_of.h, and the single accesses of linux/compiler.h. */
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include "tap.h"

struct outer {
	char before;
	u64 inner;
	struct { int deep; } nested;
};

static int calls;
static struct outer outer;

static u64 *next(void)
{
	calls++;
	return &outer.inner;
}

int main(void)
{
	void *untyped = &outer.inner;
	const u64 *constant = &outer.inner;
	int x = 1;

	ok(container_of(&outer.inner, struct outer, inner) == &outer, "from a member to its struct");
	ok(container_of(&outer.nested.deep, struct outer, nested.deep) == &outer, "from a nested member");
	ok(container_of((u64 *)untyped, struct outer, inner) == &outer, "from a cast pointer");
	ok(container_of(constant, struct outer, inner) == &outer, "from a pointer to const");
	ok(container_of(next(), struct outer, inner) == &outer && calls == 1, "the pointer is evaluated once");
#ifndef __cplusplus
	ok(container_of(untyped, struct outer, inner) == &outer, "from a void pointer");
	ok(_Generic(container_of_const(constant, struct outer, inner), const struct outer *: 1, default: 0) &&
	   _Generic(container_of_const(next(), struct outer, inner), struct outer *: 1, default: 0),
	   "container_of_const keeps const");
#endif
	ok(sizeof_field(struct outer, inner) == 8 && offsetofend(struct outer, inner) == 16, "sizes of members");

	WRITE_ONCE(x, 5);
	ok(READ_ONCE(x) == 5, "READ_ONCE sees WRITE_ONCE");
	barrier();
	OPTIMIZER_HIDE_VAR(x);
	ok(x == 5, "barriers change nothing");
	return tap_done();
}
