#!/usr/bin/env bash
# The rights matrix notices when any one authorisation check is taken out (tests/rights/mutations).
exec "$(dirname "$0")/mutate.sh" "$@"
