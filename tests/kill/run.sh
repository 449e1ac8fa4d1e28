#!/usr/bin/env bash
# 1,000 kills under 50 acknowledged writes each, on SQLite and on PostgreSQL; arguments go to tests/story/kill.js.
set -eu
cd "$(dirname "$0")/../.."
script/build build
exec tests/with-postgres node tests/story/kill.js build/src/app/ridealong --rounds 1000 --writes 50 "$@"
