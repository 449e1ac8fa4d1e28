#!/usr/bin/env bash
# Every story that asks the API, through Prism's proxy: answers are as the description says. A word: only stories with it.
set -eu
cd "$(dirname "$0")/../.."
script/build build
export RIDEALONG_PRISM=1 RIDEALONG_STORIES=${RIDEALONG_STORIES:-sqlite}
said=$(mktemp) n=0 failed=0
trap 'rm -f "$said"' EXIT
# Those that measure, kill, or have a proxy of their own are left out, and the parts that stories share.
for story in $(grep -lE 'api/v1|json' tests/story/*.js | grep -vE '/(api|company|drive|kill|maven|importer|running|sales|wait)\.js$'); do
	name=$(basename "$story" .js) more=
	[[ $name =~ ${1:-.} ]] || continue
	case $name in acts) more=src ;; command) more=man/ridealong.1 ;; invites) more=build/tests/story/ical_check ;; esac
	n=$((n + 1))
	if node "$story" build/src/app/ridealong $more >"$said" 2>&1; then
		echo "ok $n - $name: $(grep -c '^ok' "$said")"
	else
		failed=$((failed + 1))
		echo "not ok $n - $name"
		grep -A8 '^not ok' "$said" || tail -n 20 "$said"
	fi
done
echo "1..$n"
[ "$n" -gt 0 ] && [ "$failed" -eq 0 ]
