#!/bin/sh
# Builds the switchable worker: build.sh OUTPUT_FOLDER, and $OUTPUT_FOLDER/worker is there.
# Where it cannot be built it says why, leaves no program behind and succeeds: the tests are then skipped with that reason.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$out"
rm -f "$out/worker" "$out/skipped"
skip() {
    echo "the switchable worker is not built: $1" | tee "$out/skipped" >&2
    exit 0
}
[ "$(uname -s)" = Linux ] || skip "it is for Linux"
printf '#include <stdio.h>\n' | gcc -E -x c - >/dev/null 2>&1 || skip "no gcc with a C library's headers (Debian: apt-get install gcc libc6-dev)"
gcc -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wshadow -Wstrict-prototypes -Werror -pthread -o "$out/worker.new" "$here"/*.c -lm
mv "$out/worker.new" "$out/worker"
