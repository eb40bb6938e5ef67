#!/bin/sh
# A launcher, as ssh is one: it carries the pipes of what it starts elsewhere, which is here a session of its own with its own parent,
# environment and pipes. It closes stdin there when its own ends. Killed, it closes nothing: what it has started hears no more, as behind a
# network that is cut. Its exit code is its own. HOLDS_NAME=VALUE marks what then holds the pipe open.
#   sh far-launcher.sh FOLDER NAME=VALUE COMMAND...      all of its environment that the command gets
set -eu
pipes=$1/$$ variable=$2
shift 2
mkdir "$pipes"
mkfifo "$pipes/in" "$pipes/out" "$pipes/err"
env -i "HOLDS_$variable" setsid sleep 600 >"$pipes/in" </dev/null 2>/dev/null &
holder=$!
(env -i "$variable" PATH="$PATH" JAVA_HOME="${JAVA_HOME:-}" setsid sh -c '
    exec <"$0/in" >"$0/out" 2>"$0/err"
    exec "$@"
' "$pipes" "$@" </dev/null >/dev/null 2>&1 &)
exec 3<&0
{
    cat <&3
    kill "$holder"
} >"$pipes/in" 2>/dev/null &
cat "$pipes/err" >&2 &
errors=$!
cat "$pipes/out"
wait "$errors"
