#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# kmem.h alone compiles in every language standard it promises, without a warning, and each form of creation means
# what it says there. At risk: a GNU extension or a C11 word that slips into the C99 or C++ part.
set -u
cd "$(dirname "$0")/.."
: "${CC:=cc}" "${CXX:=c++}"
strict='-Wall -Wextra -pedantic -Werror -Iinclude -fsyntax-only'
out=$(mktemp) && trap 'rm -f "$out"' EXIT
n=0

# check NAME COMMAND... : standard input is the program; fails if the compiler says anything
check() {
    local name=$1; shift
    n=$((n + 1))
    if "$@" - >"$out" 2>&1 && [ ! -s "$out" ]; then echo "ok $n - $name"
    else echo "not ok $n - $name"; sed 's/^/# /' "$out"; fi
}
# refuse NAME COMMAND... : the compiler must not accept it
refuse() {
    local name=$1; shift
    n=$((n + 1))
    if "$@" - >"$out" 2>&1; then echo "not ok $n - $name"; else echo "ok $n - $name"; fi
}

five='#include <kmem.h>
struct point { int x; double y; };
static struct kmem_cache *a(void) { return kmem_cache_create("a", 64, 0, SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL); }
static struct kmem_cache *b(void) { return KMEM_CACHE(point, SLAB_DESTROY_BY_RCU); }
static struct kmem_cache *c(void) { return KMEM_CACHE_USERCOPY(point, SLAB_NOTRACK, y); }
int main(void)
{
	struct kmem_cache_args args = { 0 };
	struct kmem_cache *(*create)(const char *, size_t, size_t, unsigned long, kmem_ctor_t) = kmem_cache_create;
	struct kmem_cache *d = __kmem_cache_create_args("d", 64, &args, 0);
	void *object = kmem_cache_alloc(d, GFP_KERNEL | __GFP_ZERO | __GFP_WAIT);
	kmem_cache_free(d, object);
	return a() == b() || c() == d || !create || !gfpflags_allow_blocking(GFP_NOWAIT);
}'
four='#include <kmem.h>
int main(void)
{
	struct kmem_cache_args args = { .align = 64 };
	struct kmem_cache *a = kmem_cache_create("a", 64, &args, SLAB_NO_MERGE);
	struct kmem_cache *b = kmem_cache_create("b", 64, NULL, 0);
	struct kmem_cache *c = kmem_cache_create("c", sizeof(int), _Alignof(int), 0, NULL);
	return a == b || b == c;
}'
provided='typedef unsigned int gfp_t;
enum { GFP_KERNEL = 0xcc0, __GFP_ZERO = 0x100, __GFP_DIRECT_RECLAIM = 0x400 };
#define KMEM_GFP_TYPES_PROVIDED
#include <kmem.h>
int main(void) { struct kmem_cache *a = KMEM_CACHE(kmem_cache_args, 0); return !kmem_cache_alloc(a, GFP_KERNEL); }'
family='#include <kmem.h>
#include <kmem/mempool.h>
struct many { size_t n; long v[1]; };
int main(void)
{
	struct many *m = (struct many *)kzalloc(sizeof(*m), GFP_KERNEL);
	void (*release)(const void *) = kfree;
	mempool_t *pool = mempool_create_kmalloc_pool(1, 64);
	char *text = kasprintf(GFP_ATOMIC, "%d", 1);
	void *v = kvmalloc_array(3, 5, GFP_KERNEL | __GFP_ZERO);

	m = (struct many *)krealloc(m, 100, GFP_KERNEL);
	v = kvrealloc(v, 15, 30, GFP_KERNEL);
	kfree(text);
	kvfree(v);
	release(m);
	mempool_free(mempool_alloc(pool, GFP_NOIO), pool);
	mempool_destroy(pool);
	return !is_vmalloc_addr(vmalloc(1)) || kmalloc(0, GFP_KERNEL) != ZERO_SIZE_PTR;
}'
typed='#include <kmem.h>
struct many { size_t n; long v[]; };
int main(void)
{
	struct many *m = kmalloc_flex(*m, v, 5), *n = kzalloc_flex(*n, v, 5, GFP_ATOMIC);
	int *i = kmalloc_obj(*i), *j = kvzalloc_objs(int, 10, GFP_KERNEL);

	kfree(m); kfree(n); kfree(i); kvfree(j);
	return 0;
}'
own='#define KMEM_NO_KMALLOC
#include <kmem.h>
static void *kmalloc(int size) { return kmem_kmalloc((size_t)size, GFP_KERNEL); }
static void kfree(void *p) { kmem_kfree(p); }
int main(void) { kfree(kmalloc(3)); return 0; }'
for std in c99 c11 c2x gnu11; do check "$std: kmalloc family" $CC -x c -std=$std $strict <<<"$family"; done
for std in c11 gnu11; do check "$std: typed kmalloc" $CC -x c -std=$std ${strict/-pedantic/} <<<"$typed"; done
check 'a kmalloc of the client' $CC -x c -std=c11 $strict <<<"$own"
if command -v "${CXX%% *}" >/dev/null; then
    check 'c++11: kmalloc family' $CXX -x c++ -std=c++11 $strict <<<"$family"
fi
for std in c99 c11 c17 c2x gnu11; do check "$std: five arguments" $CC -x c -std=$std $strict <<<"$five"; done
for std in c++11 c++17 c++20; do
    if ! command -v "${CXX%% *}" >/dev/null; then
        n=$((n + 1)); echo "ok $n - $std: five arguments # SKIP there is no C++ compiler"; continue
    fi
    check "$std: five arguments" $CXX -x c++ -std=$std $strict -Wno-missing-field-initializers <<<"$five"
done
for std in c11 c17 c2x gnu11; do check "$std: both forms" $CC -x c -std=$std $strict <<<"$four"; done
refuse 'C99 has no four-argument form' $CC -x c -std=c99 $strict <<<"${four/_Alignof/sizeof}"
check 'GFP names of the client' $CC -x c -std=c11 $strict <<<"$provided"
check 'included twice' $CC -x c -std=c99 $strict <<<'#include <kmem.h>
#include <kmem.h>
int main(void) { return 0; }'
check 'print.h alone' $CC -x c -std=c99 $strict <<<'#include <kmem/print.h>
int main(void) { return kmem_printk("%d %pS\n", 1, (void *)0); }'

# gcc 11 and later see a wrong free at compile time.
if $CC --version 2>/dev/null | grep -q 'gcc\|GCC' && [ "$($CC -dumpversion | cut -d. -f1)" -ge 11 ]; then
    refuse 'gcc sees free() of a cache object' $CC -x c -std=c11 -O1 -Werror -Wmismatched-dealloc -Iinclude -c -o /dev/null <<<'#include <kmem.h>
#include <stdlib.h>
void f(struct kmem_cache *c) { free(kmem_cache_alloc(c, GFP_KERNEL)); }'
fi
if command -v clang >/dev/null; then
    check 'clang: both forms' clang -x c -std=c11 $strict <<<"$four"
else
    n=$((n + 1)); echo "ok $n - clang # SKIP clang is not installed"
fi
echo "1..$n"
