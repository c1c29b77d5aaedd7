#!/bin/sh
# install.sh [wordpress] [pelican]: installs the real engines that tests/engines crawls, all of
# them by default. Idempotent. WordPress needs Debian and root; Pelican and Isso get an
# environment of their own beside this file.
# Exit 0: everything is there. Exit 3: it cannot be installed here, the last line says why.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
packages="php-cli php-fpm php-mysql php-gd php-mbstring php-xml nginx-light mariadb-server-core
mariadb-client wordpress wordpress-l10n wordpress-theme-twentytwentyone
wordpress-theme-twentytwentytwo wordpress-theme-twentytwentythree"
log=$(mktemp)
policy=
trap 'rm -f "$log" $policy' EXIT

refuse() {
    tail -n 20 "$log" >&2
    echo "$1 is missing and cannot be installed: $2" >&2
    exit 3
}

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 --yes "$@" >>"$log" 2>&1
}

missing() {
    for package in $packages; do
        dpkg-query --show --showformat='${db:Status-Abbrev}' "$package" 2>/dev/null |
            grep -q '^ii' || printf '%s ' "$package"
    done
}

wordpress() {
    command -v dpkg-query >/dev/null || refuse WordPress "this is not a Debian system"
    [ -n "$(missing)" ] || return 0
    command -v apt-get >/dev/null || refuse WordPress "apt-get was not found"
    [ "$(id -u)" -eq 0 ] || refuse WordPress "not running as root"
    # The lab starts its own private servers: the packages must not start theirs.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        policy=/usr/sbin/policy-rc.d
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod +x $policy
    fi
    apt update || refuse WordPress "apt-get update failed"
    # shellcheck disable=SC2086  # the list is meant to be split into words
    apt install --no-install-recommends $packages || refuse WordPress "apt-get install failed"
}

pelican() {
    wanted=$here/requirements-pelican.txt
    cmp -s "$wanted" "$here/.venv/installed.txt" && return 0
    rm -rf "$here/.venv"
    "${PYTHON:-python3}" -m venv "$here/.venv" >>"$log" 2>&1 ||
        refuse Pelican "no virtual environment could be made"
    "$here/.venv/bin/python" -m pip install --quiet --requirement "$wanted" >>"$log" 2>&1 ||
        refuse Pelican "pip failed"
    cp "$wanted" "$here/.venv/installed.txt"
}

[ $# -gt 0 ] || set -- wordpress pelican
for engine in "$@"; do
    case $engine in
        wordpress | pelican) "$engine" ;;
        *) refuse "$engine" "no such engine in the lab" ;;
    esac
done
