#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The debug library under memcheck: no invalid access in the library's own code, and the programs pass there too.
# First as it is, without valgrind being told of objects (kmem.tools=0), then with.
# At risk: a read of memory that was never written, which only shows when its garbage matters.
# KMEM_THOROUGH=1 asks for ten times as many objects: code is checked alike however often it runs.
cd "$(dirname "$0")/.."
if ! command -v valgrind >/dev/null; then echo '1..0 # SKIP valgrind is not installed'; exit 0; fi
echo 1..4
n=0
for run in debug/threads:0:2000 shared/objects:0:1 shared/ctor:0:1 debug/threads:1:2000; do
    n=$((n + 1))
    IFS=: read -r test tools stress <<<"$run"
    [ -z "${KMEM_THOROUGH-}" ] || stress=${stress}0
    if out=$(KTEST_CMDLINE=kmem.tools=$tools KMEM_STRESS=$stress timeout 400 valgrind -q --error-exitcode=9 --trace-children=no \
        "target/check/$test" 2>&1) && ! grep -q '^not ok\|^==' <<<"$out"; then
        echo "ok $n - g8: $test, kmem.tools=$tools"
    else
        echo "not ok $n - g8: $test, kmem.tools=$tools"; sed 's/^/# /' <<<"$out"
    fi
done
