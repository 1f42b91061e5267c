#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Stacks through code as it comes: other optimisation levels, frame pointers or none, no unwind tables, and libraries
# that are unloaded and replaced by others at the same address.
# At risk: a rule kept for code that is gone, or a frame that only one compiler setting makes.
set -u
cd "$(dirname "$0")/.."
: "${CC:=cc}"
: "${KMEM_LIBS:=-Ltarget/release -lkmem -Wl,-rpath,$PWD/target/release}"
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
n=0
report() { # report STATUS NAME: the output of the check is in $tmp/out
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' "$tmp/out"; fi
}
flags="-std=gnu11 -D_GNU_SOURCE -Wno-use-after-free -Wno-mismatched-dealloc -Iinclude -pthread -g"

for level in -O0 -O1 -O3 -Os '-O2 -fno-omit-frame-pointer' '-O2 -fstack-protector-all -fstack-clash-protection'; do
    # shellcheck disable=SC2086
    $CC $flags $level c_tests/tracks.c -o "$tmp/tracks" $KMEM_LIBS >"$tmp/out" 2>&1 &&
        timeout 120 "$tmp/tracks" >"$tmp/out" 2>&1
    report $? "tracks with $level"
done

# A library whose frames are of another size in each of its two versions; calls return to the same addresses.
cat >"$tmp/library.c" <<'C'
#include <kmem.h>
__attribute__((noinline, noclone)) void *VERSION(struct kmem_cache *cache)
{
	char room[SIZE];
	void *object;

	__asm__ volatile("" ::"r"(room) : "memory");
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	__asm__ volatile("" ::"r"(room) : "memory");
	return object;
}
void *enter(struct kmem_cache *cache)
{
	char room[SIZE / 2];
	void *object;

	__asm__ volatile("" ::"r"(room) : "memory");
	object = VERSION(cache);
	__asm__ volatile("" ::"r"(room) : "memory");
	return object;
}
C
cat >"$tmp/host.c" <<'C'
#include <dlfcn.h>
#include <kmem.h>
#include <stdio.h>
#include <string.h>
static char text[1 << 16];
__attribute__((noinline)) static void one(const char *path, const char *expected)
{
	struct kmem_cache *cache = kmem_cache_create("unload", 64, 0, SLAB_STORE_USER, NULL);
	void *library = dlopen(path, RTLD_NOW), *object;
	void *(*enter)(struct kmem_cache *) = (void *(*)(struct kmem_cache *))dlsym(library, "enter");

	object = enter(cache);
	kmem_cache_attr_show(cache, "alloc_traces", text, sizeof(text));
	if (!strstr(text, expected) || !strstr(text, "        enter+0x") || !strstr(text, "        main+0x"))
		printf("%s: %s\n", expected, text);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	dlclose(library);
}
int main(int argc, char **argv)
{
	(void)argc;
	for (int i = 0; i < 100; i++) {
		one(argv[1], "        version_a+0x");
		one(argv[2], "        version_b+0x");
	}
	return 0;
}
C
# shellcheck disable=SC2086
{
    # Immediate operands of 32 bits in both, so that the code differs in nothing but numbers.
    $CC $flags -O2 -fPIC -shared -DVERSION=version_a -DSIZE=4096 "$tmp/library.c" -o "$tmp/a.so" &&
        $CC $flags -O2 -fPIC -shared -DVERSION=version_b -DSIZE=512 "$tmp/library.c" -o "$tmp/b.so" &&
        $CC $flags -O2 "$tmp/host.c" -o "$tmp/host" $KMEM_LIBS -ldl &&
        timeout 60 "$tmp/host" "$tmp/a.so" "$tmp/b.so"
} >"$tmp/out" 2>&1
status=$?
[ $status = 0 ] && [ ! -s "$tmp/out" ]
report $? 'libraries in each other'"'"'s place'

# Code without tables: its caller cannot be found, and the walk ends there.
cat >"$tmp/bare.c" <<'C'
#include <kmem.h>
__attribute__((noinline, noclone)) void *bare(struct kmem_cache *cache)
{
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	__asm__ volatile("" ::: "memory");
	return object;
}
C
cat >"$tmp/main.c" <<'C'
#include <kmem.h>
#include <stdio.h>
void *bare(struct kmem_cache *);
static char text[1 << 16];
int main(void)
{
	struct kmem_cache *cache = kmem_cache_create("bare", 64, 0, SLAB_STORE_USER, NULL);

	bare(cache);
	kmem_cache_attr_show(cache, "alloc_traces", text, sizeof(text));
	fputs(text, stdout);
	return 0;
}
C
# shellcheck disable=SC2086
$CC $flags -O2 -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-exceptions -c "$tmp/bare.c" -o "$tmp/bare.o" &&
    $CC $flags -O2 "$tmp/main.c" "$tmp/bare.o" -o "$tmp/main" $KMEM_LIBS && "$tmp/main" >"$tmp/out" 2>&1
grep -q '^      1 bare+0x' "$tmp/out" && [ "$(grep -c '^        ' "$tmp/out")" = 1 ]
report $? 'code without unwind tables ends the walk'
echo "1..$n"
