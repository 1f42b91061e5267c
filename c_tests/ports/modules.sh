#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Modules as programs: what module_init() and module_exit() do, for one module, several, and with a main() beside
# them. Each case is a program, because it is the exit status and the order of calls that is tested.
#
# Prints TAP. From the environment: CC, CXX (compilers), CFLAGS, KMEM_LIBS (how to link with libkmem, for example
# "-Ltarget/release -lkmem -Wl,-rpath,target/release").
set -u
cd "$(dirname "$0")/../.." || exit 1
CC=${CC:-cc}
CXX=${CXX:-c++}
KMEM_LIBS=${KMEM_LIBS:--Ltarget/release -lkmem -Wl,-rpath,$PWD/target/release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

n=0
failed=0

# program NAME STATUS OUTPUT COMMAND...: builds with the command and compares what the program says and returns.
program() {
	local name=$1 status=$2 expected=$3 output got
	shift 3
	n=$((n + 1))
	# The variables are lists of words.
	# shellcheck disable=SC2086
	if ! "$@" ${CFLAGS-} -Wall -Wextra -Iinclude -o "$work/program" $KMEM_LIBS >"$work/log" 2>&1 || [ -s "$work/log" ]; then
		failed=$((failed + 1))
		echo "not ok $n - $name"
		sed 's/^/# /' "$work/log"
		return
	fi
	output=$("$work/program" 2>&1)
	got=$?
	if [ "$got" = "$status" ] && [ "$output" = "$expected" ]; then
		echo "ok $n - $name"
	else
		failed=$((failed + 1))
		echo "not ok $n - $name"
		echo "# status $got, expected $status; output:"
		echo "$output" | sed 's/^/# /'
	fi
}

m=c_tests/ports/modules
fine=$'ok: init, answer 42\nok: exit'
two=$'ok: init, answer 42\nnoexit: init\nok: exit'
levels=$'early: init\nok: init, answer 42\nearly: exit\nok: exit'
undone=$'early: init\nok: init, answer 42\nfails: init\nok: exit\nearly: exit'

# $CC and $CXX may carry options.
# shellcheck disable=SC2086
{
	program "init and exit run, status 0" 0 "$fine" $CC $m/ok.c
	program "a failing init gives its error as status, and no exit runs" 22 "fails: init" $CC $m/fails.c
	program "a module without exit" 0 "noexit: init" $CC $m/noexit.c
	program "two modules in one program" 0 "$two" $CC $m/ok.c $m/noexit.c
	program "subsys_initcall before module_init, exits in reverse link order" 0 "$levels" $CC $m/ok.c $m/early.c
	program "a failing init undoes the modules before it" 22 "$undone" $CC $m/early.c $m/ok.c $m/fails.c
	program "a main of its own, and no module" 0 $'main: begins\nmain: modules gave 0' $CC $m/own_main.c
	program "a main of its own with a module" 0 $'main: begins\nok: init, answer 42\nmain: modules gave 0\nok: exit' \
		$CC $m/ok.c $m/own_main.c
	program "a main of its own with a failing module" 3 $'main: begins\nfails: init\nmain: modules gave -22' \
		$CC $m/own_main.c $m/fails.c
	program "unused sections collected by the linker" 0 "$two" \
		$CC -O2 -ffunction-sections -fdata-sections -Wl,--gc-sections $m/ok.c $m/noexit.c
	program "link-time optimisation" 0 "$two" $CC -O2 -flto $m/ok.c $m/noexit.c
	program "position dependent, unoptimised" 0 "$fine" $CC -O0 -fno-pie -no-pie $m/ok.c
	if command -v "${CXX%% *}" >/dev/null; then
		program "as C++" 0 "$two" $CXX -x c++ $m/ok.c $m/noexit.c -x none
	else
		n=$((n + 1))
		echo "ok $n - as C++ # SKIP there is no C++ compiler"
	fi
	program "C99" 0 "$fine" $CC -std=gnu99 $m/ok.c
	program "the example module" 0 $'lru: 16 values of 56 bytes
lru: 3206 hits, 6794 misses, 6778 evictions, sum 187137
lru: most recent: key 19, least recent: key 47
lru: 0 values left' $CC -O2 examples/lru_module.c
}

echo "1..$n"
[ $failed = 0 ]
