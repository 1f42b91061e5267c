#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The shape of the fast path on x86-64: from entry to ret without a call, without a lock, in at most so many
# instructions. At risk: a change elsewhere that makes the compiler save registers or move a slow path inline.
cd "$(dirname "$0")/.."
so=target/release/libkmem.so
if [ "$(uname -m)" != x86_64 ]; then echo '1..0 # SKIP not x86-64'; exit 0; fi
if ! command -v objdump >/dev/null; then echo '1..0 # SKIP objdump is not installed'; exit 0; fi
n=0
shape() { # shape FUNCTION LIMIT
    n=$((n + 1))
    # The common path takes no conditional jump: it falls through to the first ret.
    body=$(objdump -d --no-show-raw-insn "$so" | awk -v f="<$1>:" '$0 ~ f {on=1; next} on && /^$/ {exit} on' |
        sed 's/^ *[0-9a-f]*:\t//' | awk '{print} /^ret/ {exit}')
    count=$(wc -l <<<"$body")
    if ! grep -q '^ret' <<<"$body" || grep -qE '^(call|lock|jmp|push)|xchg' <<<"$body" || [ "$count" -gt "$2" ]; then
        echo "not ok $n - $1: $count instructions, at most $2"
        sed 's/^/# /' <<<"$body"
    else
        echo "ok $n - $1: $count instructions, at most $2"
    fi
}
shape kmem_cache_alloc 20
shape kmem_cache_free 18
shape kmem_kmalloc 29
shape kmem_kmalloc_class 22
shape kmem_kfree 31

# The calls of a program go there without the linkage table's jump. At risk: a declaration that loses its attribute.
n=$((n + 1))
caller=$(mktemp)
trap 'rm -f "$caller"' EXIT
${CC:-cc} -O2 -fPIE -Iinclude -x c -c - -o "$caller" <<'C'
#include <kmem.h>
void calls(struct kmem_cache *cache, size_t size)
{
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	kfree(kmalloc(size, GFP_KERNEL));
	kfree(kmalloc(64, GFP_KERNEL));
}
C
direct=$(objdump -dr "$caller" | grep -c 'R_X86_64_GOTPCREL.*kmem_')
if [ "$direct" = 6 ]; then
    echo "ok $n - six calls without the linkage table"
elif ! printf '#if __has_attribute(noplt)\nyes\n#endif\n' | ${CC:-cc} -E - 2>/dev/null | grep -q yes; then
    echo "ok $n # SKIP the compiler does not know noplt"
else
    echo "not ok $n - six calls without the linkage table: $direct"
fi
echo "1..$n"
