#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Memory checkers see slab objects: seeded bugs under AddressSanitizer (gcc's and clang's) and valgrind, against the
# library as it is for everybody. At risk: a use after free that the checker takes for a valid access.
cd "$(dirname "$0")/.."
out=target/check/tools
mkdir -p "$out"
libs=${KMEM_LIBS:--Ltarget/release -lkmem -Wl,-rpath,$PWD/target/release}
n=0
ok() { n=$((n + 1)); echo "ok $n - g8: $1"; }
not_ok() { n=$((n + 1)); echo "not ok $n - g8: $1"; sed 's/^/# /' <<<"$2"; }
skip() { n=$((n + 1)); echo "ok $n - g8: $1 # SKIP $2"; }

# expect NAME PATTERNS TEXT: every line of PATTERNS matches.
expect() {
    local pattern
    while read -r pattern; do
        if ! grep -qE -- "$pattern" <<<"$3"; then
            not_ok "$1: no match for $pattern" "$3"
            return
        fi
    done <<<"$2"
    ok "$1"
}

asan() {
    local label=$1 program=$2 said
    said=$("$program" clean 2>&1) && [ "$said" = 'clean: done' ] && ok "$label: nothing to find" ||
        not_ok "$label: nothing to find" "$said"
    said=$("$program" held 2>&1) && [ -z "$said" ] && ok "$label: held by a slab object is no leak" ||
        not_ok "$label: held by a slab object is no leak" "$said"
    for bug in read-after-free write-after-free bulk-after-free overflow underflow; do
        if said=$("$program" "$bug" 2>&1); then
            not_ok "$label: $bug" "exit status 0: $said"
        else
            expect "$label: $bug" $'AddressSanitizer: use-after-poison\nin main' "$said"
        fi
    done
    # Debugging that is not to make slabs larger leaves the checker what it needs.
    said=$(KMEM_CMDLINE=slab_debug=O "$program" clean 2>&1) && [ "$said" = 'clean: done' ] &&
        ok "$label: nothing to find with slab_debug=O" || not_ok "$label: nothing to find with slab_debug=O" "$said"
    said=$(KMEM_CMDLINE=slab_debug=O "$program" page-after-free 2>&1) || true
    expect "$label: page-after-free with slab_debug=O" $'AddressSanitizer: use-after-poison\nin main' "$said"
    # What the switch is for: the checker is there and is told nothing.
    said=$(KMEM_CMDLINE=kmem.tools=0 "$program" read-after-free 2>&1) && ok "$label: kmem.tools=0" ||
        not_ok "$label: kmem.tools=0" "$said"
}

# Compilers and libraries are lists of words.
# shellcheck disable=SC2086
sanitizers() {
    local cc said
    for cc in "${CC:-cc}" clang; do
        if ! command -v "${cc%% *}" >/dev/null; then
            skip "$cc -fsanitize=address" 'not installed'
            continue
        fi
        if ! echo 'int main(void) { return 0; }' | $cc -fsanitize=address -x c - -o "$out/probe" 2>/dev/null ||
            ! "$out/probe" 2>/dev/null; then
            skip "$cc -fsanitize=address" 'the run-time library is not installed'
            continue
        fi
        if said=$($cc -g -O1 -fno-omit-frame-pointer -fsanitize=address -Wno-use-after-free -Wno-unknown-warning-option \
            -Iinclude c_tests/tools/bugs.c -o "$out/bugs-asan" -pthread $libs 2>&1); then
            asan "$cc, shared" "$out/bugs-asan"
        else
            not_ok "$cc -fsanitize=address" "$said"
        fi
    done
}

valgrind_sees() {
    local label=$1 said
    said=$(valgrind --error-exitcode=9 "${@:4}" "$out/bugs" "$2" 2>&1)
    expect "valgrind: $label" "$3" "$said"
}

# shellcheck disable=SC2086
memcheck() {
    local said
    if ! command -v valgrind >/dev/null; then
        skip valgrind 'not installed'
        return
    fi
    if ! said=$(${CC:-cc} -g -O1 -Wno-use-after-free -Iinclude c_tests/tools/bugs.c -o "$out/bugs" -pthread $libs 2>&1); then
        not_ok valgrind "$said"
        return
    fi
    valgrind_sees clean clean $'ERROR SUMMARY: 0 errors\nclean: done' --leak-check=full
    valgrind_sees 'read after free' read-after-free \
        $'Invalid read of size 1\n3 bytes inside a freed inode object of size 56\nput_inode' -q
    valgrind_sees 'write after free' write-after-free $'Invalid write of size 4\na freed inode object' -q
    valgrind_sees 'bulk free' bulk-after-free $'Invalid read of size 1\na freed inode object' -q
    KMEM_CMDLINE=slab_debug=O valgrind_sees 'clean with slab_debug=O' clean $'ERROR SUMMARY: 0 errors\nclean: done'
    KMEM_CMDLINE=slab_debug=O valgrind_sees 'page after free with slab_debug=O' page-after-free \
        $'Invalid read of size 1\na freed page object of size 4,096' -q
    valgrind_sees overflow overflow $'Invalid write of size 1\na red zone after a inode object\nnew_inode' -q
    valgrind_sees underflow underflow $'Invalid write of size 1' -q
    valgrind_sees uninitialised uninitialised $'uninitialised value' -q
    valgrind_sees leak leak $'definitely lost: 112 bytes in 2 blocks\nnew_inode' --leak-check=full
}

sanitizers
memcheck
echo "1..$n"
