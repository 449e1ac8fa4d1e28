#!/usr/bin/env bash
# Every NAME.html beside this script goes through the template compiler: NAME.out is the C it makes, NAME.err what it says
# when it refuses. One of the two must stand beside each. `run.sh COMPILER --update` writes them anew: read the diff.
set -u
compiler=$(realpath "$1")
update=${2:-}
cd "$(dirname "$0")" || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
n=0
for page in *.html; do
	name=${page%.html}
	n=$((n + 1))
	if "$compiler" "$page" "$work/page.c" "$work/page.h" 2>"$work/err"; then
		kind=out
		grep -v '^/\* Made by\|^#pragma once\|^#include "html/html.h"\|^#include "page.h"' "$work/page.h" "$work/page.c" -h >"$work/got"
	else
		kind=err
		cp "$work/err" "$work/got"
		if [ -s "$work/page.c" ]; then
			echo "$page: refused, and yet wrote C"
			bad=1
		fi
	fi
	rm -f "$work/page.c" "$work/page.h"
	if [ "$update" = --update ]; then
		rm -f "$name.out" "$name.err"
		cp "$work/got" "$name.$kind"
	elif ! diff -u "$name.$kind" "$work/got"; then
		bad=1
	fi
done
[ "$n" -gt 0 ] || bad=1
echo "$n templates"
exit $bad
