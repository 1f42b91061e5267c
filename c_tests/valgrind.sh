#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The debug library under memcheck: no invalid access in the library's own code, and the programs pass there too.
# At risk: a read of memory that was never written, which only shows when its garbage matters.
cd "$(dirname "$0")/.."
if ! command -v valgrind >/dev/null; then echo '1..0 # SKIP valgrind is not installed'; exit 0; fi
echo 1..3
n=0
for test in debug/threads shared/objects shared/ctor; do
    n=$((n + 1))
    if out=$(KMEM_STRESS=20000 timeout 400 valgrind -q --error-exitcode=9 --trace-children=no \
        "target/check/$test" 2>&1) && ! grep -q '^not ok\|^==' <<<"$out"; then
        echo "ok $n - $test"
    else
        echo "not ok $n - $test"; sed 's/^/# /' <<<"$out"
    fi
done
