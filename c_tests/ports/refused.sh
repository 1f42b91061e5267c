#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Mistakes that the headers turn into compile errors. Each program here must be refused; the same one without its
# mistake must not, so that it is not refused for another reason.
#
# Prints TAP. CC and CPPFLAGS come from the environment.
set -u
cd "$(dirname "$0")/../.." || exit 1

n=0
failed=0

# refused NAME GOOD BAD: two function bodies.
refused() {
	local name=$1 good=$2 bad=$3
	n=$((n + 1))
	if compiles "$good" && ! compiles "$bad"; then
		echo "ok $n - $name"
	else
		failed=$((failed + 1))
		echo "not ok $n - $name"
	fi
}

compiles() {
	# CC and CPPFLAGS are lists of words.
	# Not -fsyntax-only: gcc looks for ignored results later than that.
	# shellcheck disable=SC2086
	${CC:-cc} -std=gnu11 ${CPPFLAGS-} -Iinclude -Wall -Wextra -Werror -S -o /dev/null -x c - 2>/dev/null <<-C
		#include <linux/kernel.h>
		#include <linux/err.h>
		#include <linux/module.h>
		struct outer { int a; long b; };
		static int array[4], *pointer = array;
		long f(struct outer *o, unsigned int u, int i);
		long f(struct outer *o, unsigned int u, int i) { (void)o, (void)u, (void)i, (void)pointer; $1; return 0; }
		int g(const char *format);
		int g(const char *format) { return !format; }
	C
}

refused "container_of() with a pointer to another type" \
	'return container_of(&o->b, struct outer, b)->a' 'return container_of(&o->a, struct outer, b)->a'
refused "ARRAY_SIZE() of a pointer" 'return ARRAY_SIZE(array)' 'return ARRAY_SIZE(pointer)'
refused "min() of signed and unsigned" 'return min(u, 3)' 'return min(u, i)'
refused "min() of an unsigned constant and a signed value" 'return min(u, sizeof(array))' 'return min(i, sizeof(array))'
refused "max() of an unsigned and a negative constant" 'return max(5u, 1)' 'return max(5u, -1)'
refused "min3() with the third of another sign" 'return min3(u, 5u, 3)' 'return min3(u, 5u, i)'
refused "clamp() of a signed value between unsigned ones" 'return clamp(i, 1, 10)' 'return clamp(i, 1u, 10u)'
refused "max() with a negative constant" 'return max(i, -3)' 'return max(u, -3)'
refused "BUILD_BUG_ON() of what is true" 'BUILD_BUG_ON(sizeof(array) != 16)' 'BUILD_BUG_ON(sizeof(array) == 16)'
refused "a static_assert() that fails" 'static_assert(1 == 1)' 'static_assert(1 == 2)'
refused "a format and arguments that differ" 'pr_info("%d\n", i)' 'pr_info("%s\n", i)'
refused "the same in a silent pr_debug()" 'pr_debug("%d\n", i)' 'pr_debug("%s\n", i)'
refused "the same in WARN()" 'WARN(i, "%d\n", i)' 'WARN(i, "%s\n", i)'
refused "an ignored IS_ERR()" 'return IS_ERR(o)' 'IS_ERR(o)'
refused "an init function of the wrong type" 'initcall_t c = NULL; (void)c' 'initcall_t c = g; (void)c'

echo "1..$n"
[ $failed = 0 ]
