#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# The table of docs/porting.md is true: each name compiles with nothing but the header that the table gives, and
# links. A name whose header is a dash must not be there, so that the table is corrected when it comes.
#
#   names.sh             checks, and prints TAP
#   names.sh --update    writes the header of each name into the table: the first of a few where it works
#
# CC and KMEM_LIBS come from the environment.
set -u
cd "$(dirname "$0")/../.." || exit 1
CC=${CC:-cc}
KMEM_LIBS=${KMEM_LIBS:--Ltarget/release -lkmem -Wl,-rpath,$PWD/target/release}
doc=docs/porting.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# home NAME: where --update looks, the kernel's own place for such a name first.
home() {
	case $1 in
	GFP_* | __GFP_* | gfp* | *_page | *_pages | *page_address | *pages_exact | get_zeroed_page) echo linux/gfp.h ;;
	vmalloc* | vzalloc* | vfree | vcalloc | vrealloc | __vmalloc) echo linux/vmalloc.h ;;
	mempool_*) echo linux/mempool.h ;;
	kstr* | kmemdup* | kfree_const) echo linux/string.h ;;
	k*asprintf) echo linux/sprintf.h ;;
	memalloc_*) echo linux/sched/mm.h ;;
	is_vmalloc_addr | virt_to_page | get_order) echo linux/mm.h ;;
	slab_flags_t) echo linux/types.h ;;
	list_lru) echo linux/list_lru.h ;;
	esac
	echo linux/slab.h linux/rcupdate.h linux/shrinker.h linux/mm.h linux/mempool.h
}

# What a macro is used for: a statement. The others are checked by name.
declare -A use=(
	[KMEM_CACHE]='KMEM_CACHE(thing, 0);'
	[KMEM_CACHE_USERCOPY]='KMEM_CACHE_USERCOPY(thing, 0, text);'
	[ZERO_OR_NULL_PTR]='(void)ZERO_OR_NULL_PTR(thing);'
	[kfree_rcu]='kfree_rcu(thing, rcu);'
	[kvfree_rcu]='kvfree_rcu(thing, rcu);'
	[kfree_rcu_mightsleep]='kfree_rcu_mightsleep(thing);'
	[kvfree_rcu_mightsleep]='kvfree_rcu_mightsleep(thing);'
	[register_shrinker]='(void)register_shrinker(&shrinker, "name");'
	[unregister_shrinker]='unregister_shrinker(&shrinker);'
	[shrinker_register]='shrinker_register(&shrinker);'
	[shrinker_free]='shrinker_free(&shrinker);'
	[kvrealloc]='(void)kvrealloc(thing, 1, GFP_KERNEL); (void)kvrealloc(thing, 1, 2, GFP_KERNEL);'
	[kzfree]='kzfree(thing);'
	[kmem_cache_create]='kmem_cache_create("five", 8, 0, 0, NULL); kmem_cache_create("four", 8, NULL, 0);'
	[kmalloc_obj]='thing = kmalloc_obj(*thing); thing = kmalloc_obj(struct thing, GFP_NOWAIT);'
	[kzalloc_obj]='thing = kzalloc_obj(*thing);'
	[kvmalloc_obj]='thing = kvmalloc_obj(*thing);'
	[kvzalloc_obj]='thing = kvzalloc_obj(*thing);'
	[kmalloc_objs]='thing = kmalloc_objs(*thing, 3);'
	[kzalloc_objs]='thing = kzalloc_objs(*thing, 3, GFP_ATOMIC);'
	[kmalloc_flex]='flex = kmalloc_flex(*flex, item, 3);'
	[kzalloc_flex]='flex = kzalloc_flex(*flex, item, 3, GFP_KERNEL);'
	[kmalloc_noprof]='thing = kmalloc_noprof(sizeof(*thing), GFP_KERNEL);'
)

# rows: name, kind and header of each row of the table.
rows() {
	sed -n 's/^|[^|]*| `\([^`]*\)` | \([a-z]*\) | [^|]* | \([^|]*\) |.*/\1 \2 \3/p' $doc | tr -d '`'
}

# code NAME KIND: a function that uses the name.
code() {
	case $2 in
	function) echo "void *use_$1(void) { return (void *)&($1); }" ;;
	value) echo "unsigned long use_$1(void) { return (unsigned long)($1); }" ;;
	type) echo "void use_$1($1 *p); void use_$1($1 *p) { (void)p; }" ;;
	struct) echo "void use_$1(struct $1 *p); void use_$1(struct $1 *p) { (void)p; }" ;;
	macro) echo "void use_$1(struct thing *thing, struct flex *flex); void use_$1(struct thing *thing, struct flex *flex)
		{ ${use[$1]-_Static_assert(0, "no use of this macro is known");} (void)thing, (void)flex; }" ;;
	*) echo "#error unknown kind $2" ;;
	esac
}

# try HEADER, with pairs of name and kind on standard input: compiles and links.
try() {
	{
		echo "#include <$1>"
		echo "struct flex { int n; int item[]; };"
		echo "#ifdef __LINUX_RCUPDATE_H"
		echo "struct thing { char text[8]; struct rcu_head rcu; };"
		echo "#else"
		echo "struct thing { char text[8]; };"
		echo "#endif"
		case $1 in *shrinker*) echo "static struct shrinker shrinker;" ;; esac
		while read -r name kind; do code "$name" "$kind"; done
		echo "int main(void) { return 0; }"
	} >"$work/use.c"
	# CC and KMEM_LIBS are lists of words.
	# shellcheck disable=SC2086
	$CC -std=gnu11 -Wall -Werror -Wno-unused-result -Wno-unused -Wno-unused-value -Iinclude "$work/use.c" -o "$work/use" \
		$KMEM_LIBS >"$work/log" 2>&1
}

if [ "${1-}" = --update ]; then
	rows | while read -r name kind _; do
		found=—
		for header in $(home "$name"); do
			[ -e "include/$header" ] || continue
			if echo "$name $kind" | try "$header"; then
				found="\`$header\`"
				break
			fi
		done
		sed -i "s#^\(|[^|]*| \`$name\` | [a-z]* | [^|]* | \)[^|]* |#\1$found |#" $doc
		echo "$name $found"
	done
	exit
fi

n=0
report() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; head -n 20 "$work/log" | sed 's/^/# /'; fi
}

rows >"$work/rows"
: >"$work/log"
[ "$(wc -l <"$work/rows")" -ge 140 ]
report $? "the table has its rows"
[ "$(cut -d' ' -f1 "$work/rows" | sort | uniq -d)" = "" ]
report $? "no name comes twice"
for header in $(cut -d' ' -f3 "$work/rows" | sort -u); do
	[ "$header" != — ] || continue
	awk -v h="$header" '$3 == h { print $1, $2 }' "$work/rows" >"$work/names"
	if try "$header" <"$work/names"; then
		report 0 "$header: $(wc -l <"$work/names") names"
	else
		report 1 "$header"
	fi
done
awk '$3 == "—" { print $1, $2 }' "$work/rows" >"$work/absent"
while read -r name kind; do
	there=1
	for header in $(home "$name"); do
		[ -e "include/$header" ] && echo "$name $kind" | try "$header" && there=0 && break
	done
	echo "$header has it" >"$work/log"
	[ $there = 1 ]
	report $? "$name is not there, as the table says"
done <"$work/absent"
echo "1..$n"
