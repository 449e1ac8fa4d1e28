#!/bin/sh
# embed_sql.sh EMBED_SQL: what the embedder of statements takes, and what it refuses with file and line.
set -eu
tool=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/deals"
failed=0

refused() { # LINE WORDS, the file on standard input
	cat >"$dir/deals/queries.sql"
	if "$tool" "$dir/out.c" "$dir/out.h" "$dir/deals/queries.sql" 2>"$dir/said"; then
		echo "taken, but wrong: $2" && failed=1
	elif ! grep -q "queries.sql:$1: .*$2" "$dir/said"; then
		echo "wanted line $1, '$2', but it said: $(cat "$dir/said")" && failed=1
	fi
}

refused 2 "words before the first heading" <<'X'

select 1
X
refused 2 "second statement under the heading a" <<'X'
-- name: a
select 1; select 2
X
refused 2 "no statement under the heading a" <<'X'

-- name: a
-- only words
X
refused 1 "small letters" <<'X'
-- name: Deals
select 1
X
refused 1 "one name" <<'X'
-- name: a b
select 1
X
refused 3 "a is in .*queries.sql:1 already" <<'X'
-- name: a
select 1
-- name: a
select 2
X
refused 2 "a quote without an end" <<'X'
-- name: a
select 'x
X
refused 2 "a comment without an end" <<'X'
-- name: a
select 1 /* x
X

cat >"$dir/deals/queries.sql" <<'X'
-- Of deals.

-- name: deals_board
-- $1 company: each */ deal
select id/**/, name -- not; kept
 where name <> 'a;b''-- name: "x"\' /* ; */
 order by {lite:a|pg:b};

-- name: two
select 'č?'
X
cat >"$dir/wanted" <<'X'
	"select id , name \n"
	" where name <> 'a;b''-- name: \"x\"\\'  \n"
	" order by {lite:a|pg:b}";
	"select '\304\215\?'";
	{ "deals_board", sql_deals_board },
	{ "two", sql_two },
X
"$tool" "$dir/out.c" "$dir/out.h" "$dir/deals/queries.sql"
grep '^	' "$dir/out.c" | diff "$dir/wanted" - || failed=1
grep -q 'sql_deals_n = 2;' "$dir/out.c" || failed=1
grep -Fq '/* $1 company: each * / deal */' "$dir/out.h" || failed=1
exit "$failed"
