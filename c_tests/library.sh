#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The built files: exactly the names we mean to export, the loader's flags, an installation that pkg-config finds.
# At risk: a helper that leaks into the ABI, a soname that disappears, a pkg-config file that only works here.
set -u
cd "$(dirname "$0")/.."
: "${CC:=cc}"
so=target/release/libkmem.so
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
n=0
report() { # report STATUS NAME: the output of the check is in $tmp/out
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' "$tmp/out"; fi
}

# What the headers declare is what the library exports, and the variable that the inline path refers to.
nm -D --defined-only $so | awk '{print $3}' | sort >"$tmp/exported"
printf '#include <kmem.h>\n#include <kmem/print.h>\n' | $CC -E -P -x c -std=c99 -Iinclude - |
    grep -o '\b\(\(__\)\?kmem_[a-z_]*\|validate_slab_cache\)(' | tr -d '(' | grep -v '_t$' >"$tmp/functions"
grep -o '\bkmem_inline_abi_[0-9]\+' include/kmem/inline.h | sort -u - "$tmp/functions" >"$tmp/declared"
readelf --dyn-syms -W $so | grep kmem_inline_abi | awk '{print $4, $5, $6}' >"$tmp/word"
[ "$(cat "$tmp/word")" = 'TLS GLOBAL PROTECTED' ] || echo "the word of inline.h is: $(cat "$tmp/word")" >>"$tmp/declared"
diff "$tmp/declared" "$tmp/exported" >"$tmp/out"; report $? 'exports are what the headers declare'

readelf -d $so >"$tmp/dynamic"
grep -q 'SONAME.*\[libkmem.so.0\]' "$tmp/dynamic"; report $? 'soname is libkmem.so.0'
grep -q 'NODELETE' "$tmp/dynamic"; report $? 'stays resident after dlclose'
! grep -q 'TEXTREL' "$tmp/dynamic"; report $? 'no text relocations'
grep NEEDED "$tmp/dynamic" | grep -vE '\[(libc\.so\.6|libgcc_s\.so\.1|ld-linux.*|libm\.so\.6)\]' >"$tmp/out"
[ ! -s "$tmp/out" ]; report $? 'needs the C library and the unwinder only'

make -s install PREFIX=/opt/kmem DESTDIR="$tmp/root" >"$tmp/out" 2>&1; report $? 'make install'
root="$tmp/root/opt/kmem"
cat >"$tmp/plain.c" <<'C'
#include <kmem.h>
int main(void)
{
	struct kmem_cache *cache = kmem_cache_create("installed", 100, 0, 0, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	return !object;
}
C
cat >"$tmp/module.c" <<'C'
#include <linux/module.h>
#include <linux/slab.h>
static int __init start(void)
{
	struct kmem_cache *cache = kmem_cache_create("installed", 100, 0, 0, NULL);

	kmem_cache_destroy(cache);
	return 0;
}
module_init(start);
C
if command -v pkg-config >/dev/null; then
    # As a package builder calls it: what was written for the place of installation is looked up below DESTDIR.
    pc() { PKG_CONFIG_LIBDIR="$root/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$tmp/root" pkg-config "$@"; }
    for variable in prefix=/opt/kmem libdir=/opt/kmem/lib includedir=/opt/kmem/include; do
        PKG_CONFIG_LIBDIR="$root/lib/pkgconfig" pkg-config --variable=${variable%%=*} kmem >"$tmp/out" 2>&1
        [ "$(cat "$tmp/out")" = "${variable#*=}" ]; report $? "kmem.pc: $variable"
    done
    { $CC "$tmp/plain.c" -o "$tmp/plain" $(pc --cflags --libs kmem) && LD_LIBRARY_PATH="$root/lib" "$tmp/plain"; } >"$tmp/out" 2>&1
    report $? 'pkg-config kmem, shared'
    { $CC "$tmp/plain.c" -o "$tmp/plain" $(pc --cflags kmem) "$root/lib/libkmem.a" $(pc --static --libs-only-l kmem | sed 's/-lkmem//') && "$tmp/plain"; } >"$tmp/out" 2>&1
    report $? 'pkg-config kmem, static'
    if echo 'int main(void) { return 0; }' | $CC -static -x c - -o "$tmp/probe" 2>/dev/null; then
        { $CC -static "$tmp/plain.c" -o "$tmp/plain" $(pc --cflags kmem) "$root/lib/libkmem.a" $(pc --static --libs-only-l kmem | sed 's/-lkmem//') && "$tmp/plain"; } >"$tmp/out" 2>&1
        report $? 'pkg-config kmem, fully static'
    else
        n=$((n + 1)); echo "ok $n - pkg-config kmem, fully static # SKIP there is no static C library"
    fi
    { $CC "$tmp/module.c" -o "$tmp/module" $(pc --cflags --libs kmem-port kmem) && LD_LIBRARY_PATH="$root/lib" "$tmp/module"; } >"$tmp/out" 2>&1
    report $? 'pkg-config kmem-port'
else
    n=$((n + 1)); echo "ok $n - pkg-config # SKIP pkg-config is not installed"
fi
{ $CC "$tmp/plain.c" -I"$root/include" -o "$tmp/plain" -L"$root/lib" -lkmem && LD_LIBRARY_PATH="$root/lib" "$tmp/plain"; } >"$tmp/out" 2>&1
report $? 'installed files without pkg-config'
echo "1..$n"
