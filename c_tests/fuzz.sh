#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Programs of API calls, correct and not, beside a model of objects, contents and reports (c_tests/fuzz): those that
# are kept, and random ones, as many as go into FUZZ_SECONDS (default 5) per build. The debug build is slow, and runs what is
# kept in some of the modes.
# At risk: two objects in one place, a mistake that nobody reports, a report where there was none; a function that no program
# can call.
cd "$(dirname "$0")/.."
echo 1..18
never=$(comm -23 <(nm -D --defined-only target/release/libkmem.so | awk '{ print $3 }' | sort) \
    <(nm -u target/check/shared/fuzz-run | awk '{ print $2 }' | sort))
if [ -z "$never" ]; then echo 'ok 1 - g6: programs reach every exported function'
else echo "not ok 1 - g6: no program calls" $never; fi
n=1
declare -A modes=(
    [shared]="plain harden debug checks init failslab random quarantine odd scarce any"
    [debug]="plain debug random scarce"
)
for build in shared debug; do
    while IFS= read -r text; do
        case $text in ok*|not\ ok*) n=$((n + 1)); sed "s/^\(not ok\|ok\) - /\1 $n - g6: $build, /" <<<"$text" ;; *) echo "$text" ;; esac
    done < <(for mode in ${modes[$build]}; do
                 timeout 300 "target/check/$build/fuzz-run" --mode "$mode" --corpus c_tests/fuzz/corpus
             done
             timeout 300 "target/check/$build/fuzz-run" --seconds "${FUZZ_SECONDS:-5}")
done
