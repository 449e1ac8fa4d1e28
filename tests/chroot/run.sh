#!/usr/bin/env bash
# A fresh Debian 12: both commands of the README on a minimal system, as root and as a user with sudo.
#     script/prove chroot              root and user, script/server and script/test
#     script/prove chroot server       only that script/server comes up
#     script/prove chroot root test    only as root …
#     script/prove chroot user test lint unit   only these parts of script/test
# What is committed is what is tried. The mirror, the proxy and further certificates are those of this machine, read when
# it runs. Needs root, debootstrap and some 5 GB in TMPDIR. Prints timings and sizes, and "N passed, N failed".
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
who=() what=() parts=()
for word; do
	case $word in
	root | user) who+=("$word") ;;
	server | test) what+=("$word") ;;
	lint | unit | story | browser) parts+=("$word") ;;
	*) sed -n '3,6s/^# *//p' "$0" >&2; exit 2 ;;
	esac
done
[ "${#who[@]}" -gt 0 ] || who=(root user)
[ "${#what[@]}" -gt 0 ] || what=(server test)
[ "$(id -u)" = 0 ] || { echo "chroot: this proof must be root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "chroot: please install debootstrap first" >&2; exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/ridealong-chroot-XXXXXX")
passed=0 failed=0
say() { printf 'chroot: %s\n' "$*"; }
note() { # note NAME STATUS: counts one result
	if [ "$2" = 0 ]; then passed=$((passed + 1)); say "ok: $1"; else failed=$((failed + 1)); say "FAILED: $1"; fi
}

unmount() { local at; for at in dev/shm dev proc; do mountpoint -q "$1/$at" && umount -l "$1/$at"; done; return 0; }
clean() {
	local tree
	for tree in "$work"/*/; do unmount "${tree%/}"; done
	rm -rf --one-file-system "$work"
}
trap clean EXIT

# The mirror of the first enabled Debian source of this machine.
mirror() {
	{ awk '/^URIs:/ { print $2 }' /etc/apt/sources.list.d/debian.sources 2>/dev/null
	  awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) print $i }' /etc/apt/sources.list 2>/dev/null
	} | grep -m 1 -E 'debian/?$'
}

# What this machine needs to reach its mirrors: sources, proxy, name service, certificates.
copy_network() {
	local tree=$1 file
	rm -rf "$tree"/etc/apt/sources.list "$tree"/etc/apt/sources.list.d
	mkdir -p "$tree/etc/apt/sources.list.d" "$tree/usr/local/share/ca-certificates" "$tree/etc/apt/apt.conf.d"
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
		if [ -f "$file" ]; then cp "$file" "$tree$file"; fi
	done
	grep -lsi -E 'proxy|check-' /etc/apt/apt.conf /etc/apt/apt.conf.d/* | xargs -r -I{} cp {} "$tree/etc/apt/apt.conf.d/"
	cp /etc/resolv.conf /etc/hosts "$tree/etc/"
	find /usr/local/share/ca-certificates -name '*.crt' -exec cp {} "$tree/usr/local/share/ca-certificates/" \;
	if [ -f /usr/etc/npmrc ]; then mkdir -p "$tree/usr/etc" && cp /usr/etc/npmrc "$tree/usr/etc/"; fi
}

mount_tree() {
	mount -t proc proc "$1/proc"
	mount --rbind /dev "$1/dev" && mount --make-rslave "$1/dev"
}

# make_tree NAME: a copy of the minimal system, with the committed tree in it.
make_tree() {
	local tree=$work/$1
	cp -a --reflink=auto "$work/minimal" "$tree"
	copy_network "$tree"
	mount_tree "$tree"
	git clone -q --no-hardlinks "$here" "$tree/srv/ridealong"
	if [ "$1" = user ]; then
		chroot "$tree" sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends sudo' >"$work/sudo.log" 2>&1
		chroot "$tree" useradd -m -s /bin/bash seller
		echo 'seller ALL=(ALL) NOPASSWD: ALL' >"$tree/etc/sudoers.d/ridealong"
		chroot "$tree" chown -R seller: /srv/ridealong
	fi
}

# inside NAME COMMAND…: as root or as the user, with an environment as of a fresh login. Node has a list of certificates
# of its own, so it is told of the system's.
inside() {
	local tree=$work/$1 name=$1 home=/root
	shift
	local as=()
	if [ "$name" = user ]; then as=(--userspec=seller:seller) home=/home/seller; fi
	chroot "${as[@]}" "$tree" env -i HOME="$home" USER="$name" TERM=dumb LANG=C.UTF-8 \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt bash -c 'cd /srv/ridealong && exec "$@"' bash "$@"
}

size_of() { du -sxm --exclude=./dev --exclude=./proc "$work/$1" | cut -f1; }

# Starts script/server, waits for its address and asks for the page behind the one-time link.
try_server() {
	local name=$1 log=$work/$1-server.log began=$SECONDS address='' pid status=1
	set -m # a process group of its own, so that it can be ended with all it started
	inside "$name" script/server >"$log" 2>&1 </dev/null &
	pid=$!
	set +m
	while kill -0 "$pid" 2>/dev/null && [ $((SECONDS - began)) -lt 900 ]; do
		address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+/l/[^ ]+' "$log" | tail -n 1)
		[ -z "$address" ] || break
		sleep 0.5
	done
	if [ -n "$address" ]; then
		node -e 'fetch(process.argv[1]).then(async (r) => { const t = await r.text(); process.exit(r.ok && t.includes("<h1") ? 0 : 1) }, () => process.exit(1))' "$address" && status=0
	fi
	[ "$status" = 0 ] || tail -n 20 "$log"
	kill -- -"$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	note "$name: script/server, answered after $((SECONDS - began)) s, $(size_of "$name") MB" "$status"
}

try_test() {
	local name=$1 log=$work/$1-test.log began=$SECONDS status=0
	inside "$name" script/test "${parts[@]}" >"$log" 2>&1 </dev/null || status=$?
	cp "$log" "$here/build/chroot-$name-test.log" 2>/dev/null || true
	[ "$status" = 0 ] || grep -E '^(failed:|E:|build: |setup: )' "$log" | tail -n 30
	note "$name: script/test ${parts[*]}, $((SECONDS - began)) s, $(size_of "$name") MB: $(tail -n 1 "$log")" "$status"
}

began=$SECONDS
debootstrap --variant=minbase bookworm "$work/minimal" "$(mirror)" >"$work/debootstrap.log" 2>&1 || {
	tail -n 20 "$work/debootstrap.log"
	exit 1
}
say "minimal system after $((SECONDS - began)) s, $(size_of minimal) MB"
for name in "${who[@]}"; do
	make_tree "$name"
	for task in "${what[@]}"; do "try_$task" "$name"; done
	unmount "$work/$name"
	rm -rf --one-file-system "${work:?}/$name"
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
