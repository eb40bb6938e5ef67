#!/bin/sh
# Brings up a container engine of its own for the tests in a container, and prints what they need in their environment:
#   eval "$(ops-cli/src/test/docker/start-engine.sh start FOLDER)"; ...tests...; start-engine.sh stop FOLDER
# FOLDER is empty, and its path is short (a socket's path has 107 characters). Where an engine answers already, or none
# can run, it prints nothing; the tests then use the one that is there, or say why they are skipped. Never fails.
set -u
. "$(dirname -- "$0")/../../../../bin/apt.sh"
action=${1:-}
folder=${2:-}
say() { printf 'container engine: %s\n' "$1" >&2; }

answers() { [ -S "$1" ] && curl -fsS --max-time 2 --unix-socket "$1" http://localhost/_ping >/dev/null 2>&1; }

start() {
    if [ -n "${DOCKER_HOST:-}" ] || answers /var/run/docker.sock; then
        say "one is there already"
        return 0
    fi
    if [ "$(id -u)" != 0 ]; then
        say "none runs, and only root can start one"
        return 0
    fi
    if ! command -v dockerd >/dev/null; then
        can_install || { say "there is no dockerd; on Debian: apt-get install docker.io"; return 0; }
        say "installing docker.io, which has dockerd"
        apt_install docker.io 2>/dev/null || { say "docker.io could not be installed"; return 0; }
    fi
    # What an engine keeps outside of its folders must be no concern of this host's: no bridge, no firewall rules. And
    # it mounts (a container's root, the network of the host) in a namespace of its own, so that no mount outlives it.
    setsid unshare --mount --propagation slave dockerd --host="unix://$folder/s" --data-root="$folder/data" --exec-root="$folder/exec" \
        --pidfile="$folder/pid" --storage-driver=overlay2 --bridge=none --iptables=false --ip6tables=false \
        --ip-forward=false >"$folder/log" 2>&1 </dev/null &
    engine=$!
    left=60
    until answers "$folder/s"; do
        left=$((left - 1))
        if [ $left = 0 ] || ! kill -0 $engine 2>/dev/null; then
            say "dockerd does not run here: $(grep -v level=info "$folder/log" | tail -n 1)"
            kill $engine 2>/dev/null
            return 0
        fi
        sleep 0.5
    done
    say "dockerd runs, process $engine"
    # No ryuk: its image would have to be fetched. With --bridge=none there is no gateway to ask for.
    printf 'export DOCKER_HOST=unix://%s TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=localhost\n' \
        "$folder/s"
}

stop() {
    [ -r "$folder/pid" ] || return 0
    engine=$(cat "$folder/pid")
    kill "$engine" 2>/dev/null
    # It gives a container 10 s to end.
    left=80
    while kill -0 "$engine" 2>/dev/null && [ $left -gt 0 ]; do
        left=$((left - 1))
        sleep 0.25
    done
    rm -rf "${folder:?}/data" "$folder/exec" || say "left behind: $folder"
}

case $action in
start) [ -d "$folder" ] && start ;;
stop) [ -d "$folder" ] && stop ;;
*) say "say start FOLDER or stop FOLDER"; exit 2 ;;
esac
