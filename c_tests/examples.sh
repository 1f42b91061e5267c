#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The examples run, the README quotes the one it says it quotes, and its command to build it works.
# At risk: documentation that was true once.
cd "$(dirname "$0")/.."
: "${CC:=cc}"
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
n=0
report() { # report STATUS NAME: the output of the check is in $tmp/out
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' "$tmp/out"; fi
}

sed -n '/^```c$/,/^```$/p' README.md | sed '1d;$d' >"$tmp/quoted.c"
sed '1,2d' examples/hello.c | diff - "$tmp/quoted.c" >"$tmp/out"; report $? 'README quotes examples/hello.c'
[ "$(wc -l <examples/hello.c)" -lt 40 ]; report $? 'which has under 40 lines'
{ $CC -Wall -Wextra -Werror -Iinclude "$tmp/quoted.c" -o "$tmp/hello" -Ltarget/release -lkmem \
    -Wl,-rpath,"$PWD/target/release" && "$tmp/hello"; } >"$tmp/out" 2>&1
report $? 'it builds as README says, and runs'
grep -q '^a new connection: fd -1, 0 requests$' "$tmp/out" && grep -q '^connection ' "$tmp/out"
report $? 'with a constructed object and its row of slabinfo'

{ $CC -Wall -Wextra -Iinclude examples/lru_module.c -o "$tmp/lru" -Ltarget/release -lkmem \
    -Wl,-rpath,"$PWD/target/release" && "$tmp/lru"; } >"$tmp/out" 2>&1
report $? 'lru_module'
[ -s "$tmp/out" ] && ! grep -qE 'BUG|WARNING' "$tmp/out"; report $? 'says something, and nothing bad'

{ $CC -Wall -Wextra -Iinclude examples/dentry_cache.c -o "$tmp/dentry" -Ltarget/release -lkmem \
    -Wl,-rpath,"$PWD/target/release" && "$tmp/dentry" "$PWD/src"; } >"$tmp/out" 2>&1
report $? 'dentry_cache on a small tree'
grep -q 'empty again; 0 problems' "$tmp/out"; report $? 'with nothing left and no problem'
"$tmp/dentry" /nonexistent >"$tmp/out" 2>&1; [ $? = 1 ]; report $? 'a tree that is not there is an error'

# The session of "Hunt a bug": each line that README shows is said, in that order, but for addresses, offsets, ages and ids.
plain() {
    sed -E 's/0x[0-9a-f]{16}|\b[0-9a-f]{16}:/ADDRESS/g; s/\+0x[0-9a-f]+\/0x[0-9a-f]+/+OFFSET/g;
        s/ \[four_bugs\]//; s/age=[0-9]+ cpu=[0-9]+ pid=[0-9]+//; s/[[:space:]]+$//' | iconv -c -t ASCII
}
sed -n '/^```console$/,/^```$/p' README.md | grep -v '^```' >"$tmp/session"
grep -v '^\$ ' "$tmp/session" | plain >"$tmp/shown"
{ $CC -Wall -Wextra -Werror -Wno-stringop-overflow -Wno-use-after-free -Iinclude examples/four_bugs.c -o "$tmp/four_bugs" \
    -Ltarget/release -lkmem -Wl,-rpath,"$PWD/target/release" && "$tmp/four_bugs"; } >"$tmp/out" 2>&1
report $? 'four_bugs runs, as programs with bugs do'
KMEM_CMDLINE=slab_debug "$tmp/four_bugs" 2>&1 | plain >"$tmp/said"
awk 'NR == FNR { shown[NR] = $0; lines = NR; next } $0 == shown[at + 1] { at++ }
    END { if (!lines || at < lines) { print "not said: " shown[at + 1]; exit 1 } }' "$tmp/shown" "$tmp/said" >"$tmp/out"
report $? 'README shows what it says under slab_debug'
grep '^BUG job' "$tmp/said" >"$tmp/out"; [ "$(wc -l <"$tmp/out")" = 4 ]; report $? 'four reports'
echo "1..$n"
