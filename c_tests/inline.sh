#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The inline fast path as others build it: compilers, languages and levels, ways to link, its version, its shape, and
# other tests with it.
# At risk: code that only fits one compiler; a program that runs with a library whose arrays look different.
set -u
cd "$(dirname "$0")/.."
: "${CC:=cc}" "${CXX:=c++}"
case $(uname -m) in
x86_64 | aarch64) ;;
*) echo '1..0 # SKIP no inline path for this machine'; exit 0 ;;
esac
release=$PWD/target/release debug=$PWD/target/debug
strict='-Wall -Wextra -pedantic -Wcast-align -Wundef -Werror -DKMEM_INLINE -Iinclude'
shared="-L$release -lkmem -Wl,-rpath,$release"
static="$release/libkmem.a -lgcc_eh -lpthread -lm -ldl"
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
n=0
ok() { # ok NAME COMMAND...: the command succeeds; what it says is for the log
    local name=$1; shift
    n=$((n + 1))
    if "$@" >"$tmp/out" 2>&1; then echo "ok $n - $name"; else echo "not ok $n - $name"; sed 's/^/# /' "$tmp/out"; fi
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }

cat >"$tmp/pair.c" <<'C'
#include <kmem.h>
int pair(void);
int pair(void)
{
	struct kmem_cache *cache = kmem_cache_create("inline", 100, 0, SLAB_NO_MERGE, NULL);
	void *(*alloc)(struct kmem_cache *, gfp_t) = kmem_cache_alloc;
	void *last = alloc(cache, GFP_KERNEL), *object;
	int i, wrong = !last;

	kmem_cache_free(cache, last);
	for (i = 0; i < 1000; i++) {
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		wrong += object != last;
		kmem_cache_free(cache, object);
	}
	object = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_ZERO);
	wrong += *(char *)object != 0;
	kmem_cache_free(cache, object);
	wrong += kmem_cache_shrink(cache) != 0;
	kmem_cache_destroy(cache);
	return wrong;
}
C
printf 'int pair(void);\nint main(void) { return pair(); }\n' >"$tmp/main.c"
cat >"$tmp/pair.cc" <<'C'
#include <kmem.h>
template <typename A, typename B> static struct kmem_cache *first(A a, B) { return a; }
int main()
{
	auto cache = kmem_cache_create("inline", 100, 0, SLAB_NO_MERGE, nullptr);
	auto *release = &kmem_cache_free;
	int wrong = 0;
	for (int i = 0; i < 1000; i++) {
		void *object = ::kmem_cache_alloc(first<kmem_cache *, int>(cache, 1), GFP_KERNEL);
		wrong += !object;
		if (i % 2)
			kmem_cache_free(cache, object);
		else
			release(cache, object);
	}
	kmem_cache_destroy(cache);
	return wrong;
}
C

# --- compilers, languages, levels ---------------------------------------------------------------------------------

# The first standard at each level, the others at one; KMEM_THOROUGH=1 tries each at each.
builds() { # builds COMPILER SUFFIX STANDARD...: with and without PIC, run against the shared library
    local compiler=$1 suffix=$2 std o pic levels='0 1 2 3' next=2; shift 2
    for std in "$@"; do
        for o in $levels; do
            pic=$((o % 2)); [ $pic = 1 ] && pic=-fPIC || pic='-fno-pie -no-pie'
            $compiler -std=$std -O$o $pic $strict "$tmp"/pair.$suffix ${main-} -o "$tmp/pair" $shared && "$tmp/pair" ||
                { echo "-std=$std -O$o $pic"; return 1; }
        done
        [ -n "${KMEM_THOROUGH-}" ] || { levels=$next; next=$((next % 3 + 1)); }
    done
}
main="$tmp/main.c" ok "C: $CC" builds "$CC" c c99 c11 c17 gnu11
if command -v "${CXX%% *}" >/dev/null; then ok "C++: $CXX" builds "$CXX" cc c++11 c++17 c++20
else skip 'C++' 'there is no C++ compiler'; fi
for clang in clang clang++; do
    if ! command -v $clang >/dev/null; then skip "$clang" "$clang is not installed"
    elif [ $clang = clang ]; then main="$tmp/main.c" ok clang builds clang c c99 c11 c17 gnu11
    else ok clang++ builds clang++ cc c++11 c++17 c++20; fi
done
run() { # run FLAGS: main and pair with these flags, which say what to link
    $CC -O2 $strict "$tmp/main.c" "$tmp/pair.c" -o "$tmp/run" "$@" && "$tmp/run"
}
ok 'link-time optimisation' run -flto $shared
ok 'archive' run $static
ok 'archive, link-time optimisation' run -flto $static
if echo 'int main(void) { return 0; }' | $CC -static -x c - -o "$tmp/run" 2>/dev/null; then
    ok 'fully static' run -static $static
    ok 'fully static, relocatable' run -static-pie -fPIE $static
else skip 'fully static' 'there is no static C library'; fi
if [ "$(uname -m)" = x86_64 ]; then ok 'Intel syntax' run -masm=intel $shared; fi
refers() { $CC -O2 $strict -c "$tmp/pair.c" -o "$tmp/pair.o" "$@" && nm "$tmp/pair.o" | grep -q kmem_inline_abi; }
does_not_refer() { $CC -O2 $strict -c "$tmp/pair.c" -o "$tmp/pair.o" "$@" && ! nm "$tmp/pair.o" | grep -q kmem_inline_abi; }
ok 'inline' refers
ok 'not unless asked for' does_not_refer -UKMEM_INLINE
printf '#include <kmem.h>\n#define KMEM_INLINE\n' >"$tmp/late.h"
ok 'asked for after kmem.h was included without' refers -UKMEM_INLINE -include "$tmp/late.h"
ok 'not under AddressSanitizer' does_not_refer -fsanitize=address
ok 'not under ThreadSanitizer' does_not_refer -fsanitize=thread

# --- calls that remain --------------------------------------------------------------------------------------------

cat >"$tmp/count.c" <<'C'
#include <kmem.h>
void *__real_kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags);
void __real_kmem_cache_free(struct kmem_cache *cache, void *object);
void *__wrap_kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags);
void __wrap_kmem_cache_free(struct kmem_cache *cache, void *object);
static int allocs, frees;
void *__wrap_kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	allocs++;
	return __real_kmem_cache_alloc(cache, flags);
}
void __wrap_kmem_cache_free(struct kmem_cache *cache, void *object)
{
	frees++;
	__real_kmem_cache_free(cache, object);
}
int main(void)
{
	struct kmem_cache *cache = kmem_cache_create("count", 100, 0, SLAB_NO_MERGE, NULL);
	int i;

	for (i = 0; i < 1000; i++)
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	if (allocs != 1 || frees != 0)
		return 1;
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL | __GFP_ZERO));
	return allocs != 2 || frees != 0;
}
C
count() {
    $CC -O2 $strict "$tmp/count.c" -o "$tmp/count" -Wl,--wrap=kmem_cache_alloc,--wrap=kmem_cache_free $shared &&
        "$tmp/count"
}
ok 'one call for a thousand pairs' count
cat >"$tmp/shape.c" <<'C'
#include <kmem.h>
void *alloc(struct kmem_cache *cache);
void release(struct kmem_cache *cache, void *object);
void *alloc(struct kmem_cache *cache) { return kmem_cache_alloc(cache, GFP_KERNEL); }
void release(struct kmem_cache *cache, void *object) { kmem_cache_free(cache, object); }
C
shape() { # shape COMPILER FUNCTION LIMIT: falls through to the first ret in so many instructions, without a call
    $1 -O2 -fcf-protection=none $strict -c "$tmp/shape.c" -o "$tmp/shape.o" || return 1
    objdump -d --no-show-raw-insn "$tmp/shape.o" | awk -v f="<$2>:" '$0 ~ f {on=1; next} on && /^$/ {exit} on' |
        sed 's/^ *[0-9a-f]*:\t//' | awk '{print} /^ret/ {exit}' >"$tmp/body"
    cat "$tmp/body"
    grep -q '^ret' "$tmp/body" && ! grep -qE '^(call|lock|jmp|push)|xchg' "$tmp/body" && [ "$(wc -l <"$tmp/body")" -le "$3" ]
}
for compiler in "$CC" clang; do
    if [ "$(uname -m)" != x86_64 ]; then skip "shape, $compiler" 'not x86-64'
    elif ! command -v objdump >/dev/null; then skip "shape, $compiler" 'objdump is not installed'
    elif ! command -v "${compiler%% *}" >/dev/null; then skip "shape, $compiler" "$compiler is not installed"
    else
        ok "shape of an allocation, $compiler: at most 18 instructions" shape "$compiler" alloc 18
        ok "shape of a free, $compiler: at most 19 instructions" shape "$compiler" release 19
    fi
done

# --- versions -----------------------------------------------------------------------------------------------------

mkdir -p "$tmp/other"
cp -r include "$tmp/other/"
sed -i 's/kmem_inline_abi_[0-9]*/kmem_inline_abi_0/g' "$tmp/other/include/kmem/inline.h"
of_other_version() { # of_other_version WHAT-TO-LINK...: must not link, and the linker names the version
    ! $CC -O2 -DKMEM_INLINE -I"$tmp/other/include" "$tmp/main.c" "$tmp/pair.c" -o "$tmp/other/run" "$@" >"$tmp/said" 2>&1 &&
        grep -q 'undefined.*kmem_inline_abi_0' "$tmp/said"
}
ok 'another version does not link to the library' of_other_version $shared
ok 'another version does not link to the archive' of_other_version $static
# A program that was linked to a library of that version meets this one.
cat >"$tmp/other/kmem.c" <<'C'
#include <kmem.h>
__thread void *kmem_inline_abi_0;
struct kmem_cache *(kmem_cache_create)(const char *name, size_t size, size_t align, unsigned long flags, kmem_ctor_t ctor)
{
	return name && size + align + flags && ctor ? NULL : NULL;
}
void *(kmem_cache_alloc)(struct kmem_cache *cache, gfp_t flags) { return flags ? cache : NULL; }
void (kmem_cache_free)(struct kmem_cache *cache, void *object) { (void)cache, (void)object; }
int (kmem_cache_shrink)(struct kmem_cache *cache) { return !cache; }
void (kmem_cache_destroy)(struct kmem_cache *cache) { (void)cache; }
C
of_other_library() {
    $CC -shared -fPIC -w -Iinclude "$tmp/other/kmem.c" -o "$tmp/other/libkmem.so" -Wl,-soname,libkmem.so.0 &&
        $CC -O2 -DKMEM_INLINE -I"$tmp/other/include" "$tmp/main.c" "$tmp/pair.c" -o "$tmp/other/run" -L"$tmp/other" -lkmem ||
        return 1
    ! LD_LIBRARY_PATH=$release "$tmp/other/run" >"$tmp/said" 2>&1 && grep -q 'undefined symbol: kmem_inline_abi_0' "$tmp/said"
}
ok 'a program of another version is not loaded' of_other_library

# --- libraries ----------------------------------------------------------------------------------------------------

cat >"$tmp/load.c" <<'C'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#ifdef USES_KMEM
int pair(void);
#else
static int pair(void) { return 0; }
#endif
static void *run(void *plugin)
{
	int (*loaded)(void);

	*(void **)&loaded = dlsym(plugin, "pair_of_plugin");
	return (void *)(long)(!loaded || loaded() || pair() || loaded());
}
int main(int argc, char **argv)
{
	pthread_t thread;
	void *result, *plugin;
	int i, wrong = pair();

	for (i = 1; i < argc; i++) {
		plugin = dlopen(argv[i], RTLD_NOW | RTLD_LOCAL);
		if (!plugin)
			return puts(dlerror());
		/* A thread from before the library and one from after it. */
		wrong += run(plugin) != NULL;
		pthread_create(&thread, NULL, run, plugin);
		pthread_join(thread, &result);
		wrong += result != NULL;
	}
	return wrong;
}
C
plugin() { # plugin NAME WHAT-TO-LINK...
    local name=$1; shift
    $CC -O2 -fPIC -shared $strict -Dpair=pair_of_plugin "$tmp/pair.c" -o "$tmp/$name.so" "$@"
}
late() { plugin late $shared && $CC -O2 "$tmp/load.c" -o "$tmp/load" -ldl -pthread && "$tmp/load" "$tmp/late.so"; }
both() { $CC -O2 $strict -DUSES_KMEM "$tmp/load.c" "$tmp/pair.c" -o "$tmp/load" $shared -ldl -pthread && "$tmp/load" "$@"; }
ok 'dlopen brings the library' late
ok 'dlopen after the library' both "$tmp/late.so"
# Copies of the library in plugins: functions and words of different copies may meet, and must not mix.
with_copies() {
    plugin copy $static && plugin symbolic -Wl,-Bsymbolic $static && plugin functions -Wl,-Bsymbolic-functions $static &&
        plugin hidden -Wl,--exclude-libs,ALL $static || return 1
    both "$tmp/copy.so" "$tmp/symbolic.so" "$tmp/functions.so" "$tmp/hidden.so" "$tmp/late.so" &&
        $CC -O2 "$tmp/load.c" -o "$tmp/load" -ldl -pthread && "$tmp/load" "$tmp/functions.so" "$tmp/copy.so" "$tmp/late.so"
}
ok 'beside other copies of the library' with_copies

# --- tests of everything else -------------------------------------------------------------------------------------

misuse='-Wno-use-after-free -Wno-mismatched-dealloc -Wno-free-nonheap-object'
for test in objects stale threads thread_edges; do
    inlined() {
        $CC -std=gnu11 -D_GNU_SOURCE -O2 -g $strict $misuse -Wno-pedantic -pthread c_tests/$test.c -o "$tmp/$test" \
            -L"$debug" -lkmem -Wl,-rpath,"$debug" && KMEM_STRESS=20000 "$tmp/$test"
    }
    ok "$test, inlined" inlined
done
echo "1..$n"
