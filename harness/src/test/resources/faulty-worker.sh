#!/bin/sh
# A worker that speaks the wire by hand and breaks it on demand.
#   sh faulty-worker.sh FAULTS --worker --rank R --tp-size N --cuda-device D
# FAULTS: comma-separated; FAULT@RANK holds from the start, FAULT@RANK#N strikes at that rank's Nth request.
faults=,$1,
shift
while [ $# -gt 0 ]; do
    case $1 in
        --rank) rank=$2; shift ;;
        --tp-size) size=$2; shift ;;
        --cuda-device) device=$2; shift ;;
    esac
    shift
done

always() { case $faults in *",$1@$rank,"*) return 0 ;; *) return 1 ;; esac; }
pong() { reply="{\"op\":\"pong\",\"rank\":$1,\"world_size\":$2,\"cuda_device\":$3}"; }

echo "rank $rank is here" >&2
if always exit3; then
    echo "there is no such GPU" >&2
    exit 3
fi
always deaf && trap '' TERM
if always grandchild; then sleep 300 <&0 & fi
if always escaped; then setsid sleep 300 <&0 & fi
if always daemonised; then sh -c 'setsid sleep 300 <&0 &'; fi
if always detached; then sh -c 'setsid sleep 300 </dev/null >/dev/null 2>&1 &'; fi
if always nameless; then sh -c 'env -i setsid sleep 300 <&0 &'; fi
if always flood; then yes "the line that this worker never stops to write" | head -c "${FLOOD_BYTES:-33554432}" >&2 & fi
if always helped; then
    # What it says goes through helpers, which end by themselves, a while after it.
    pipes=$(mktemp -d)
    mkfifo "$pipes/out" "$pipes/err"
    (
        while read -r said; do
            printf '%s' "${said%???}"
            sleep 0.05
            printf '%s\n' "${said#"${said%???}"}"
        done
    ) <"$pipes/out" 2>/dev/null &
    (
        while read -r said; do
            sleep 0.05
            echo "$said" >&2
        done
        echo "rank $rank said all" >&2
    ) <"$pipes/err" >/dev/null &
    exec >"$pipes/out" 2>"$pipes/err"
    rm -r "$pipes"
fi
always garbage && printf '\377\376\033[31mred\r\n' >&2

count=0
while read -r line; do
    # No request, and no answer (F3).
    [ -n "$line" ] || continue
    count=$((count + 1))
    case $line in
        *'"ping"'*) pong "$rank" "$size" "$device" ;;
        *'"init"'*) reply='{"op":"init_ok"}' ;;
        *'"nccl_sanity_check"'*) reply="{\"op\":\"nccl_sanity_result\",\"observed_sum\":$size}" ;;
        *'"shutdown"'*) reply='{"op":"bye"}' ;;
        *) reply='{"op":"error","kind":"bad_request","message":"what?"}' ;;
    esac
    case $line in *'"init"'*) always silent-init && continue ;; esac
    fault=none
    case $faults in
        *"@$rank#$count,"*)
            fault=${faults%%"@$rank#$count,"*}
            fault=${fault##*,}
            ;;
    esac
    case $fault in
        none) printf '%s\n' "$reply" ;;
        wrong-rank) pong 7 "$size" "$device"; printf '%s\n' "$reply" ;;
        wrong-size) pong "$rank" 7 "$device"; printf '%s\n' "$reply" ;;
        wrong-device) pong "$rank" "$size" 77; printf '%s\n' "$reply" ;;
        wrong-sum) echo '{"op":"nccl_sanity_result","observed_sum":1}' ;;
        other-op) echo '{"op":"init_ok"}' ;;
        other-op-and-stays) echo '{"op":"init_ok"}'; exec sleep 300 ;;
        unknown-op) echo '{"op":"generate_step_ok"}' ;;
        error) echo '{"op":"error","kind":"nccl_init_failed","message":"device 1 is busy"}' ;;
        huge)
            printf '{"op":"error","kind":"'
            head -c 100000 /dev/zero | tr '\0' k
            printf '","message":"'
            head -c 14000000 /dev/zero | tr '\0' x
            printf '"}\n'
            ;;
        bomb)
            # Right, for a leader ignores fields that it does not know, and many times as large once it is read.
            printf '{"op":"pong","rank":%s,"world_size":%s,"cuda_device":%s,"y":[' "$rank" "$size" "$device"
            yes '[],' | head -n 5300000 | tr -d '\n'
            sleep 1 # until the others are there
            printf '0]}\n'
            ;;
        nasty)
            printf '%s\n' '{"op":"error","kind":"k\u001b]0;x\u0007\nk","message":"\u001b[2J\u009b1m\u007f\u202e\u2028\none\r\ntwo\u0085"}'
            ;;
        nasty-op) printf '%s\n' '{"op":"\u001b[2J\n\u202e"}' ;;
        waited) echo '{"op":"error","kind":"nccl_init_failed","message":"timed out waiting for the other ranks, 4.0 s are allowed"}' ;;
        waited-when-told)
            : >"$LEAVE.asked"
            until [ -e "$LEAVE" ]; do sleep 0.1; done
            echo '{"op":"error","kind":"nccl_init_failed","message":"timed out waiting for the other ranks, 4.0 s are allowed"}'
            ;;
        link-lost) echo '{"op":"error","kind":"nccl_init_failed","message":"ncclRemoteError: rank 2 is gone"}' ;;
        error-later) sleep 0.5; echo '{"op":"error","kind":"nccl_init_failed","message":"device 1 is busy"}' ;;
        late) sleep 0.7; printf '%s\n' "$reply" ;;
        unfinished) printf '%s' "$reply" ;;
        twice) printf '%s\n%s\n' "$reply" "$reply" ;;
        unasked) printf '%s\n' "$reply"; sleep 0.1; printf '%s\n' "$reply" ;;
        noise) printf 'NCCL version 2.21.5+cuda12.4\n%s\n' "$reply" ;;
        not-json) echo 'pong!' ;;
        half-stays) printf '{"op":"po'; exec sleep 300 ;;
        refuses-at-term)
            trap 'echo "{\"op\":\"error\",\"kind\":\"cancelled\",\"message\":\"SIGTERM\"}"; exit 1' TERM
            sleep 300 &
            wait
            ;;
        half) printf '{"op":"po'; exit 4 ;;
        endless) head -c 67108864 /dev/zero | tr '\0' x; printf '\n%s\n' "$reply" ;;
        blanks) printf '%s\n' "$reply"; exec yes '' ;;
        blanks-alone) exec yes ' ' ;;
        silent) ;;
        closes-stdout) exec 1>&- ;;
        closes-stdin) exec 0<&-; printf '%s\n' "$reply"; exec sleep 300 ;;
        dies-behind-it) printf '%s\n' "$reply"; exit 7 ;;
        dies) echo "out of luck" >&2; exit 5 ;;
        dies-later) sleep 0.5; exit 5 ;;
        killed) kill -KILL $$ ;;
        stays) printf '%s\n' "$reply"; exec sleep 300 ;;
        leaves-when-told) printf '%s\n' "$reply"; : >"$LEAVE.asked"; until [ -e "$LEAVE" ]; do sleep 0.1; done ;;
        *) echo "no such fault: $fault" >&2; exit 99 ;;
    esac
    case $line in
        *'"shutdown"'*)
            if always helped; then printf 'its last words\nare two\n' >&2; fi
            [ "$fault" = silent ] || exit 0
            ;;
    esac
done
