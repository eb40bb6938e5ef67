# What the .deb, the .rpm and the image say of themselves, in one place, and how a package is opened to make them. For packaging/make-*,
# which set neurontp_root (the checkout) and neurontp_program. POSIX sh.

name=neurontp
# shellcheck disable=SC2034 # for those that read this file
summary="Reference harness and ops toolkit for tensor-parallel inference workers"
# shellcheck disable=SC2034
description="It judges workers of a tensor-parallel model by the contract on their stdin and
stdout, and starts, checks and ends pools of them: tpctl is the tool of operators
and CI, neuron the daemon of a node. It brings a Java runtime of its own."
# There is no address yet; .invalid is never one (RFC 2606).
# shellcheck disable=SC2034
maintainer="neurontp maintainers <maintainers@neurontp.invalid>"
# The system user that the unit names, its number in an image, and the oldest C library that the runtime starts with.
# shellcheck disable=SC2034
user=neurontp uid=65532 glibc=2.17

say() { printf '%s: %s\n' "$neurontp_program" "$1" >&2; }

# want COMMAND PACKAGE: ends with 69 (EX_UNAVAILABLE) where a tool is missing, by which bin/package knows it.
want() {
    command -v "$1" >/dev/null && return 0
    say "there is no $1. Install it. On Debian 12: apt-get install $2"
    exit 69
}

# open_package PACKAGE.tar.gz FOLDER [VERSION]: unpacks it into a new folder in FOLDER, $staging, which goes at the end. Sets folder (what
# was unpacked), platform, version (its own, or VERSION), time (seconds) and out (FOLDER).
open_package() {
    [ -r "$1" ] || fail "$1 cannot be read: it is the package that bin/package makes, neurontp-VERSION-linux-x64.tar.gz"
    mkdir -p -- "$2" 2>/dev/null && staging=$(mktemp -d -- "$2/.$neurontp_program.XXXXXX" 2>/dev/null) ||
        fail "the folder $2 cannot be written: choose another one"
    trap 'rm -rf "$staging"' EXIT
    exit_by_signals
    umask 022
    out=$(cd -- "$2" && pwd -P)
    staging=$out/${staging##*/}
    mkdir "$staging/unpacked"
    tar -C "$staging/unpacked" --no-same-owner -xzf "$1" || fail "$1 cannot be unpacked"
    for folder in "$staging"/unpacked/*; do :; done
    full=${folder##*/}
    case $full in
    "$name"-*-linux-x64) platform=linux-x64 machine=amd64 rpm_machine=x86_64 ;;
    "$name"-*-linux-aarch64) platform=linux-aarch64 machine=arm64 rpm_machine=aarch64 ;;
    *) fail "$1 has $full and no folder $name-VERSION-linux-x64 or -aarch64: it is no package of bin/package" ;;
    esac
    version=${full#"$name"-}
    version=${3:-${version%-"$platform"}}
    # A hyphen separates the revision in both kinds, and what has a tilde comes before what has none: 1.0~rc1, 1.0.
    version=$(printf %s "$version" | tr - '~')
    case $version in *[!A-Za-z0-9.~+]* | [!0-9]* | '') fail "the version $version is none: digits first, then digits, letters, dots and plus signs" ;; esac
    time=$(stat -c %Y "$folder/LICENSE")
    export SOURCE_DATE_EPOCH="$time"
}
