#!/bin/sh
# Builds the stand-in: build.sh OUTPUT_FOLDER [compiler flags], and $OUTPUT_FOLDER/{libcuda.so.1,libnccl.so.2,libnvidia-ml.so.1} are there,
# and with them rank, a program of the tests that uses them.
# Where it cannot be built it says why, leaves no library behind and succeeds: the tests are then skipped with that reason.
set -eu
here=$(unset -f cd pwd; CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
out=$1
shift
. "$here/../../../bin/gcc.sh"
rm -f "$out"/lib*.so.* "$out/rank"
begin_c "$out" "the stand-in for libcuda, libnccl and libnvidia-ml"
flags="-std=gnu11 -O2 -g -Wall -Wextra -Wshadow -Wstrict-prototypes -Werror -pthread"
library="-fPIC -shared -fvisibility=hidden"

# Every symbol that a program may name: weak, so that a function of the stand-in takes the place of its stub.
{
    echo '/* Made by build.sh from symbols.txt. 801 is CUDA_ERROR_NOT_SUPPORTED. */'
    while read -r symbol; do
        case $symbol in '' | '#'*) continue ;; esac
        echo "__attribute__((weak, visibility(\"default\"))) int $symbol(void);"
        echo "int $symbol(void) { return 801; }"
    done <"$here/cuda/symbols.txt"
} >"$out/stubs.c"

# shellcheck disable=SC2086
gcc $flags $library "$@" -Wl,-soname,libcuda.so.1 -o "$out/libcuda.so.1.new" "$here/faults.c" "$here"/cuda/*.c "$out/stubs.c" -ldl
# shellcheck disable=SC2086
gcc $flags $library "$@" -Wl,-soname,libnccl.so.2 -o "$out/libnccl.so.2.new" "$here/faults.c" "$here"/nccl/*.c -ldl
# shellcheck disable=SC2086
gcc $flags $library "$@" -Wl,-soname,libnvidia-ml.so.1 -o "$out/libnvidia-ml.so.1.new" "$here/faults.c" "$here"/nvml/*.c
mv "$out/libnvidia-ml.so.1.new" "$out/libnvidia-ml.so.1"
mv "$out/libcuda.so.1.new" "$out/libcuda.so.1"
mv "$out/libnccl.so.2.new" "$out/libnccl.so.2"
# shellcheck disable=SC2086
gcc $flags "$@" -o "$out/rank" "$here/check/rank.c" "$out/libnccl.so.2" "$out/libcuda.so.1" -Wl,-rpath,'$ORIGIN'
