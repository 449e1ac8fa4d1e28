#!/usr/bin/env bash
# Takes out one authorisation check at a time, in a copy, and sees the rights matrix fail each time: as many copies side by
# side as there are processors, each run ended by the first answer that is wrong.
#     mutate.sh [PATTERN]    only those whose line in the list it fits
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
copies=$(mktemp -d "${TMPDIR:-/var/tmp}/ridealong-mutate.XXXXXX")
trap 'rm -rf "$copies"' EXIT
trap 'kill 0; exit 130' INT TERM
workers=$(nproc)
words=${1:-}

build() { ninja -C build src/app/ridealong tests/rights/rights_help >build.log 2>&1 || { cat build.log >&2; return 1; }; }
matrix() { mkdir -p scratch; TMPDIR=$PWD/scratch node tests/rights/rights.js build/src/app/ridealong build/tests/rights/rights_help >matrix.log 2>&1; }

# copy W: the checkout as it stands, built, in a folder of its own.
copy() {
	mkdir "$copies/$1"
	(cd "$here" && git ls-files -z | xargs -0 -I{} sh -c '[ -e "$1" ] && printf "%s\0" "$1"' - {} | tar -c --null -T -) | tar -x -C "$copies/$1"
	cd "$copies/$1"
	meson setup build >build.log 2>&1 || { cat build.log >&2; return 1; }
	build
}

# one N ROW: takes the check of this row of the list out, and puts it back.
one() {
	local row=$2 file rest what patch
	file=${row%%|*} rest=${row#*|}
	what=${rest##*|} patch=${rest%|*}
	cp "$file" saved
	sed -i -E "$patch" "$file"
	if cmp -s "$file" saved; then
		echo "not ok $1 - $what: the patch changes nothing any more"
	elif ! build; then
		echo "not ok $1 - $what: does not build"
	elif matrix; then
		echo "not ok $1 - $what: nobody noticed"
	else
		echo "ok $1 - $what: noticed by $(sed -n 's/^not ok [0-9]* - //p' matrix.log | head -n 1)"
	fi
	cp saved "$file"
}

# worker W: every so-manieth row of the list.
worker() {
	cd "$copies/$1"
	local n=1 row
	while IFS= read -r row; do
		[[ $row =~ $words ]] || continue
		n=$((n + 1))
		[ $((n % workers)) -ne "$1" ] || one "$n" "$row" </dev/null
	done <tests/rights/mutations
}

for ((w = 0; w < workers; w++)); do (copy "$w"); done
cd "$copies/0"
if matrix; then echo "ok 1 - unchanged, the matrix passes"; else grep -A20 '^not ok' matrix.log >&2; echo "not ok 1 - unchanged, the matrix passes"; exit 1; fi
export RIDEALONG_FIRST=1
for ((w = 0; w < workers; w++)); do worker "$w" & done | tee "$copies/said"
echo "1..$(($(wc -l <"$copies/said") + 1))"
[ "$(grep -c '^ok' "$copies/said")" -gt 0 ] && ! grep -q '^not ok' "$copies/said"
