#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# The headers in include/linux stand beside those of the C library, and some share a name with headers that the
# C library includes itself (<sys/stat.h> reads <linux/types.h>, <errno.h> reads <linux/errno.h>). So each must
# compile alone, and all of them with any libc header, in either order, in C and in C++.
#
# Order matters where a header of the C library reads one of ours: these readers are tried with each of ours, the
# others together. KMEM_THOROUGH=1 tries all with each, and for every standard.
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

thorough=${KMEM_THOROUGH-}

# Those that are there, and those of them that read ours.
present=()
readers=()
for h in "${libc[@]}"; do
	reads=$(echo "#include <$h>" | ${CC:-cc} -D_GNU_SOURCE -Iinclude -M -x c - 2>/dev/null) || continue
	present+=("$h")
	if [ -n "$thorough" ] || [[ $reads == *" include/"* ]]; then readers+=("$h"); fi
done
libc=("${present[@]}")

reversed() {
	local i
	for ((i = $#; i > 0; i--)); do echo "${!i}"; done
}
mapfile -t libc_reversed < <(reversed "${libc[@]}")
mapfile -t ours_reversed < <(reversed "${ours[@]}")

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

# sources EXTENSION: begins a set of files.
sources() {
	rm -rf "$work/set"
	mkdir "$work/set"
	set_ext=$1
	set_n=0
}

# add NAME...: one more file, which includes the named headers.
add() {
	set_n=$((set_n + 1))
	source_of "$work/set/$set_n.$set_ext" "$@"
}

# compile_all NAME COMPILER...: compiles the set, two jobs at a time.
compile_all() {
	local name=$1 log=$work/log
	shift
	# shellcheck disable=SC2086
	printf '%s\0' "$work"/set/* | xargs -0 -P 2 -n 8 \
		"$@" -Wall -Wextra -Werror -fsyntax-only -Iinclude ${CPPFLAGS-} >"$log" 2>&1 || echo "failed: $*" >>"$log"
	result "$*: $name" "$log"
}

# together EXTENSION COMPILER...: everything at once, for one compiler and standard.
together() {
	local ext=$1
	shift
	sources "$ext"
	add "${ours[@]}"
	add "${ours_reversed[@]}"
	add "${libc[@]}" "${ours[@]}"
	add "${libc_reversed[@]}" "${ours_reversed[@]}"
	add "${ours[@]}" "${libc[@]}"
	add "${ours_reversed[@]}" "${libc_reversed[@]}"
	compile_all "all together, before and after all of libc, forwards and backwards" "$@"
}

# each EXTENSION COMPILER...: each of ours.
each() {
	local ext=$1 h
	shift
	sources "$ext"
	for h in "${ours[@]}"; do add "$h" "$h" linux/types.h; done
	compile_all "each header alone, and twice" "$@"
}

# first EXTENSION COMPILER...: each of ours before those of the C library that read ours.
first() {
	local ext=$1 h
	shift
	sources "$ext"
	for h in "${ours[@]}"; do add "$h" "${readers[@]}"; done
	compile_all "each of ours, then libc" "$@"
}

# pairs EXTENSION COMPILER...: each of the C library's headers that read ours, for itself.
pairs() {
	local ext=$1 h
	shift
	sources "$ext"
	for h in "${readers[@]}"; do
		add "$h" "${ours[@]}"
		add "${ours[@]}" "$h"
	done
	compile_all "each libc header that reads ours before and after ours" "$@"
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
	local first
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
		extern void theirs(struct rcu_head *head, void (*f)(struct rcu_head *));
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
	text "250 ticks a second, whatever <sys/param.h> says" "$@" <<-'C'
		#include <sys/param.h>
		#include <linux/jiffies.h>
		_Static_assert(HZ == 250, "");
	C
	for first in linux/jiffies.h sys/param.h; do
		text "ticks that the program chose, $first first" "$@" -DHZ=1000 <<-C
			#include <$first>
			#include <linux/jiffies.h>
			_Static_assert(HZ == 1000, "");
		C
	done
	text "macros of the kernel in its ways of using them" "$@" <<-'C'
		#include <linux/kernel.h>
		#include <linux/overflow.h>
		#include <linux/rcupdate.h>
		#include <linux/sched.h>
		#include <linux/spinlock.h>
		#include <linux/uaccess.h>
		#include <linux/wait.h>
		struct counter { spinlock_t lock; rwlock_t rwlock; u32 n; };
		static struct counter counters[] = { { .lock = __SPIN_LOCK_UNLOCKED(counters[0].lock) } };
		int f(struct counter *c, u32 __user *p, u8 small, int by, wait_queue_head_t *wq, wait_queue_entry_t *entry);
		int f(struct counter *c, u32 __user *p, u8 small, int by, wait_queue_head_t *wq, wait_queue_entry_t *entry)
		{
			typeof(READ_ONCE(c->n)) n;
			u32 word;
			int first = prepare_to_wait_exclusive(wq, entry, TASK_INTERRUPTIBLE);

			c->lock = __SPIN_LOCK_UNLOCKED(c->lock);
			c->rwlock = __RW_LOCK_UNLOCKED(c->rwlock);
			n = READ_ONCE(c->n) + counters[0].n;
			cond_resched();
			spin_lock(&c->lock);
			cond_resched_lock(&c->lock);
			spin_unlock(&c->lock);
			get_user(word, p);
			put_user(word, p);
			if (get_user(n, p) || put_user(n, p))
				return -EFAULT;
			unsafe_get_user(word, p, fault);
			unsafe_put_user(word + 1, p, fault);
			if (check_shl_overflow(n, small, &word) || check_shl_overflow(small, n, &word) || check_shl_overflow(n, by, &by))
				return -EOVERFLOW;
			xchg(&word, 1);
			cmpxchg(&word, 1, 2);
			return first;
		fault:
			return -EFAULT;
		}
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

# shellcheck disable=SC2086
for c in "${c_compilers[@]}"; do
	for std in c11 gnu11 gnu2x; do
		together c $c -std=$std
		[ -z "$thorough" ] || each c $c -std=$std
	done
	# The C library shows all it has, and so includes more.
	together c $c -std=gnu11 -D_GNU_SOURCE
	each c $c -std=gnu11 -D_GNU_SOURCE
	pairs c $c -std=gnu11 -D_GNU_SOURCE
	first c $c -std=gnu11 -D_GNU_SOURCE
	c_programs $c -std=gnu11
done
# shellcheck disable=SC2086
for c in "${cxx_compilers[@]}"; do
	if ! command -v "${c%% *}" >/dev/null; then
		n=$((n + 1))
		echo "ok $n - $c # SKIP there is no C++ compiler"
		continue
	fi
	together cc $c -std=gnu++17
	each cc $c -std=gnu++17
	pairs cc $c -std=gnu++17
	sources cc
	add "${ours[@]}" "${cxx[@]}"
	add "${cxx[@]}" "${ours[@]}"
	compile_all "the C++ library before and after ours" $c -std=gnu++17
done

echo "1..$n"
[ $failed = 0 ]
