#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# What docs/porting.md shows works as it is shown: its files, its commands, its output; and it names every header.
# At risk: documentation that was true once.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
doc=docs/porting.md
n=0
report() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' "$work/log"; fi
}
# block NUMBER LANGUAGE: the text of a fenced block.
block() {
	awk -v want="$1" -v lang="$2" '$0 == "```" lang { n++; inside = n == want; next } /^```$/ { inside = 0 } inside' $doc
}

block 1 c >"$work/names.c"
block 2 c >"$work/main.c"
block 1 sh >"$work/commands"
ln -s "$root/include" "$root/target" "$work"
(cd "$work" && PATH="$work/bin:$PATH" sh -e ./commands) >"$work/log" 2>&1
report $? "the port builds and runs with the commands given"
[ "$(cat "$work/log")" = 'one name' ]
report $? "and prints what is said"
sed -i '0,/name_put(b);/s///' "$work/main.c"
(cd "$work" && sh ./commands) >"$work/log" 2>&1
grep -q 'WARNING.*names.c' "$work/log" && grep -q names_exit "$work/log"
report $? "a forgotten name_put() is reported at the end"

# Each header is in the list, or is not what a program asks for by name.
internal='array_size cache compiler container_of gfp_types kern_levels kernel list_lru moduleparam numa poison processor
	rbtree_types rwlock spinlock_types stddef stringify timekeeping typecheck types nospec hardirq bottom_half time'
: >"$work/log"
for h in include/linux/*.h; do
	h=$(basename "$h" .h)
	case " $(echo $internal) " in *" $h "*) continue ;; esac
	grep -q "\`$h\.h\`" $doc || echo "$h.h is not mentioned" >>"$work/log"
done
[ ! -s "$work/log" ]
report $? "every header is in the list"
echo "1..$n"
