# What the builds of this project's C begin with, and no program itself. POSIX sh.

# begin_c FOLDER WHAT: FOLDER is there. Where no C can be compiled it says so, leaves the reason in FOLDER/skipped and ends
# the script well: the tests on WHAT are then skipped with that reason.
begin_c() {
    mkdir -p "$1"
    rm -f "$1/skipped"
    if [ "$(uname -s)" != Linux ]; then
        reason="it is for Linux"
    elif ! printf '#include <stdio.h>\n' | gcc -E -x c - >/dev/null 2>&1; then
        reason="no gcc with a C library's headers (Debian: apt-get install gcc libc6-dev)"
    else
        return 0
    fi
    echo "$2 is not built: $reason" | tee "$1/skipped" >&2
    exit 0
}
