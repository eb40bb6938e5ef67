#!/bin/sh
# A launcher with the habits of ssh, srun and docker in one: it carries the pipes of COMMAND, hands SIGTERM on and then ends with a
# code of its own, takes no notice of SIGINT, leaves a process of its own behind, and gets no connection for some arguments.
# Where REFUSED is a folder it loses what COMMAND says the first time with the same arguments, unless they name a device.
# Usage: launcher.sh REFUSED COMMAND...
refused=$1
shift
case " $* " in *" $refused "*)
    echo "kex_exchange_identification: read: Connection reset by peer" >&2
    exit 255
    ;;
esac
seen=$refused/$(printf '%s' "$*" | cksum | tr ' ' -)
case "$* " in *--cuda-device*) ;; *)
    if [ -d "$refused" ] && [ ! -e "$seen" ]; then
        : >"$seen"
        exec "$@" >/dev/null 2>&1
    fi
    ;;
esac
trap 'kill -TERM $worker; wait $worker; exit 255' TERM
trap : INT
setsid sh -c 'exec sleep 60' </dev/null >/dev/null 2>&1 &
exec 3<&0 </dev/null
setsid "$@" <&3 3<&- &
worker=$!
exec 3<&-
while :; do
    wait $worker
    code=$?
    kill -0 $worker 2>/dev/null || exit $code
done
