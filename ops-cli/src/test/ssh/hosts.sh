#!/bin/sh
# Two hosts and a leader for tests, as network namespaces with a real sshd in each host. As root.
#   sh hosts.sh start FOLDER PREFIX    namespaces PREFIXl, PREFIX1 and PREFIX2 with the addresses 10.77.0.1, .11 and .12; keys in FOLDER.
#                                      At port 2222 of the second host the start file of the shell prints a line.
#   sh hosts.sh cut|join FOLDER PREFIX N     takes the link of host N down, or up again
#   sh hosts.sh stop FOLDER PREFIX
set -eu
folder=$2 prefix=$3 leader=${3}l

# It writes its pid when it listens.
start_sshd() {
    host=$1 pid=$2
    shift 2
    nsenter --net="/run/netns/$prefix$host" "$(command -v sshd)" -f /dev/null -h "$folder/host" -o UsePAM=no -o StrictModes=no \
        -o "AuthorizedKeysFile=$folder/key.pub" -o "PidFile=$folder/$pid.pid" "$@"
    looks=0
    until [ -s "$folder/$pid.pid" ] || [ "$looks" -ge 100 ]; do
        looks=$((looks + 1))
        sleep 0.1
    done
}

case $1 in
start)
    mkdir -p /run/sshd
    ip netns add "$leader"
    ip -n "$leader" link set lo up
    ip -n "$leader" link add br0 type bridge
    ip -n "$leader" addr add 10.77.0.1/24 dev br0
    ip -n "$leader" link set br0 up
    for name in host key other; do ssh-keygen -q -t ed25519 -N '' -f "$folder/$name"; done
    read -r type public _ <"$folder/host.pub"
    for host in 1 2; do
        ip netns add "$prefix$host"
        ip -n "$leader" link add "v$host" type veth peer name eth0 netns "$prefix$host"
        ip -n "$leader" link set "v$host" master br0 up
        ip -n "$prefix$host" addr add "10.77.0.1$host/24" dev eth0
        ip -n "$prefix$host" link set eth0 up
        ip -n "$prefix$host" link set lo up
        printf '10.77.0.1%s,[10.77.0.1%s]:2222 %s %s\n' "$host" "$host" "$type" "$public" >>"$folder/known"
        start_sshd "$host" "$host"
    done
    # As bash does it for a command of ssh, too: its start file speaks first.
    # shellcheck disable=SC2016 # for the shell of the other side
    start_sshd 2 noisy -p 2222 \
        -o 'ForceCommand=echo Welcome to gpu-cluster; eval "$SSH_ORIGINAL_COMMAND"'
    ;;
cut) ip -n "$leader" link set "v$4" down ;;
join) ip -n "$leader" link set "v$4" up ;;
stop)
    for pid in "$folder"/*.pid; do
        [ ! -e "$pid" ] || kill "$(cat "$pid")" || true
    done
    for name in "$leader" "${prefix}1" "${prefix}2"; do ip netns del "$name" || true; done
    ;;
esac
