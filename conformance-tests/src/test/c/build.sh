#!/bin/sh
# Builds the switchable worker: build.sh OUTPUT_FOLDER, and $OUTPUT_FOLDER/worker is there.
# Where it cannot be built it says why, leaves no program behind and succeeds: the tests are then skipped with that reason.
set -eu
here=$(unset -f cd pwd; CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
out=$1
. "$here/../../../../bin/gcc.sh"
rm -rf "$out/worker" "$out"/group-*
begin_c "$out" "the switchable worker"
gcc -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wshadow -Wstrict-prototypes -Werror -pthread -o "$out/worker.new" "$here"/*.c -lm
mv "$out/worker.new" "$out/worker"
