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

# program NAME STATUS OUTPUT [--ARGUMENT...] COMMAND...: builds with the command, runs the program with the arguments,
# and compares what it says and returns.
program() {
	local name=$1 status=$2 expected=$3 output got
	local arguments=()
	shift 3
	while [ "$1" != "${1#--}" ]; do arguments+=("${1#--}"); shift; done
	n=$((n + 1))
	# The variables are lists of words.
	# shellcheck disable=SC2086
	if ! "$@" ${CFLAGS-} -Wall -Wextra -Iinclude -o "$work/program" $KMEM_LIBS >"$work/log" 2>&1 || [ -s "$work/log" ]; then
		failed=$((failed + 1))
		echo "not ok $n - $name"
		sed 's/^/# /' "$work/log"
		return
	fi
	output=$("$work/program" "${arguments[@]}" 2>&1)
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
		program "as C++, with parameters" 0 "3 2 3 quiet 0 awake 1 'none' 'short' 7,8,9 of 0, 0" \
			--number=3 $CXX -x c++ -Wno-write-strings -Wno-missing-field-initializers $m/params.c -x none
	else
		n=$((n + 1))
		echo "ok $n - as C++ # SKIP there is no C++ compiler"
	fi
	program "C99" 0 "$fine" $CC -std=gnu99 $m/ok.c
	program "parameters as the source sets them" 0 "1 2 3 quiet 0 awake 1 'none' 'short' 7,8,9 of 0, 0" $CC $m/params.c
	program "parameters on the command line" 0 \
		"-5 255 18446744073709551615 quiet 1 awake 0 'a b' 'tiny' 1,2,9 of 2, 42" \
		--number=-5 --small=0xff --large=18446744073709551615 --quiet --asleep=y "--text=a b" --copy=tiny \
		--list=1,2 --twice=21 $CC $m/params.c
	program "a parameter with its module's name" 0 "6 2 3 quiet 0 awake 1 'none' 'short' 7,8,9 of 0, 0" \
		--params.number=6 $CC $m/params.c
	program "a value that is none" 22 "params: \`12x' invalid for parameter \`number'" --number=12x $CC $m/params.c
	program "a value out of range" 34 "params: \`256' invalid for parameter \`small'" --small=256 $CC $m/params.c
	program "a parameter without its value" 22 "params: \`' invalid for parameter \`number'" --number $CC $m/params.c
	program "a text that is too long" 28 "params: \`longer' too large for parameter \`copy'" --copy=longer $CC $m/params.c
	program "an array with too many elements" 22 "params: \`1' invalid for parameter \`list'" --list=1,2,3,4 $CC $m/params.c
	program "a parameter that nobody knows" 0 \
		$'params: unknown parameter \'other=1\' ignored\n1 2 3 quiet 0 awake 1 \'none\' \'short\' 7,8,9 of 0, 0' \
		--other=1 $CC $m/params.c
	export KMEM_CMDLINE='params.text="a b" params.number=4 other.number=5 "params.copy=c d"'
	program "parameters in the environment" 0 "4 2 3 quiet 0 awake 1 'a b' 'c d' 7,8,9 of 0, 0" $CC $m/params.c
	program "the command line goes before the environment" 0 "8 2 3 quiet 0 awake 1 'a b' 'c d' 7,8,9 of 0, 0" \
		--number=8 $CC $m/params.c
	# The loader tells nothing about itself either.
	n=$((n + 1))
	name="with set-group-ID none of the environment"
	if ! { chown :65534 "$work/program" && chmod g+s "$work/program"; } 2>/dev/null ||
		LD_SHOW_AUXV=1 "$work/program" 2>&1 | grep -q AT_SECURE; then
		echo "ok $n - $name # SKIP no rights can be given here"
	elif [ "$("$work/program" 2>&1)" = "1 2 3 quiet 0 awake 1 'none' 'short' 7,8,9 of 0, 0" ]; then
		echo "ok $n - $name"
	else
		failed=$((failed + 1))
		echo "not ok $n - $name"
	fi
	unset KMEM_CMDLINE
	program "a module that is ready before main()" 0 $'built_in: init\nmain: ready 1\nbuilt_in: exit' $CC $m/built_in.c
	program "the example module" 0 $'lru: 16 values of 56 bytes
lru: 3206 hits, 6794 misses, 6778 evictions, sum 187137
lru: most recent: key 19, least recent: key 47
lru: 0 values left' $CC -O2 examples/lru_module.c
}

echo "1..$n"
[ $failed = 0 ]
