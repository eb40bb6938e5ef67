#!/bin/sh
# Builds the stand-in with a sanitizer and runs check/smoke.c on it: check.sh OUTPUT_FOLDER address,undefined|thread
set -eu
here=$(unset -f cd pwd; CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
out=$1
sanitizer=$2
"$here/build.sh" "$out" "-fsanitize=$sanitizer" -O1
gcc -std=gnu11 -O1 -g -Wall -Wextra -Werror "-fsanitize=$sanitizer" -pthread -o "$out/smoke" "$here/check/smoke.c" \
    "$out/libnccl.so.2" "$out/libcuda.so.1" -Wl,-rpath,"$out"
# Both libraries export neurontp_simulation, each with its own words.
ASAN_OPTIONS=detect_odr_violation=0 "$out/smoke"
