#!/bin/sh
# A launcher, as ssh is one: it carries the pipes of a worker that it starts elsewhere, which is here a session of its own with its
# own parent, environment and pipes. The worker outlives it, as a worker does behind a network that is cut.
#   sh launcher.sh FOLDER NAME=VALUE COMMAND...      the variable is all of its environment that the worker gets
set -eu
pipes=$1/$$ variable=$2
shift 2
mkdir "$pipes"
mkfifo "$pipes/in" "$pipes/out"
# Both ends of its stdin are the worker's own, so it never sees the end of it.
(env -i "$variable" PATH="$PATH" setsid sh -c '
    exec 9<>"$0/in" <&9 >"$0/out"
    exec "$@"
' "$pipes" "$@" </dev/null >/dev/null 2>&1 &)
exec 3<&0
cat <&3 >"$pipes/in" &
writer=$!
cat "$pipes/out"
kill "$writer" 2>/dev/null || true
wait "$writer" || true
