#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# The headers in include/linux stand beside those of the C library, and some share a name with headers that the
# C library includes itself (<sys/stat.h> reads <linux/types.h>, <errno.h> reads <linux/errno.h>). So each must
# compile alone, and all of them with any libc header, in either order, in C and in C++.
#
# Prints TAP. CC and CXX choose the compilers; without them gcc, g++ and, where present, clang are used.
# CPPFLAGS is added to every command.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

libc=(
	alloca.h arpa/inet.h assert.h complex.h ctype.h dirent.h dlfcn.h elf.h err.h errno.h fcntl.h fnmatch.h ftw.h
	getopt.h glob.h grp.h inttypes.h limits.h link.h locale.h math.h net/ethernet.h net/if.h netdb.h netinet/in.h
	netinet/tcp.h poll.h pthread.h pwd.h regex.h sched.h semaphore.h setjmp.h signal.h spawn.h stdarg.h stdbool.h
	stddef.h stdint.h stdio.h stdlib.h string.h strings.h sys/auxv.h sys/epoll.h sys/eventfd.h sys/fanotify.h
	sys/file.h sys/inotify.h sys/ioctl.h sys/ipc.h sys/mman.h sys/mount.h sys/param.h sys/prctl.h sys/ptrace.h
	sys/queue.h sys/random.h sys/resource.h sys/select.h sys/signalfd.h sys/socket.h sys/stat.h sys/statfs.h
	sys/statvfs.h sys/syscall.h sys/sysinfo.h sys/sysmacros.h sys/time.h sys/times.h sys/timerfd.h sys/types.h
	sys/uio.h sys/un.h sys/user.h sys/utsname.h sys/vfs.h sys/wait.h syslog.h termios.h time.h ucontext.h unistd.h
	utime.h wchar.h wctype.h
)
# Not <regex>, which has a variable named __init: it must come before linux/init.h.
cxx=(
	algorithm array atomic bitset chrono condition_variable deque exception fstream functional iostream iterator
	limits list map memory mutex numeric random set sstream stdexcept string thread tuple type_traits
	unordered_map utility vector
)
ours=(include/linux/*.h include/linux/*/*.h include/asm/*.h include/uapi/linux/*.h)
ours=("${ours[@]#include/}")

present=()
for h in "${libc[@]}"; do
	echo "#include <$h>" | ${CC:-cc} -E -x c - >/dev/null 2>&1 && present+=("$h")
done
libc=("${present[@]}")

n=0
failed=0

# result NAME LOG: one line of TAP, with the compiler's words when it said something.
result() {
	n=$((n + 1))
	if [ -s "$2" ]; then
		failed=$((failed + 1))
		echo "not ok $n - $1"
		head -n 20 "$2" | sed 's/^/# /'
	else
		echo "ok $n - $1"
	fi
}

# source FILE NAME...: a file that includes the named headers and has something to compile.
source_of() {
	local file=$1
	shift
	printf '#include <%s>\n' "$@" >"$file"
	echo 'extern int nothing; int nothing;' >>"$file"
}

# compile LOG COMMAND...: appends to LOG what the compiler says, and that it failed.
compile() {
	local log=$1
	shift
	# shellcheck disable=SC2086
	"$@" -Wall -Wextra -Werror -fsyntax-only -Iinclude ${CPPFLAGS-} >>"$log" 2>&1 || echo "failed: $*" >>"$log"
}

# one_language EXTENSION COMPILER...: every combination for one compiler and standard.
one_language() {
	local ext=$1
	shift
	local label="$*" file=$work/t.$ext log=$work/log h

	: >"$log"
	for h in "${ours[@]}"; do
		source_of "$file" "$h"
		compile "$log" "$@" "$file"
		source_of "$file" "$h" "$h" linux/types.h
		compile "$log" "$@" "$file"
	done
	result "$label: each header alone, and twice" "$log"

	: >"$log"
	source_of "$file" "${ours[@]}"
	compile "$log" "$@" "$file"
	result "$label: all together" "$log"

	: >"$log"
	source_of "$file" "${libc[@]}" "${ours[@]}"
	compile "$log" "$@" "$file"
	result "$label: all of libc, then ours" "$log"

	: >"$log"
	source_of "$file" "${ours[@]}" "${libc[@]}"
	compile "$log" "$@" "$file"
	result "$label: ours, then all of libc" "$log"
}

# first EXTENSION COMPILER...: each of ours before the C library's, on its own.
first() {
	local ext=$1
	shift
	local label="$*" file=$work/t.$ext log=$work/log h

	: >"$log"
	for h in "${ours[@]}"; do
		source_of "$file" "$h" "${libc[@]}"
		compile "$log" "$@" "$file"
	done
	result "$label: each of ours, then all of libc" "$log"
}

# pairs EXTENSION COMPILER...: each libc header for itself; slow, so not for every standard.
pairs() {
	local ext=$1
	shift
	local label="$*" file=$work/t.$ext log=$work/log h

	: >"$log"
	for h in "${libc[@]}"; do
		source_of "$file" "$h" "${ours[@]}"
		compile "$log" "$@" "$file"
		source_of "$file" "${ours[@]}" "$h"
		compile "$log" "$@" "$file"
	done
	result "$label: each libc header before and after ours" "$log"
}

# text NAME COMPILER... <source: a program that must compile.
text() {
	local name=$1 file=$work/t.c log=$work/log
	shift
	cat >"$file"
	: >"$log"
	compile "$log" "$@" "$file"
	result "$*: $name" "$log"
}

c_programs() {
	text "own short types and list_head with <sys/stat.h>" "$@" <<-'C'
		#define _GNU_SOURCE
		#include <sys/stat.h>
		#include <sys/mount.h>
		#include <sys/prctl.h>
		#include <errno.h>
		typedef unsigned long u64;
		struct list_head { void *a; };
		u64 f(struct list_head *l) { return sizeof(struct statx) + sizeof(*l); }
	C
	text "own min() with <sys/sysinfo.h>" "$@" <<-'C'
		#define _GNU_SOURCE
		#include <sys/sysinfo.h>
		extern int min(int a, int b);
		int min(int a, int b) { return a < b ? a : b; }
		unsigned long f(void) { struct sysinfo s; return sizeof(s); }
	C
	text "short types although <sys/stat.h> came first" "$@" <<-'C'
		#define _GNU_SOURCE
		#include <sys/stat.h>
		#include <sys/sysinfo.h>
		#include <linux/types.h>
		#include <linux/kernel.h>
		u64 f(struct list_head *l) { return min(sizeof(*l), sizeof(struct statx)); }
	C
	text "KMEM_NO_KERNEL_TYPES" "$@" <<-'C'
		#define KMEM_NO_KERNEL_TYPES
		#include <linux/types.h>
		typedef unsigned long u64;
		__u32 f(u64 x) { return (__u32)x; }
	C
	text "both LIST_HEADs after <sys/queue.h>" "$@" <<-'C'
		#include <sys/queue.h>
		#include <linux/list.h>
		struct item { LIST_ENTRY(item) link; };
		LIST_HEAD(bsd_head, item);
		LIST_HEAD(kernel_head);
		int f(struct bsd_head *b) { return LIST_EMPTY(b) + list_empty(&kernel_head); }
	C
	text "a list.h and an rbtree.h of the program's own" "$@" <<-'C'
		#include <linux/types.h>
		#define _LINUX_LIST_H
		static inline int list_empty(const struct list_head *l) { return l->next == l ? 42 : 0; }
		#define _LINUX_RBTREE_H
		struct rb_node { int mine; };
		#include <linux/list.h>
		#include <linux/module.h>
		#include <linux/rbtree.h>
		#include <linux/slab.h>
		int f(struct list_head *l, struct rb_node *n) { return list_empty(l) + n->mine; }
	C
	text "liburcu's names where it was read first" "$@" <<-'C'
		#define _URCU_H
		struct rcu_head { int theirs; };
		#define call_rcu theirs
		#include <linux/rcupdate.h>
		#include <linux/slab.h>
		int f(struct rcu_head *h) { return h->theirs; }
	C
	text "gfp_t as an enumeration of the program's own" "$@" <<-'C'
		typedef enum { GFP_KERNEL = 0xcc0, GFP_NOFS = 0xc40, __GFP_ZERO = 0x100, GFP_NOWAIT = 0x2800 } gfp_t;
		#define KMEM_GFP_TYPES_PROVIDED
		#include <linux/slab.h>
		#include <linux/list.h>
		void *f(struct kmem_cache *c) { return kmem_cache_alloc(c, GFP_NOFS); }
	C
	text "libc's names are free for kernel code" "$@" <<-'C'
		#include <linux/module.h>
		#include <linux/slab.h>
		#include <linux/string.h>
		int clock, time;
		extern void remove(struct list_head *l);
		void remove(struct list_head *l) { list_del(l); }
		extern int printf(const char *, ...);
		int f(char *s) { return (int)strlen(s) + clock + time; }
	C
}

c_compilers=()
cxx_compilers=()
if [ -n "${CC-}" ]; then c_compilers+=("$CC"); fi
if [ -n "${CXX-}" ]; then cxx_compilers+=("$CXX"); fi
if [ -z "${CC-}${CXX-}" ]; then
	for c in gcc clang; do command -v $c >/dev/null && c_compilers+=($c); done
	for c in g++ clang++; do command -v $c >/dev/null && cxx_compilers+=($c); done
fi

for c in "${c_compilers[@]}"; do
	for std in c11 gnu11 gnu2x; do
		# shellcheck disable=SC2086
		one_language c $c -std=$std
	done
	# The C library shows all it has, and so includes more.
	# shellcheck disable=SC2086
	one_language c $c -std=gnu11 -D_GNU_SOURCE
	# shellcheck disable=SC2086
	pairs c $c -std=gnu11 -D_GNU_SOURCE
	# shellcheck disable=SC2086
	first c $c -std=gnu11 -D_GNU_SOURCE
	# shellcheck disable=SC2086
	c_programs $c -std=gnu11
done
for c in "${cxx_compilers[@]}"; do
	if ! command -v "${c%% *}" >/dev/null; then
		n=$((n + 1))
		echo "ok $n - $c # SKIP there is no C++ compiler"
		continue
	fi
	# shellcheck disable=SC2086
	one_language cc $c -std=gnu++17
	# shellcheck disable=SC2086
	pairs cc $c -std=gnu++17
	: >"$work/log"
	source_of "$work/t.cc" "${ours[@]}" "${cxx[@]}"
	# shellcheck disable=SC2086
	compile "$work/log" $c -std=gnu++17 "$work/t.cc"
	source_of "$work/t.cc" "${cxx[@]}" "${ours[@]}"
	# shellcheck disable=SC2086
	compile "$work/log" $c -std=gnu++17 "$work/t.cc"
	result "$c -std=gnu++17: the C++ library before and after ours" "$work/log"
done

echo "1..$n"
[ $failed = 0 ]
