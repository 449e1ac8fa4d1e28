#!/usr/bin/env bash
# Takes out one authorisation check at a time, in a copy, and sees the rights matrix fail each time.
#     mutate.sh [WORDS]    only those whose line in the list holds these words
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
copy=$(mktemp -d "${TMPDIR:-/var/tmp}/ridealong-mutate.XXXXXX")
trap 'rm -rf "$copy"' EXIT
(cd "$here" && git ls-files -z | xargs -0 -I{} sh -c '[ -e "$1" ] && printf "%s\0" "$1"' - {} | tar -c --null -T -) | tar -x -C "$copy"
cd "$copy"

build() { ninja -C build src/app/ridealong tests/rights/rights_help >build.log 2>&1 || { cat build.log >&2; return 1; }; }
matrix() { node tests/rights/rights.js build/src/app/ridealong build/tests/rights/rights_help >matrix.log 2>&1; }

meson setup build >build.log 2>&1 || { cat build.log >&2; exit 1; }
build
if matrix; then echo "ok 1 - unchanged, the matrix passes"; else grep -A20 '^not ok' matrix.log >&2; echo "not ok 1 - unchanged, the matrix passes"; exit 1; fi
n=1 failed=0
while IFS= read -r row; do
	case $row in *"${1:-}"*) ;; *) continue ;; esac
	file=${row%%|*} rest=${row#*|}
	what=${rest##*|} patch=${rest%|*}
	n=$((n + 1))
	cp "$file" saved
	sed -i -E "$patch" "$file"
	if cmp -s "$file" saved; then
		echo "not ok $n - $what: the patch changes nothing any more"; failed=1
	elif ! build; then
		echo "not ok $n - $what: does not build"; failed=1
	elif matrix; then
		echo "not ok $n - $what: nobody noticed"; failed=1
	else
		echo "ok $n - $what: noticed ($(grep -c '^not ok' matrix.log) times)"
	fi
	cp saved "$file"
done <tests/rights/mutations
echo "1..$n"
exit "$failed"
