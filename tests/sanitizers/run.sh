#!/usr/bin/env bash
# Every test of the program, stories too, with clang's address and undefined-behaviour sanitizers; on both databases.
set -eu
cd "$(dirname "$0")/../.."
export CMOCKA_MESSAGE_OUTPUT=TAP G_SLICE=always-malloc RIDEALONG_SLOWER=4 RIDEALONG_KILLS=5
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
CC=clang CC_LD=lld script/build build-sanitize -Dwerror=true -Dtests=enabled -Db_lundef=false \
	-Db_sanitize=address,undefined -Doptimization=1 "-Dc_args=-fno-sanitize-recover=all -gline-tables-only" all
exec tests/with-postgres meson test -C build-sanitize --no-rebuild -t 8 --print-errorlogs "$@"
