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

# Without GNU C the kernel's names are macros: none is left for the linker.
renamed=$(sed -n 's/.*KMEM_IS(kmem_\([a-z_]*\)).*/(void *)\1,/p' include/kmem/kmalloc.h include/kmem/mempool.h)
check 'not GNU C: the kernel'\''s names' $CC -x c -std=c11 -U__GNUC__ -Iinclude -o /dev/null \
    -Wl,--no-as-needed ${KMEM_LIBS:--Ltarget/release -lkmem} <<<"#include <kmem.h>
#include <kmem/mempool.h>
void *all[] = { $renamed };
int main(void) { return sizeof(all) / sizeof(all[0]) < 35; }"

# gcc 11 and later see a wrong free at compile time.
macros=$($CC -dM -E -x c /dev/null)
gnuc=$(sed -n 's/^#define __GNUC__ //p' <<<"$macros")
if [ "${gnuc:-0}" -ge 11 ] && ! grep -q __clang__ <<<"$macros"; then
    refuse 'gcc sees free() of a cache object' $CC -x c -std=c11 -O1 -Werror -Wmismatched-dealloc -Iinclude -c -o /dev/null <<<'#include <kmem.h>
#include <stdlib.h>
void f(struct kmem_cache *c) { free(kmem_cache_alloc(c, GFP_KERNEL)); }'
    of_caches=('kmem_cache_alloc(c, 0)' 'kmem_cache_zalloc(c, 0)' 'kmem_cache_alloc_node(c, 0, 0)' 'kmem_cache_alloc_lru(c, 0, 0)')
    by_size=('kmem_kmalloc(7, 0)' 'kmem_kzalloc(7, 0)' 'kmem_kmalloc_class(560, 0, 7)' 'kmem_kmalloc_node(7, 0, 0)'
        'kmem_kmalloc_array(7, 7, 0)' 'kmem_buckets_alloc(0, 7, 0)' 'kmem_buckets_alloc(0, 7000, 0)' 'kmem_kmemdup(c, 7, 0)'
        'kmem_kmemdup_nul("text", 4, 0)' 'kmem_kstrdup("text", 0)' 'kmem_kstrndup("text", 3, 0)')
    by_pages=('kmem_vmalloc(7, 0)')
    by_either=('kmem_kvmalloc(7, 0, 0)' 'kmem_kvmalloc_array(7, 7, 0)' 'kmem_kvmemdup(c, 7, 0)' 'kmem_buckets_valloc(0, 7, 0)')
    # frees STATEMENT ALLOCATION... : a function for each, with the allocation in place of @
    frees() { local does=$1 what; shift; for what; do echo "void f$((++f))(void *c) { (void)c; ${does/@/$what}; }"; done; }
    right=$(f=0; echo '#include <kmem.h>'
        frees 'kmem_cache_free(c, @)' "${of_caches[@]}"
        frees 'kmem_kfree(@)' "${of_caches[@]}" "${by_size[@]}"
        frees 'kmem_kfree_sensitive(@)' "${of_caches[@]}" "${by_size[@]}"
        frees 'kmem_vfree(@)' "${by_pages[@]}"
        frees 'kmem_kvfree(@)' "${by_size[@]}" "${by_pages[@]}" "${by_either[@]}"
        frees 'kmem_kvfree_sensitive(@, 4)' "${by_size[@]}" "${by_pages[@]}" "${by_either[@]}"
        frees 'void *p = @, *q = kmem_krealloc(p, 100, 0); kmem_kfree(q ? q : p)' "${by_size[@]}"
        frees 'void *p = @, *q = kmem_vrealloc(p, 100, 0); kmem_vfree(q ? q : p)' "${by_pages[@]}"
        frees 'void *p = @, *q = kmem_kvrealloc(p, 100, 0); kmem_kvfree(q ? q : p)' "${by_size[@]}" "${by_either[@]}")
    for level in -O0 -O2; do
        check "gcc $level: every free that kmem.h allows" $CC -x c -std=c11 $level -Wall -Wextra -Werror -Iinclude -c -o /dev/null <<<"$right"
        for wrong in 'kmem_cache_free(c, kmem_kmalloc(7, 0))' 'kmem_kfree(kmem_vmalloc(7, 0))' 'kmem_vfree(kmem_kmalloc(7, 0))' \
            'kmem_kfree(kmem_kvmalloc(7, 0, 0))' 'kmem_kfree_sensitive(kmem_vmalloc(7, 0))' 'kmem_vfree(kmem_cache_alloc(c, 0))' \
            'kmem_free_pages(kmem_kmalloc(7, 0))' 'void *p = kmem_kmalloc(7, 0); kmem_kfree_sensitive(p); kmem_kfree(p)' \
            'void *p = kmem_vmalloc(7, 0); kmem_kvfree_sensitive(p, 7); kmem_vfree(p)'; do
            refuse "gcc $level: $wrong" $CC -x c -std=c11 $level -Wall -Werror -Iinclude -c -o /dev/null <<<"#include <kmem.h>
void f(void *c) { (void)c; $wrong; }"
        done
    done
else
    n=$((n + 1)); echo "ok $n - wrong frees # SKIP $CC is not gcc 11 or later"
fi
if command -v clang >/dev/null; then
    check 'clang: both forms' clang -x c -std=c11 $strict <<<"$four"
else
    n=$((n + 1)); echo "ok $n - clang # SKIP clang is not installed"
fi
echo "1..$n"
