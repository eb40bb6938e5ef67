# Two hosts and a leader for tests, as network namespaces PREFIXl, PREFIX1 and PREFIX2 with the addresses 10.77.0.1, .11 and .12. To be read
# by a script that has set prefix. As root.
leader=${prefix}l

# in_host N COMMAND...; for the leader N is l. Not ip netns exec, which hides the control groups.
in_host() {
    host=$1
    shift
    nsenter --net="/run/netns/$prefix$host" "$@"
}

net_start() {
    ip netns add "$leader"
    ip -n "$leader" link set lo up
    ip -n "$leader" link add br0 type bridge
    ip -n "$leader" addr add 10.77.0.1/24 dev br0
    ip -n "$leader" link set br0 up
    for number in 1 2; do
        ip netns add "$prefix$number"
        ip -n "$leader" link add "v$number" type veth peer name eth0 netns "$prefix$number"
        ip -n "$leader" link set "v$number" master br0 up
        ip -n "$prefix$number" addr add "10.77.0.1$number/24" dev eth0
        ip -n "$prefix$number" link set eth0 up
        ip -n "$prefix$number" link set lo up
    done
}

# Takes the link of host N down, or up again.
net_cut() { ip -n "$leader" link set "v$1" down; }
net_join() { ip -n "$leader" link set "v$1" up; }

net_stop() {
    for name in "$leader" "${prefix}1" "${prefix}2"; do ip netns del "$name" || true; done
}

# wait_for COMMAND...: until it ends with 0, for at most 20 s.
wait_for() {
    looks=0
    until "$@" >/dev/null 2>&1 || [ "$looks" -ge 200 ]; do
        looks=$((looks + 1))
        sleep 0.1
    done
}
