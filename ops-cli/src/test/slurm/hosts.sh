#!/bin/sh
# Two nodes and a leader of Slurm for tests, as network namespaces: munged, slurmctld, and a real slurmd in each node. As root.
#   sh hosts.sh start FOLDER PREFIX          the namespaces of ../hosts/net.sh with the nodes h1 and h2; FOLDER/slurm.conf, and in FOLDER/job the
#                                            number of an allocation of half of both. FOLDER's path is short: sockets are in it.
#   sh hosts.sh cut|join FOLDER PREFIX N     takes the link of node N down, or up again
#   sh hosts.sh stop FOLDER PREFIX
set -eu
folder=$2 prefix=$3
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/../hosts/net.sh"
export SLURM_CONF="$folder/slurm.conf"
name=$(uname -n)
name=${name%%.*}

conf() {
    # Where the control groups are those of version 1, as one process tree's end is seen there; else by its parents.
    track=proctrack/linuxproc
    [ ! -d /sys/fs/cgroup/freezer ] || track=proctrack/cgroup
    cat <<EOF
ClusterName=test
SlurmctldHost=$name(10.77.0.1)
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=$track
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
MpiDefault=none
ReturnToService=2
SlurmdTimeout=300
KillWait=5
SlurmdParameters=config_overrides
NodeName=h1 NodeHostname=$name NodeAddr=10.77.0.11 CPUs=64 State=UNKNOWN
NodeName=h2 NodeHostname=$name NodeAddr=10.77.0.12 CPUs=64 State=UNKNOWN
PartitionName=all Nodes=h1,h2 Default=YES MaxTime=INFINITE State=UP
EOF
}

case $1 in
start)
    net_start
    conf >"$folder/slurm.conf"
    printf 'CgroupMountpoint=/sys/fs/cgroup\nCgroupPlugin=cgroup/v1\n' >"$folder/cgroup.conf"
    mkdir "$folder/state"
    (umask 077 && head -c 1024 /dev/urandom >"$folder/munge.key")
    munged --force --socket="$folder/munge.socket" --key-file="$folder/munge.key" --pid-file="$folder/munged.pid" \
        --log-file="$folder/munged.log" --seed-file="$folder/munge.seed" --num-threads=2
    in_host l "$(command -v slurmctld)" -i
    for number in 1 2; do in_host "$number" "$(command -v slurmd)" -N "h$number"; done
    wait_for in_host l sinfo --noheader --states=idle --nodes=h1,h2 --format='%D' 
    in_host l salloc --no-shell --nodes=2 --ntasks-per-node=32 --immediate=30 2>"$folder/salloc"
    sed -n 's/.*Granted job allocation \([0-9]*\).*/\1/p' "$folder/salloc" >"$folder/job"
    [ -s "$folder/job" ]
    ;;
cut) net_cut "$4" ;;
join) net_join "$4" ;;
stop)
    for pid in "$folder"/slurmd-h1.pid "$folder"/slurmd-h2.pid "$folder"/slurmctld.pid "$folder"/munged.pid; do
        [ ! -e "$pid" ] || kill "$(cat "$pid")" || true
    done
    net_stop
    ;;
esac
