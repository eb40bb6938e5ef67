#!/bin/sh
# Two hosts and a leader for tests, as network namespaces with a real sshd in each host. As root.
#   sh hosts.sh start FOLDER PREFIX    the namespaces of ../hosts/net.sh; keys in FOLDER.
#                                      At port 2222 of the second host the start file of the shell prints a line.
#   sh hosts.sh cut|join FOLDER PREFIX N     takes the link of host N down, or up again
#   sh hosts.sh stop FOLDER PREFIX
set -eu
folder=$2 prefix=$3
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/../hosts/net.sh"

# It writes its pid when it listens.
start_sshd() {
    host=$1 pid=$2
    shift 2
    in_host "$host" "$(command -v sshd)" -f /dev/null -h "$folder/host" -o UsePAM=no -o StrictModes=no \
        -o "AuthorizedKeysFile=$folder/key.pub" -o "PidFile=$folder/$pid.pid" "$@"
    wait_for [ -s "$folder/$pid.pid" ]
}

case $1 in
start)
    mkdir -p /run/sshd
    net_start
    for name in host key other; do ssh-keygen -q -t ed25519 -N '' -f "$folder/$name"; done
    read -r type public _ <"$folder/host.pub"
    for number in 1 2; do
        printf '10.77.0.1%s,[10.77.0.1%s]:2222 %s %s\n' "$number" "$number" "$type" "$public" >>"$folder/known"
        start_sshd "$number" "$number"
    done
    # As bash does it for a command of ssh, too: its start file speaks first.
    # shellcheck disable=SC2016 # for the shell of the other side
    start_sshd 2 noisy -p 2222 \
        -o 'ForceCommand=echo Welcome to gpu-cluster; eval "$SSH_ORIGINAL_COMMAND"'
    ;;
cut) net_cut "$4" ;;
join) net_join "$4" ;;
stop)
    for pid in "$folder"/*.pid; do
        [ ! -e "$pid" ] || kill "$(cat "$pid")" || true
    done
    net_stop
    ;;
esac
