# Shared by the launchers in this folder, and no program itself. POSIX sh, few forks: a worker's start passes here.
# In: $program (for messages), $root (the checkout).

required_java=25

# For every JVM of this project. An AOT cache that does not fit (another JDK, other jars) is ignored in silence: slower,
# not broken. A heap beyond its bound ends the process (exit 3) instead of leaving it half alive.
jvm_options="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError
    -Xlog:disable -Xlog:all=error,aot=off,cds=off:stderr --enable-native-access=ALL-UNNAMED"

# Without a locale Java would turn what is not ASCII in arguments and file names into question marks.
[ -n "${LC_ALL:-}${LC_CTYPE:-}${LANG:-}" ] || export LC_CTYPE=C.UTF-8

fail() {
    printf '%s: %s\n' "$program" "$1" >&2
    exit 2
}

# Sets jdk_major to the version that the JDK in $1 says of itself, or to 0.
read_jdk_major() {
    jdk_major=0
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
    while IFS='=' read -r key value; do
        if [ "$key" = JAVA_VERSION ]; then
            value=${value#\"}
            value=${value%%[!0-9]*}
            jdk_major=${value:-0}
            return 0
        fi
    done <"$1/release"
}

# Sets java_home when the JDK in $1 is new enough; else returns 1.
take_java_home() {
    read_jdk_major "$1"
    [ "$jdk_major" -ge "$required_java" ] && java_home=$1
}

# Sets java_home: JAVA_HOME, then the java on the PATH, then the newest under /usr/lib/jvm.
find_java() {
    if [ -n "${JAVA_HOME:-}" ] && take_java_home "$JAVA_HOME"; then
        return 0
    fi
    if on_path=$(command -v java) && on_path=$(readlink -f -- "$on_path"); then
        take_java_home "${on_path%/bin/java}" && return 0
    fi
    newest=0
    for candidate in /usr/lib/jvm/*; do
        read_jdk_major "$candidate"
        if [ "$jdk_major" -ge "$required_java" ] && [ "$jdk_major" -gt "$newest" ]; then
            newest=$jdk_major
            java_home=$candidate
        fi
    done
    [ "$newest" -gt 0 ] || fail "there is no JDK $required_java or later in JAVA_HOME (${JAVA_HOME:-not set}), on the PATH or under /usr/lib/jvm.
Install one. On Debian 12, with the Adoptium repository set up: apt-get install temurin-$required_java-jdk"
}

# Builds the tree where $1, a folder of jars, does not hold the jar of the module $2. Its own jar comes last into it.
build_once() {
    has_own_jar "$1" "$2" && return 0
    . "$root/bin/build.sh"
    build_tree "$1" "$2"
    has_own_jar "$1" "$2" || fail "the build made no jar of $2 in $1"
}

has_own_jar() {
    for jar in "$1/neurontp-$2"-*.jar; do
        [ -e "$jar" ] && return 0
    done
    return 1
}

# Sets class_path to the jars in the folder $1, in a fixed order: the AOT cache holds for that order only.
read_class_path() {
    class_path=
    for jar in "$1"/*.jar; do
        class_path=${class_path:+$class_path:}$jar
    done
}
