#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Ways to be loaded, and to go (docs/guarantees.md, 4), and what was there before (1).
# At risk: a late dlopen that finds no room for thread-local words, a plugin whose hooks stay behind when it goes, an
# order of constructors and destructors that nobody tried.
set -u
cd "$(dirname "$0")/.."
: "${CC:=cc}" "${CXX:=c++}"
R=$PWD/target/release
static="-lgcc_eh -lutil -lrt -lpthread -lm -ldl -lc"
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
n=0
report() { # report STATUS NAME: the output of the check is in $tmp/out
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' "$tmp/out"; fi
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
build() { $CC -O1 -g -Wall -Iinclude -pthread "$@"; }
run() { timeout 60 "$@" >"$tmp/out" 2>&1; }

# A plugin that uses caches from two threads and leaves nothing.
cat >"$tmp/plugin.c" <<'C'
#include <kmem.h>
#include <pthread.h>
#include <string.h>
static void *work(void *cache)
{
	void *objects[200];

	for (int i = 0; i < 200; i++)
		memset(objects[i] = kmem_cache_alloc(cache, GFP_KERNEL), 1, 100);
	for (int i = 0; i < 200; i++)
		kmem_cache_free(cache, objects[i]);
	return NULL;
}
/* The thread is left to end when it will. */
int plugin(pthread_t *thread, void *(*run)(void *), void *arg)
{
	struct kmem_cache *cache = kmem_cache_create("plugin", 100, 0, SLAB_NO_MERGE, NULL);

	if (!cache)
		return 1;
	work(cache);
	pthread_create(thread, NULL, work, cache);
	pthread_join(*thread, NULL);
	if (run)
		pthread_create(thread, NULL, run, arg);
	kmem_cache_destroy(cache);
	return 0;
}
void *use_here(void)
{
	struct kmem_cache *cache = kmem_cache_create("here", 64, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	if (object)
		kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	return &use_here;
}
C
# A program that loads and unloads it. A thread that has used the library ends after dlclose, and so does a fork. The
# library's own thread (kmem.background=1) comes every 50 ms.
cat >"$tmp/host.c" <<'C'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static pthread_barrier_t barrier;
static void *(*use_here)(void);
static void *outlive(void *arg)
{
	use_here();
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return arg;
}
int main(int argc, char **argv)
{
	pthread_barrier_init(&barrier, NULL, 2);
	for (int round = 0; round < 3; round++) {
		int (*plugin)(pthread_t *, void *(*)(void *), void *);
		void *handle = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
		pthread_t thread;
		int status = 0;
		pid_t pid;

		if (!handle)
			return fprintf(stderr, "%s\n", dlerror()), 1;
		plugin = (int (*)(pthread_t *, void *(*)(void *), void *))dlsym(handle, "plugin");
		use_here = (void *(*)(void))dlsym(handle, "use_here");
		if (plugin(&thread, outlive, NULL))
			return 2;
		pthread_barrier_wait(&barrier);
		use_here();
		dlclose(handle);
		pid = fork();
		if (pid == 0)
			_exit(0);
		if (waitpid(pid, &status, 0) != pid || status)
			return 3;
		pthread_barrier_wait(&barrier);
		pthread_join(thread, NULL);
		usleep(120000);
	}
	return argc == 2 ? 0 : 4;
}
C
build "$tmp/host.c" -o "$tmp/host" -ldl
build -fPIC -shared "$tmp/plugin.c" -o "$tmp/plugin.so" -L"$R" -lkmem -Wl,-rpath,"$R"
run "$tmp/host" "$tmp/plugin.so"; report $? 'g4: dlopen and dlclose of a plugin that needs the library'
LD_BIND_NOW=1 run "$tmp/host" "$tmp/plugin.so"; report $? 'g4: the same with LD_BIND_NOW'
KMEM_CMDLINE=kmem.background=1 run "$tmp/host" "$tmp/plugin.so"; report $? 'g4: the same with a thread of the library'\''s'
build -fPIC -shared "$tmp/plugin.c" -o "$tmp/plugin_static.so" "$R/libkmem.a" $static
run "$tmp/host" "$tmp/plugin_static.so"; report $? 'g4: dlopen and dlclose of a plugin that the archive is part of'
KMEM_CMDLINE=kmem.background=1 run "$tmp/host" "$tmp/plugin_static.so"
report $? 'g4: the same with a thread of the library'\''s, the archive'
cp "$tmp/plugin_static.so" "$tmp/other_static.so"

# What was made before a dlclose is good after it, and what was handed to the C library can still be called.
cat >"$tmp/stays.c" <<'C'
#include <dlfcn.h>
#include <kmem.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#define LOOK_UP(name) ((__typeof__(&name))dlsym(handle, #name))
static pthread_barrier_t barrier;
static pthread_key_t key;
static void *outlive(void *object)
{
	pthread_setspecific(key, object);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return NULL;
}
int main(int argc, char **argv)
{
	void *handle = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
	struct kmem_cache *cache;
	pthread_t thread;
	void *object;

	if (!handle)
		return fprintf(stderr, "%s\n", dlerror()), 1;
	cache = LOOK_UP(kmem_cache_create)("kept", 100, 0, SLAB_NO_MERGE, NULL);
	object = memset(LOOK_UP(kmem_cache_alloc)(cache, GFP_KERNEL), 1, 100);
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_key_create(&key, (void (*)(void *))LOOK_UP(kmem_kfree));
	pthread_create(&thread, NULL, outlive, LOOK_UP(kmem_kmalloc)(100, GFP_KERNEL));
	pthread_barrier_wait(&barrier);
	dlclose(handle);
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	handle = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
	LOOK_UP(kmem_cache_free)(cache, object);
	if (LOOK_UP(kmem_cache_shrink)(cache) != 0)
		return 2;
	LOOK_UP(kmem_cache_destroy)(cache);
	return argc == 2 ? 0 : 3;
}
C
build "$tmp/stays.c" -o "$tmp/stays" -ldl
run "$tmp/stays" "$R/libkmem.so" && [ ! -s "$tmp/out" ]; report $? 'g4: the shared library stays when it is closed'

# Libraries with thread-local variables of their own come first.
for i in 1 2 3 4 5 6 7 8; do
    echo "__thread char room_$i[128]; char *use_$i(void) { return room_$i; }" >"$tmp/tls.c"
    build -fPIC -shared -ftls-model=initial-exec "$tmp/tls.c" -o "$tmp/tls_$i.so"
done
cat >"$tmp/late.c" <<'C'
#include <dlfcn.h>
#include <stdio.h>
int main(int argc, char **argv)
{
	for (int i = 2; i < argc; i++)
		if (!dlopen(argv[i], RTLD_NOW))
			fprintf(stderr, "%s\n", dlerror());
	void *handle = dlopen(argv[1], RTLD_NOW);
	if (!handle)
		return fprintf(stderr, "%s\n", dlerror()), 1;
	return ((void *(*)(void))dlsym(handle, "use_here"))() ? 0 : 2;
}
C
build "$tmp/late.c" -o "$tmp/late" -ldl
run "$tmp/late" "$tmp/plugin.so" "$tmp"/tls_*.so && [ ! -s "$tmp/out" ]; report $? 'g4: loaded after 1024 bytes of other libraries'\'' thread-local words'

# Two plugins, each with a copy of its own, and a third with the shared library.
cat >"$tmp/two.c" <<'C'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		void *handle = dlopen(argv[i], RTLD_NOW | RTLD_LOCAL);
		pthread_t thread;
		int status = 0;
		pid_t pid;

		if (!handle)
			return fprintf(stderr, "%s\n", dlerror()), 1;
		if (((int (*)(pthread_t *, void *, void *))dlsym(handle, "plugin"))(&thread, NULL, NULL))
			return 2;
		pid = fork();
		if (pid == 0)
			_exit(((void *(*)(void))dlsym(handle, "use_here"))() ? 0 : 1);
		if (waitpid(pid, &status, 0) != pid || status)
			return 3;
	}
	return 0;
}
C
build "$tmp/two.c" -o "$tmp/two" -ldl
run "$tmp/two" "$tmp/plugin_static.so" "$tmp/other_static.so" "$tmp/plugin.so"
report $? 'g4: three copies in one process, with forks'

# A handle of one copy is none to another: refused with a warning, and nothing happens.
cat >"$tmp/mixed.c" <<'C'
#include <dlfcn.h>
#include <kmem.h>
int main(int argc, char **argv)
{
	void *other = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
	void *(*alloc)(struct kmem_cache *, gfp_t) = (void *(*)(struct kmem_cache *, gfp_t))dlsym(other, "kmem_cache_alloc");
	void (*release)(struct kmem_cache *, void *) = (void (*)(struct kmem_cache *, void *))dlsym(other, "kmem_cache_free");
	void (*destroy)(struct kmem_cache *) = (void (*)(struct kmem_cache *))dlsym(other, "kmem_cache_destroy");
	struct kmem_cache *cache = kmem_cache_create("ours", 100, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	if (alloc == kmem_cache_alloc || alloc(cache, GFP_KERNEL))
		return 1;
	release(cache, object);
	destroy(cache);
	kmem_cache_free(cache, object);
	if (kmem_cache_shrink(cache) != 0)
		return 2;
	kmem_cache_destroy(cache);
	return argc == 2 ? 0 : 3;
}
C
build "$tmp/mixed.c" -o "$tmp/mixed" "$R/libkmem.a" $static
run "$tmp/mixed" "$R/libkmem.so" && [ "$(grep -c 'is not a slab cache' "$tmp/out")" = 3 ]
report $? 'g4: static and shared in one process keep apart'
build "$tmp/mixed.c" -rdynamic -o "$tmp/mixed" "$R/libkmem.a" $static
run "$tmp/mixed" "$R/libkmem.so" && [ "$(grep -c 'is not a slab cache' "$tmp/out")" = 3 ]
report $? 'g4: also beside a program that exports all its names'

# Constructors that come before ours, destructors and atexit functions that come after.
cat >"$tmp/order.c" <<'C'
#include <kmem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static struct kmem_cache *cache;
static void *early[300], *late[300];
__attribute__((constructor(101))) static void before_all(void)
{
	cache = kmem_cache_create("early", 100, 0, SLAB_NO_MERGE, NULL);
	for (int i = 0; i < 300; i++)
		memset(early[i] = kmem_cache_alloc(cache, GFP_KERNEL), 7, 100);
}
static void at_end(void)
{
	for (int i = 0; i < 300; i++)
		kmem_cache_free(cache, late[i]);
	memset(early[0] = kmem_cache_alloc(cache, GFP_KERNEL), 7, 100);
}
__attribute__((destructor(101))) static void after_all(void)
{
	for (int i = 0; i < 300; i++)
		kmem_cache_free(cache, early[i]);
	if (kmem_cache_shrink(cache) != 0)
		_Exit(50);
	kmem_cache_destroy(cache);
	_Exit(0);
}
int main(void)
{
	for (int i = 0; i < 300; i++)
		if (((char *)early[i])[99] != 7)
			_Exit(51);
	kmem_cache_free(cache, early[0]);
	for (int i = 0; i < 300; i++)
		late[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	atexit(at_end);
	exit(52);
}
C
for kind in shared static; do
    [ $kind = shared ] && link="-L$R -lkmem -Wl,-rpath,$R" || link="$R/libkmem.a $static"
    build "$tmp/order.c" -o "$tmp/order_$kind" $link
    run "$tmp/order_$kind" && [ ! -s "$tmp/out" ]; report $? "g4: constructors before and destructors after, $kind"
done

# Handlers for fork that were registered before the library was loaded run inside its locks, from the first fork on,
# before anything of the library has been used.
cat >"$tmp/before.c" <<'C'
#include <dlfcn.h>
#include <kmem.h>
#include <kmem/print.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static struct {
	__typeof__(&kmem_kmalloc) kmalloc;
	__typeof__(&kmem_kvmalloc) kvmalloc;
	__typeof__(&kmem_vmalloc) vmalloc;
	__typeof__(&kmem_kmemdup) memdup;
	__typeof__(&kmem_kvfree) kvfree;
	__typeof__(&kmem_kfree) kfree;
	__typeof__(&kmem_printk) printk;
	__typeof__(&kmem_failslab_get) failslab_get;
} kmem;
enum { KEPT = 400, FORKS = 40 };
static void *kept[KEPT];
static int left, in_handlers, stop;
static void work(void)
{
	struct kmem_fault_attr attr;

	if (!kmem.kmalloc)
		return;
	in_handlers++;
	kmem.printk("in a handler\n");
	kmem.failslab_get(&attr);
	kmem.kfree(kmem.kmalloc(100, GFP_ATOMIC));
	kmem.kfree(kmem.kmalloc(100000, GFP_ATOMIC | __GFP_NOWARN));
	kmem.kvfree(kmem.kvmalloc(100, GFP_ATOMIC, -1));
	kmem.kvfree(kmem.kvmalloc(100000, GFP_ATOMIC, -1));
	kmem.kvfree(kmem.vmalloc(100000, GFP_ATOMIC | __GFP_NOWARN));
	kmem.kfree(kmem.memdup("text", 5, GFP_ATOMIC));
	if (left > 0)
		kmem.kfree(kept[--left]);
}
static void *busy(void *unused)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		void *some[100];

		for (int i = 0; i < 100; i++)
			some[i] = kmem.kmalloc(64u << i % 9, GFP_KERNEL);
		for (int i = 0; i < 100; i++)
			kmem.kfree(some[i]);
	}
	return unused;
}
#define LOOK_UP(name) ((__typeof__(&name))dlsym(handle, #name))
int main(int argc, char **argv)
{
	pthread_atfork(work, work, work);
	void *handle = dlopen(argv[1], RTLD_NOW);
	struct kmem_cache_usage usage = { .size = sizeof(usage) };
	struct kmem_cache *cache = NULL;
	pthread_t thread;

	if (!handle)
		return fprintf(stderr, "%s\n", dlerror()), 1;
	kmem.kmalloc = LOOK_UP(kmem_kmalloc);
	kmem.kvmalloc = LOOK_UP(kmem_kvmalloc);
	kmem.vmalloc = LOOK_UP(kmem_vmalloc);
	kmem.memdup = LOOK_UP(kmem_kmemdup);
	kmem.kvfree = LOOK_UP(kmem_kvfree);
	kmem.kfree = LOOK_UP(kmem_kfree);
	kmem.printk = LOOK_UP(kmem_printk);
	kmem.failslab_get = LOOK_UP(kmem_failslab_get);
	for (int i = 0; i < FORKS; i++) {
		int status = -1;
		pid_t pid = fork();

		if (pid == 0) {
			void *object;

			alarm(20);
			if (!cache)
				_exit(0);
			object = LOOK_UP(kmem_cache_alloc)(cache, GFP_KERNEL);
			if (!object || LOOK_UP(kmem_cache_usage)(cache, &usage) || (int)usage.live_objects != left + 1)
				_exit(1);
			_exit(0);
		}
		if (waitpid(pid, &status, 0) != pid || status)
			return fprintf(stderr, "fork %d: %x\n", i, status), 2;
		if (!cache) {
			cache = LOOK_UP(kmem_cache_create)("kept", 100, 0, SLAB_NO_MERGE, NULL);
			while (left < KEPT)
				kept[left++] = LOOK_UP(kmem_cache_alloc)(cache, GFP_KERNEL);
			pthread_create(&thread, NULL, busy, NULL);
		}
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	if (LOOK_UP(kmem_cache_usage)(cache, &usage) || (int)usage.live_objects != left || left != KEPT - 2 * (FORKS - 1))
		return 3;
	while (left > 0)
		kmem.kfree(kept[--left]);
	if (LOOK_UP(kmem_cache_shrink)(cache))
		return 4;
	return in_handlers == 2 * FORKS && argc == 2 ? 0 : 5;
}
C
build "$tmp/before.c" -o "$tmp/before" -ldl
run "$tmp/before" "$R/libkmem.so"; report $? 'g1: handlers for fork that were there before the library'
KMEM_CMDLINE="kmem.log=$tmp/log" run "$tmp/before" "$R/libkmem.so" && grep -q 'in a handler' "$tmp/log"
report $? 'g1: the same with a log file'
KMEM_CMDLINE="failslab=1,0,0,-1" run "$tmp/before" "$R/libkmem.so"; report $? 'g1: the same with failslab'

# After the library's destructor its key's number is given to the next key, which is not the library's to write to.
cat >"$tmp/last.c" <<'C'
void (*at_last)(void);
__attribute__((destructor)) static void last(void)
{
	if (at_last)
		at_last();
}
C
cat >"$tmp/key.c" <<'C'
#include <kmem.h>
#include <pthread.h>
#include <stdlib.h>
extern void (*at_last)(void);
static struct kmem_cache *cache;
static pthread_key_t key, before;
static void never(void *value) { _Exit(value ? 50 : 51); }
static void *use(void *unused)
{
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	if (pthread_getspecific(key))
		_Exit(52);
	return unused;
}
static void use_after(void)
{
	pthread_t thread;

	if (pthread_key_create(&key, never) || key >= before)
		_Exit(53);
	pthread_create(&thread, NULL, use, NULL);
	pthread_join(thread, NULL);
	_Exit(0);
}
int main(void)
{
	cache = kmem_cache_create("key", 100, 0, SLAB_NO_MERGE, NULL);
	if (pthread_key_create(&before, NULL))
		_Exit(54);
	at_last = use_after;
	exit(55);
}
C
build -shared -fPIC "$tmp/last.c" -o "$tmp/liblast.so"
for kind in shared static; do
    [ $kind = shared ] && link="-L$R -lkmem -Wl,-rpath,$R" || link="$R/libkmem.a $static"
    build "$tmp/key.c" -o "$tmp/key_$kind" $link -L"$tmp" -llast -Wl,-rpath,"$tmp"
    run "$tmp/key_$kind" && [ ! -s "$tmp/out" ]; report $? "g4: threads after the destructor, $kind"
done

if command -v "${CXX%% *}" >/dev/null; then
    cat >"$tmp/cxx.cc" <<'C'
#include <kmem.h>
#include <cstdlib>
#include <cstring>
struct Owner {
	kmem_cache *cache;
	void *objects[200];
	Owner() : cache(kmem_cache_create("owner", 80, 0, SLAB_NO_MERGE, nullptr))
	{
		for (auto &object : objects)
			std::memset(object = kmem_cache_alloc(cache, GFP_KERNEL), 1, 80);
	}
	~Owner()
	{
		for (auto object : objects)
			kmem_cache_free(cache, object);
		if (kmem_cache_shrink(cache) != 0)
			std::_Exit(50);
		kmem_cache_destroy(cache);
	}
};
static Owner global;
static thread_local Owner local;
int main() { return local.cache == global.cache; }
C
    $CXX -O1 -g -Wall -Iinclude -pthread "$tmp/cxx.cc" -o "$tmp/cxx" -L"$R" -lkmem -Wl,-rpath,"$R" &&
        run "$tmp/cxx" && [ ! -s "$tmp/out" ]
    report $? 'g4: C++ objects of static and of thread duration'
else
    skip 'g4: C++ objects of static and of thread duration' 'no C++ compiler'
fi
echo "1..$n"
