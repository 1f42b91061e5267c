#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# What a compiler makes of the headers where this machine and its usual compiler would not show a mistake: orderings on
# AArch64, and bytes that an initialiser does not name. At risk: a SEQ_CST operation taken for a barrier, which it is on
# x86 alone; the rest of a union.
#
# Prints TAP. Needs clang.
set -u
cd "$(dirname "$0")/../.." || exit 1
if ! command -v clang >/dev/null; then
	echo "1..0 # SKIP clang is not installed"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

n=0
failed=0
report() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else
		failed=$((failed + 1))
		echo "not ok $n - $2"
		sed 's/^/# /' "$work/log"
	fi
}

# The little of another machine's C library that the headers ask for.
mkdir -p "$work/include/sys"
printf '#include <stddef.h>\ntypedef long ssize_t, loff_t;\n' >"$work/include/sys/types.h"

# arm STATEMENT: the instructions of a function that does it.
arm() {
	cat >"$work/arm.c" <<-C
		#include <linux/atomic.h>
		#include <linux/bitops.h>
		void f(atomic_t *v, atomic64_t *w, long *x, unsigned long *bits, int *old);
		void f(atomic_t *v, atomic64_t *w, long *x, unsigned long *bits, int *old)
		{
			(void)v, (void)w, (void)x, (void)bits, (void)old;
			$1;
		}
	C
	clang --target=aarch64-linux-gnu -nostdlibinc -isystem "$work/include" -Iinclude -std=gnu11 -Wall -Wextra -Werror \
		-O2 -S -o - "$work/arm.c" 2>&1 | grep -v '^[[:space:]]*[./]' >"$work/log"
	grep -q '\bret\b' "$work/log"
}

# A barrier after the last store: together with a store that releases, as in Linux.
whole() {
	arm "$1" && awk '/stlxr|stlr|swpal|casal|ldaddal/ { last = 0; stored = 1 } /dmb[ \t]+ish$/ { last = 1 }
			 END { exit !(stored && last) }' "$work/log"
	report $? "AArch64, ordered: $1"
}
none() {
	arm "$1" && ! grep -q dmb "$work/log"
	report $? "AArch64, no barrier: $1"
}

whole "atomic_inc_return(v)"
whole "atomic_add_return(3, v)"
whole "atomic64_fetch_sub(3, w)"
whole "atomic_fetch_or(3, v)"
whole "atomic_fetch_dec(v)"
whole "atomic_dec_and_test(v)"
whole "atomic_add_negative(-1, v)"
whole "atomic_xchg(v, 3)"
whole "atomic_cmpxchg(v, 1, 2)"
whole "atomic_try_cmpxchg(v, old, 2)"
whole "atomic_add_unless(v, 1, 0)"
whole "xchg(x, 1)"
whole "cmpxchg(x, 1, 2)"
whole "try_cmpxchg(&v->counter, old, 2)"
whole "test_and_set_bit(3, bits)"
whole "test_and_clear_bit(3, bits)"
whole "test_and_change_bit(3, bits)"
whole "set_mask_bits(bits, 3UL, 1UL)"
whole "smp_store_mb(*x, 1)"
none "atomic_inc(v)"
none "atomic_inc_return_relaxed(v)"
none "atomic_fetch_add_acquire(1, v)"
none "atomic_cmpxchg_release(v, 1, 2)"
none "xchg_relaxed(x, 1)"
none "set_bit(3, bits)"
none "test_and_set_bit_lock(3, bits)"

# What no initialiser names is not zero then.
cat >"$work/flex.c" <<'C'
#include <linux/overflow.h>
struct flexible { unsigned int count; unsigned short item[]; };
static __attribute__((__noinline__)) unsigned int sum(const struct flexible *f)
{
	unsigned int i, all = 0;

	for (i = 0; i < f->count; i++)
		all += f->item[i];
	return all;
}
int main(void)
{
	DEFINE_FLEX(struct flexible, f, item, count, 60);
	DEFINE_RAW_FLEX(struct flexible, raw, item, 60);

	return f->count != 60 || sum(f) || raw->count || sum(raw);
}
C
clang -std=gnu11 -Wall -Wextra -Werror -O1 -ftrivial-auto-var-init=pattern -Iinclude "$work/flex.c" -o "$work/flex" \
	>"$work/log" 2>&1 && "$work/flex"
report $? "DEFINE_FLEX() clears what it does not count"

echo "1..$n"
[ $failed = 0 ]
