# Shared by the launchers in this folder, and no program itself. POSIX sh, few forks: a worker's start passes here.
# In: $neurontp_program (for messages), $neurontp_root (the checkout).
# Each variable begins with neurontp_, which the comments leave out, in all scripts that start programs: a variable that came from the
# environment is exported still when a script assigns it, and a worker would see our value of its version, cache or token.

neurontp_required_java=25

# What a person's shell exports must not matter: where cd looks, separators, other shells' functions, globs and options (BASHOPTS), options of
# tools.
unset IFS GLOBIGNORE GLOBSORT EXECIGNORE GREP_OPTIONS POSIXLY_CORRECT
case ${BASH_VERSION:-} in ?*)
    unset -f . : [ break cd command continue echo eval exec exit export printf pwd read return set shift trap true ulimit umask unset wait
    unset -f cat chmod cmp cp cut env flock getent grep head id kill mkdir mktemp mv readlink rm sed setsid sh stty tail tee timeout tr uname
    unset -f shopt
    # shellcheck disable=SC3044 # bash alone comes here
    shopt -u failglob nullglob dotglob nocaseglob nocasematch
    ;;
esac

# keep_given NAME...: takes these variables from this script and from each JVM of this project. What these start has them again as they
# were (GivenVariables).
keep_given() {
    for neurontp_variable do
        eval "[ -z \"\${$neurontp_variable+set}\" ] || export \"neurontp_given_$neurontp_variable=\$$neurontp_variable\""
        unset "$neurontp_variable"
    done
}
keep_given CDPATH ENV BASH_ENV

# What is created with a mask that forbids its owner to use it would be of no use, and stay in the way of the next start.
umask u+rwx

# Java does not start in a folder that has been removed, and nothing can be named relative to it.
neurontp_folder_removed=false
[ "${PWD:-}" -ef . ] || case $(readlink "/proc/$$/cwd") in *' (deleted)') cd / && neurontp_folder_removed=true ;; esac

# Java and the C library take the encoding of arguments and file names and the words of errors from the locale. It is the same
# one whoever starts this: a locale that is not UTF-8, or not installed, would turn what is not ASCII into question marks.
export LC_ALL=C.UTF-8
unset LANGUAGE

# The C library reserves 64 MiB of addresses for each of up to eight threads a core: a limit on the address space ends the JVM.
[ "$(ulimit -v)" = unlimited ] || export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"

# Whether a limit on the address space or on the data segment is set.
memory_limited() {
    case $(ulimit -v && ulimit -d) in
    unlimited*unlimited) return 1 ;;
    esac
}

# Whether the host gives so few processes and threads that the JVM may not start. Sets processes to the limit, and pids_max to that of the
# control group that has the least left.
processes_limited() {
    while read -r neurontp_key neurontp_word neurontp_processes _; do
        [ "$neurontp_key $neurontp_word" != 'Max processes' ] || break
    done <"/proc/$$/limits"
    neurontp_pids_max=max neurontp_pids_left=64
    [ ! -r "/proc/$$/cgroup" ] || read_pids <"/proc/$$/cgroup"
    [ $neurontp_pids_left -lt 64 ] || { [ "${neurontp_processes:=unlimited}" != unlimited ] && [ "$neurontp_processes" -lt 256 ]; }
}

# Reads the control groups of this shell, of version 2 or 1, as HIERARCHY:CONTROLLERS:GROUP. A limit of one binds those in it, too.
read_pids() {
    while IFS=: read -r _ neurontp_controllers neurontp_group; do
        case ,$neurontp_controllers, in
        ,,) neurontp_groups=/sys/fs/cgroup ;;
        *,pids,*) neurontp_groups=/sys/fs/cgroup/pids ;;
        *) continue ;;
        esac
        neurontp_group=${neurontp_group%/}
        while :; do
            take_pids "$neurontp_groups$neurontp_group"
            [ -n "$neurontp_group" ] || break
            neurontp_group=${neurontp_group%/*}
        done
    done
}

# Sets pids_left and pids_max to what the control group in the folder $1 gives, where that is less.
take_pids() {
    [ -r "$1/pids.max" ] && read -r neurontp_most <"$1/pids.max" && [ "$neurontp_most" != max ] && read -r neurontp_used <"$1/pids.current" || return 0
    [ $((neurontp_most - neurontp_used)) -ge $neurontp_pids_left ] || neurontp_pids_left=$((neurontp_most - neurontp_used)) neurontp_pids_max=$neurontp_most
}

# Says with exit code 3 that there is no /proc, without which Java does not start, or that of another pid namespace: by its numbers
# the processes that a worker leaves are not found, and signals reach somebody else.
require_proc() {
    neurontp_number=
    read -r neurontp_number _ 2>/dev/null </proc/self/stat || neurontp_number=
    [ "$neurontp_number" != $$ ] || return 0
    if [ -z "$neurontp_number" ] && [ -e /proc/self/stat ]; then
        require_descriptors 20
        printf '%s: /proc/self/stat cannot be read, and it needs /proc to start\n' "$neurontp_program" >&2
    elif [ -z "$neurontp_number" ]; then
        printf '%s: there is no /proc here, which it needs to start: mount it (mount -t proc proc /proc)\n' "$neurontp_program" >&2
    else
        printf '%s: /proc is that of another pid namespace (it shows pid %s as %s): mount one for this namespace, as unshare --mount-proc does\n' \
            "$neurontp_program" $$ "$neurontp_number" >&2
    fi
    exit 3
}

# Says with exit code 3 that Java was told to take no signals: what it starts could not be ended in order then.
require_signals() {
    case " ${NEURON_JAVA_OPTS:-} " in
    *" -Xrs "* | *" -XX:+ReduceSignalUsage "*)
        refuse_java_options 'with -Xrs Java sees no SIGTERM and no Ctrl-C, and what it starts would be left behind'
        ;;
    esac
}

# refuse_java_options WHY: says with exit code 3 that an option cannot be.
refuse_java_options() {
    printf '%s: NEURON_JAVA_OPTS is "%s": %s: take it out\n' "$neurontp_program" "${NEURON_JAVA_OPTS:-}" "$1" >&2
    exit 3
}

# Sets obey to what goes before a command so that it can take SIGTERM, and SIGHUP too with the argument HUP, where this shell was
# started with them ignored: neither a shell nor the JVM changes that, and all that they start would ignore them too.
obey_signals() {
    neurontp_obey= neurontp_signals=
    while read -r neurontp_key neurontp_value; do
        case $neurontp_key in SigIgn:) break ;; esac
    done <"/proc/$$/status"
    case $neurontp_value in *[4567cdefCDEF]???) neurontp_signals=TERM ;; esac
    case ${1:-}$neurontp_value in HUP*[13579bdfBDF]) neurontp_signals=$neurontp_signals${neurontp_signals:+,}HUP ;; esac
    [ -z "$neurontp_signals" ] || ! env "--default-signal=$neurontp_signals" true 2>/dev/null || neurontp_obey="env --default-signal=$neurontp_signals"
}

# For every JVM of this project. An AOT cache that does not fit (another JDK, other jars) is ignored in silence: slower,
# not broken. A heap beyond its bound ends the process (exit 3) instead of leaving it half alive. What the JVM itself has to say
# never goes to stdout. It reserves 1 GiB for classes if it may choose, which a limit on the address space (ulimit -v) forbids.
neurontp_usual_options="-XX:+DisplayVMOutputToStderr -XX:CompressedClassSpaceSize=64m
    -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError
    -Xlog:disable -Xlog:all=error,aot=off,cds=off:stderr --enable-native-access=ALL-UNNAMED"

# Of Java 25 alone, as they are options of its innards: an archive that lies where it was made for need not be changed as it is read, and what
# the compiler learnt in the training is of no use for what runs once. A sixth of a start's CPU time.
neurontp_fast_options="-XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:-AOTReplayTraining"

# What a person has set for other Java programs, a worker in Java too: each of these makes a JVM speak, some of them on stdout, or rejects
# the whole AOT cache. NEURON_JAVA_OPTS is ours.
keep_java_variables() {
    keep_given JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS JDK_AOT_VM_OPTIONS _JAVA_LAUNCHER_DEBUG _JAVA_SR_SIGNUM
}

fail() {
    printf '%s: %s\n' "$neurontp_program" "$1" >&2
    neurontp_meant=-meant # for the launchers
    exit 2
}

# For Maven's wrapper, which keeps what it fetches in the home of who builds: HOME, or as passwd says.
require_home() {
    [ -z "${HOME:-}${MAVEN_USER_HOME:-}" ] || return 0
    HOME=$(getent passwd "$(id -u)" | cut -d: -f6) || :
    [ -n "$HOME" ] ||
        fail "HOME is not set, and the user $(id -u) has no home in /etc/passwd: set HOME to a folder that can be written, for what Maven fetches"
    export HOME
}

# From here on a signal runs the trap of EXIT, which not every sh does by itself.
exit_by_signals() {
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 141' PIPE
    trap 'exit 143' TERM
}

# Says with exit code 2 which variable names a folder relative to one that has been removed: in / it would be another one. Java does so of
# arguments.
require_folders() {
    [ $neurontp_folder_removed = true ] || return 0
    for neurontp_variable in NEURON_RUNTIME_DIR NEURON_STATE_DIR; do
        eval "neurontp_value=\${$neurontp_variable:-/}"
        case $neurontp_value in /*) ;; *) fail "$neurontp_variable is '$neurontp_value', relative to the current folder, which has been removed: give its whole path" ;; esac
    done
}

# require_utf8 FOLDER: Java reads its name as UTF-8, and finds nothing by other bytes.
require_utf8() {
    case $1 in
    *[!\ -~]*)
        ! printf '%s\n' "$1" | grep -qavx '.*' ||
            fail "the folder $(printf '%s' "$1" | LC_ALL=C tr -c '\040-\176' '?') has bytes that are no UTF-8 in its name, by which Java finds nothing. Move it"
        ;;
    esac
}

# Sets jdk_major to the version that the JDK in $1 says of itself, or to 0.
read_jdk_major() {
    neurontp_jdk_major=0
    [ -x "$1/bin/java" ] && [ -f "$1/release" ] && [ -r "$1/release" ] || return 0
    while IFS='=' read -r neurontp_key neurontp_value; do
        if [ "$neurontp_key" = JAVA_VERSION ]; then
            neurontp_value=${neurontp_value#\"}
            neurontp_value=${neurontp_value%%[!0-9]*}
            case $neurontp_value in ?????*) return 0 ;; esac
            neurontp_jdk_major=${neurontp_value:-0}
            return 0
        fi
    done <"$1/release"
}

# Sets java_home when the JDK in $1 is new enough; else returns 1.
take_java_home() {
    neurontp_jdk_major=0
    # Java takes a colon for the end of its own path, and does not start.
    case $1 in *:*) return 1 ;; esac
    read_jdk_major "$1"
    [ "$neurontp_jdk_major" -ge "$neurontp_required_java" ] && neurontp_java_home=$1
}

# How long a script may take to start Java and have it answer.
neurontp_answer_seconds=10

# Sets java_home where $1 is a script, as version managers put on the PATH: it knows the home of the JDK that it starts. Once
# asked, what is started from here need not ask again. What it leaves in the background may hold the pipe, so its first answer counts; where
# there is no timeout of coreutils it is waited for.
ask_java() {
    [ "${neurontp_asked:-}" != "$1" ] || ! take_java_home "${neurontp_asked_home:-}" || return 0
    neurontp_first=
    read -r neurontp_first <"$1" || return 1
    case $neurontp_first in '#!'*) ;; *) return 1 ;; esac
    neurontp_bound=
    ! timeout -s KILL "$neurontp_answer_seconds" true 2>/dev/null || neurontp_bound="timeout -s KILL $neurontp_answer_seconds"
    # shellcheck disable=SC2016,SC2086 # for the inner shell; several words, or none
    { neurontp_home=$($neurontp_bound sh -c '"$1" -XshowSettings:properties -version 2>&1 </dev/null | sed -n "/^ *java\.home = /{s///p;q;}"' sh "$1"); } 2>/dev/null || {
        printf '%s: the script %s did not say its java.home within %s s: set JAVA_HOME\n' "$neurontp_program" "$1" "$neurontp_answer_seconds" >&2
        return 1
    }
    take_java_home "$neurontp_home" || return 1
    export neurontp_asked="$1" neurontp_asked_home="$neurontp_home"
}

# Sets java_home to the runtime of a package, whose file loader names the file of glibc that starts it.
take_runtime() {
    case $neurontp_root in
    *:*) fail "the folder $neurontp_root has a colon in its name, which the Java of a package takes for the end of its path. Move it" ;;
    esac
    neurontp_java_home=$neurontp_root/runtime
    read_jdk_major "$neurontp_java_home"
    read -r neurontp_loader <"$neurontp_java_home/loader"
    [ -e "$neurontp_loader" ] || fail "this host ($(uname -m)) has no $neurontp_loader, by which the Java of this package starts: it needs a host of that architecture with glibc"
}

# Says with exit code 3 which file of its own Java lacks that it does not start without. It would say so itself with exit code 1, as
# what has done its work and found a fault.
require_runtime() {
    if [ "$neurontp_java_home" = "$neurontp_root/runtime" ]; then
        neurontp_remedy='the package was not unpacked whole. Unpack it again'
    elif [ -d "$neurontp_java_home/lib" ] && [ ! -h "$neurontp_java_home/bin" ] && [ ! -h "$neurontp_java_home/bin/java" ]; then
        neurontp_remedy="Java does not start without it. Install that JDK again, or name another one in JAVA_HOME (${JAVA_HOME:-not set})"
    else
        # Java looks for them from where the program itself is: behind a link, or a script that starts another one, that is elsewhere.
        return 0
    fi
    for neurontp_file in bin/java conf/security/java.security lib/jspawnhelper lib/jvm.cfg lib/libjava.so lib/libjimage.so lib/libjli.so lib/libnet.so \
        lib/libnio.so lib/libzip.so lib/modules lib/server/libjvm.so; do
        [ -s "$neurontp_java_home/$neurontp_file" ] || {
            printf '%s: %s is missing or empty: %s\n' "$neurontp_program" "$neurontp_java_home/$neurontp_file" "$neurontp_remedy" >&2
            exit 3
        }
    done
}

# Sets java_home, and jvm_options to what suits it.
find_java() {
    find_java_home
    neurontp_jvm_options=$neurontp_usual_options
    [ "$neurontp_jdk_major" != 25 ] || neurontp_jvm_options="$neurontp_usual_options $neurontp_fast_options"
    # For Java it is a line of a shell, or several with semicolons.
    case $neurontp_root in *[!A-Za-z0-9/._+@=,~-]*) ;; *) neurontp_jvm_options="$neurontp_jvm_options -XX:OnOutOfMemoryError=$neurontp_root/bin/heap-full" ;; esac
}

# Sets java_home and jdk_major: the runtime of a package, which its AOT caches hold for; in a checkout JAVA_HOME, then the java on the PATH,
# then the newest under /usr/lib/jvm.
find_java_home() {
    if [ -r "$neurontp_root/runtime/loader" ]; then
        take_runtime
        return 0
    fi
    if [ -n "${JAVA_HOME:-}" ] && take_java_home "$JAVA_HOME"; then
        return 0
    fi
    if neurontp_on_path=$(command -v java) && neurontp_real=$(readlink -f -- "$neurontp_on_path" && echo .); then
        neurontp_real=${neurontp_real%??}
        take_java_home "${neurontp_real%/bin/java}" && return 0
        # A JDK that is too old is no version manager's script, and a shell reads the first line of a program byte by byte.
        [ "$neurontp_jdk_major" -gt 0 ] || ! ask_java "$neurontp_on_path" || return 0
    fi
    neurontp_newest=0
    for neurontp_candidate in /usr/lib/jvm/*; do
        read_jdk_major "$neurontp_candidate"
        if [ "$neurontp_jdk_major" -ge "$neurontp_required_java" ] && [ "$neurontp_jdk_major" -gt "$neurontp_newest" ]; then
            neurontp_newest=$neurontp_jdk_major
            neurontp_java_home=$neurontp_candidate
        fi
    done
    neurontp_jdk_major=$neurontp_newest
    [ "$neurontp_newest" -gt 0 ] && return 0
    # This very file was read.
    [ -r "$neurontp_root/bin/common.sh" ] || {
        printf '%s: this host says of each file that it cannot be read, so no JDK is found: its sandbox (seccomp) refuses faccessat2 with another error than ENOSYS, as an old docker does: use a newer one\n' \
            "$neurontp_program" >&2
        exit 3
    }
    fail "there is no JDK $neurontp_required_java or later in JAVA_HOME (${JAVA_HOME:-not set}), on the PATH or under /usr/lib/jvm.
Install one. On Debian 12, with the Adoptium repository set up: apt-get install temurin-$neurontp_required_java-jdk"
}

# Builds the tree where $1, a folder of jars, does not hold the jar of the module $2. Its own jar comes last into it.
build_once() {
    has_own_jar "$1" "$2" && return 0
    [ -r "$neurontp_root/bin/build.sh" ] || fail "$1 has no jar of $2: the package was not unpacked whole. Unpack it again"
    . "$neurontp_root/bin/build.sh"
    build_tree "$1" "$2"
    has_own_jar "$1" "$2" || fail "the build made no jar of $2 in $1"
}

has_own_jar() {
    for neurontp_jar in "$1/neurontp-$2"-*.jar; do
        [ -e "$neurontp_jar" ] && return 0
    done
    return 1
}

# Sets files to a path of the checkout that can stand in a class path, where a colon separates. The JVM then reaches the files
# through an open descriptor of the folder.
find_files() {
    neurontp_files=$neurontp_root
    case $neurontp_root in
    *:*)
        exec 8<"$neurontp_root"
        neurontp_files=/proc/self/fd/8
        ;;
    esac
}

# check_java OPTIONS...: where a person or the host limits the JVM, says with exit code 3 what it would say with 1.
check_java() {
    # It looks for the class too, and then runs nothing.
    case " ${NEURON_JAVA_OPTS:-} " in *" --dry-run "*) refuse_java_options 'with --dry-run Java runs no program' ;; esac
    # What waits for a debugger is not started twice.
    case ${NEURON_JAVA_OPTS:-} in *agent* | *jdwp*) return 0 ;; esac
    # A class that is not there is what Java finds last, once all options are right. What it does instead, as with -version, ends well.
    # shellcheck disable=SC2086 # several options in one variable
    neurontp_said=$(set -f && "$neurontp_java_home/bin/java" $neurontp_jvm_options -XX:ErrorFile=/dev/null "$@" ${NEURON_JAVA_OPTS:-} neuron.Absent 2>&1) &&
        refuse_java_options 'with that Java does something else, and this program would never begin'
    case $neurontp_said in *'ClassNotFoundException: neuron.Absent'*) return 0 ;; esac
    printf '%s: the JVM cannot start, with NEURON_JAVA_OPTS "%s", ulimit -v %s and -d %s, processes %s, pids.max %s: %s\n' \
        "$neurontp_program" "${NEURON_JAVA_OPTS:-}" "$(ulimit -v)" "$(ulimit -d)" "${neurontp_processes:-not looked at}" "${neurontp_pids_max:-not looked at}" "$neurontp_said" >&2
    exit 3
}

# Sets class_path to the jars in the folder $1, in a fixed order: the AOT cache holds for that order only. First the one with the files that a
# start reads: Java opens all jars before the one that it finds a file in. Sets version to that of the product, which stands in its name.
read_class_path() {
    neurontp_class_path= neurontp_jars=0 neurontp_version=
    for neurontp_jar in "$1"/neurontp-worker-*.jar "$1"/*.jar; do
        case :$neurontp_class_path: in *":$neurontp_jar:"*) continue ;; esac
        neurontp_class_path=${neurontp_class_path:+$neurontp_class_path:}$neurontp_jar
        neurontp_jars=$((neurontp_jars + 1))
    done
    neurontp_version=${neurontp_class_path%%.jar:*}
    neurontp_version=${neurontp_version##*/neurontp-worker-}
}

# Says with exit code 3 where the host gives fewer descriptors than $1: Java keeps each jar open, and one that it cannot open
# is for it one that is not there.
require_descriptors() {
    neurontp_descriptors=$(ulimit -n)
    [ "$neurontp_descriptors" != unlimited ] || return 0
    # Those that whoever has started this has left open count, too; this shell has the standard streams and a few for itself.
    neurontp_inherited=0
    for neurontp_open in /proc/self/fd/*; do neurontp_inherited=$((neurontp_inherited + 1)); done
    neurontp_inherited=$((neurontp_inherited > 8 ? neurontp_inherited - 8 : 0))
    [ $((neurontp_descriptors - neurontp_inherited)) -lt "$1" ] || return 0
    neurontp_already=
    [ "$neurontp_inherited" = 0 ] || neurontp_already=", of which $neurontp_inherited or more are open already, by whoever has started it"
    printf '%s: ulimit -n is %s%s, and it needs %s open files at least: raise the limit\n' "$neurontp_program" "$neurontp_descriptors" "$neurontp_already" "$1" >&2
    exit 3
}
