# How bin/neuron and bin/tpctl build a tree that was never built, and what a module's src/build/make-app is made of. For
# common.sh, which reads this when it has to, and for the build. Everything that is said goes to stderr, since stdout may be
# a worker's.

# build_tree LIB MODULE: one build at a time in this checkout; a second one waits and then finds the work done.
build_tree() {
    case $neurontp_root in *:*) fail "not built yet, and it cannot be built in $neurontp_root: a colon in the path separates entries for the compiler. Move it" ;; esac
    require_home
    mkdir -p "$neurontp_root/target"
    neurontp_log=$neurontp_root/target/build.log
    printf '%s: not built yet: building it once with ./mvnw -Dquick package\n' "$neurontp_program" >&2
    . "$neurontp_root/bin/steps.sh"
    # shellcheck disable=SC2016 # for that shell
    run_steps sh -c 'neurontp_program=$1 neurontp_root=$2 neurontp_java_home=$3 neurontp_log=$4; . "$neurontp_root/bin/common.sh"; . "$neurontp_root/bin/build.sh"; build_alone "$5" "$6"' \
        sh "$neurontp_program" "$neurontp_root" "$neurontp_java_home" "$neurontp_log" "$1" "$2" || {
        grep -E '^\[ERROR\]|^Error|^mvnw:|exit status' "$neurontp_log" | head -n 20 >&2
        fail "the build failed; all it said is in $neurontp_log"
    }
}

# The build itself, for build_tree.
build_alone() {
    if command -v flock >/dev/null; then
        exec 9>"$neurontp_root/target/build.lock"
        flock 9
    fi
    has_own_jar "$1" "$2" && return 0
    cd "$neurontp_root" || return 1
    {
        neurontp_status=0
        JAVA_HOME=$neurontp_java_home ./mvnw -Dquick package </dev/null 2>&1 9>&- || neurontp_status=$?
        echo "exit status $neurontp_status"
    } | tee "$neurontp_log" | show_progress
    [ "$(tail -n 1 "$neurontp_log")" = 'exit status 0' ]
}

# Reads Maven's output and says what it is at: each module, and the files it fetches on the way.
show_progress() {
    neurontp_fetched=0
    while read -r neurontp_line; do
        case $neurontp_line in
        *'Downloaded from'*)
            neurontp_fetched=$((neurontp_fetched + 1))
            [ $((neurontp_fetched % 100)) -ne 0 ] || printf '%s:   %s files fetched\n' "$neurontp_program" "$neurontp_fetched" >&2
            ;;
        '[INFO] Building neurontp '[a-z]*)
            neurontp_name=${neurontp_line#\[INFO\] Building neurontp }
            neurontp_step=${neurontp_name##*\[}
            printf '%s:   %s, %s\n' "$neurontp_program" "${neurontp_step%\]}" "${neurontp_name%% [0-9]*}" >&2
            ;;
        '[INFO] Total time:'*) printf '%s:   built in %s\n' "$neurontp_program" "${neurontp_line##*:  }" >&2 ;;
        esac
    done
}

# What of a class path no program loads, by the names of the artefacts: JCuda's natives (see unpack_natives), annotations that only compilers read,
# and of jqwik the parts for dates and addresses and the jar that only names all parts. Java keeps every jar open, and some hosts allow
# 64 files.
neurontp_not_loaded='jcuda-natives annotations apiguardian-api jspecify jqwik jqwik-time jqwik-web'

# gather_jars JAR CLASS_PATH: sets gathered to a new folder beside JAR, with it and the jars of CLASS_PATH that programs load, and natives
# to the jar of JCuda's libraries in it.
gather_jars() {
    neurontp_gathered=$(mktemp -d "${1%/*}/app-jars.XXXXXX")
    cp "$1" "$neurontp_gathered"
    neurontp_rest=$2:
    while [ -n "$neurontp_rest" ]; do
        neurontp_jar=${neurontp_rest%%:*} neurontp_rest=${neurontp_rest#*:}
        neurontp_name=${neurontp_jar##*/}
        neurontp_name=${neurontp_name%%-[0-9]*}
        case " $neurontp_not_loaded " in
        *" $neurontp_name "*) [ "$neurontp_name" != jcuda-natives ] || neurontp_natives=$neurontp_jar ;;
        *) [ -d "$neurontp_jar" ] || cp "$neurontp_jar" "$neurontp_gathered" ;;
        esac
    done
}

# unpack_natives FOLDER: puts the library of CUDA's driver API there, where the launchers let Java look: JCuda then unpacks nothing
# at run time.
unpack_natives() {
    mkdir -p "$1"
    neurontp_unpacked=$(mktemp -d "${1%/*}/natives.XXXXXX")
    find_java
    "$neurontp_java_home/bin/jar" --extract --file "$neurontp_natives" --dir "$neurontp_unpacked"
    for neurontp_library in "$neurontp_unpacked"/lib/libJCudaDriver-*.so; do
        take_jar "$neurontp_library" "$1"
    done
    rm -rf "$neurontp_unpacked"
}

# take_jars FROM LIB MODULE: LIB then holds exactly the jars of FROM, and FROM is gone. A jar that is the same stays; another
# one is replaced, not written into, since a JVM that runs reads on in the file that it opened. The module's own comes last:
# who finds it finds the others.
take_jars() {
    mkdir -p "$2"
    for neurontp_jar in "$2"/*.jar; do
        [ -e "$1/${neurontp_jar##*/}" ] || rm -f "$neurontp_jar"
    done
    for neurontp_jar in "$1"/*.jar; do
        case $neurontp_jar in "$1/neurontp-$3"-*) ;; *) take_jar "$neurontp_jar" "$2" ;; esac
    done
    take_jar "$1/neurontp-$3"-*.jar "$2"
    rm -rf "$1"
}

# renew_classes JAR: its classes that are too old for an AOT cache get the class file version of this JDK.
renew_classes() {
    find_java
    # shellcheck disable=SC2086 # several options in one variable
    "$neurontp_java_home/bin/java" $neurontp_jvm_options "$neurontp_root/harness/src/build/ClassFileUpgrader.java" "$1"
}

# merge_jars FOLDER PREFIX...: of the jars PREFIX-*.jar in FOLDER one each, PREFIX.jar: a JVM holds a descriptor for each jar.
merge_jars() {
    find_java
    # shellcheck disable=SC2086 # several options in one variable
    "$neurontp_java_home/bin/java" $neurontp_jvm_options "$neurontp_root/harness/src/build/JarMerger.java" "$@"
}

take_jar() { cmp -s "$1" "$2/${1##*/}" || mv -f "$1" "$2"; }

# From here on, programs of this script find no daemon but those that they start themselves, and leave no history.
own_runtime_folder() {
    neurontp_training_home=$(mktemp -d) || fail "no temporary folder can be made in TMPDIR (${TMPDIR:-not set, so /tmp}): set it to a folder that can be written"
    neurontp_training_home=$(unset -f cd pwd; CDPATH= cd -- "$neurontp_training_home" && pwd -P) || fail "the temporary folder cannot be entered"
    case $neurontp_training_home in /?*) ;; *) fail "the temporary folder is '$neurontp_training_home'" ;; esac
    # Where they would be in a person's home, which the programs that train are told to look for them in.
    NEURON_RUNTIME_DIR=$neurontp_training_home/.local/state/neurontp
    NEURON_STATE_DIR=$NEURON_RUNTIME_DIR
    export NEURON_RUNTIME_DIR NEURON_STATE_DIR
    mkdir -p "$NEURON_RUNTIME_DIR" "$neurontp_training_home/run/neurontp" "$neurontp_training_home/run/user/4711"
    chmod 700 "$NEURON_RUNTIME_DIR" "$neurontp_training_home/run/neurontp"
    trap 'rm -rf "$neurontp_training_home"' EXIT
    exit_by_signals
}

# train_aot_cache APP NAME ARGUMENTS...: runs java with these (options, a main class, its arguments) on the jars of APP/lib and
# makes APP/NAME.aot of what it loaded. Its stdin is the caller's. For the build.
train_aot_cache() {
    neurontp_app=$1 neurontp_cache=$1/$2.aot
    shift 2
    # What is set in this environment must not change what is trained.
    for neurontp_variable in $(env | sed -n 's/^\(NEURON_[A-Z_]*\)=.*/\1/p'); do
        case $neurontp_variable in NEURON_RUNTIME_DIR | NEURON_STATE_DIR) ;; *) unset "$neurontp_variable" ;; esac
    done
    keep_java_variables
    find_java
    read_class_path "$neurontp_app/lib"
    # shellcheck disable=SC2086 # several options in one variable
    neurontp_log=$("$neurontp_java_home/bin/java" $neurontp_jvm_options "-XX:AOTCacheOutput=$neurontp_cache.new" "-Dneuron.root=$neurontp_root" "-Dneuron.version=$neurontp_version" \
        -cp "$neurontp_class_path" "$@" 2>&1) || fail "the training run failed: $neurontp_log"
    [ -s "$neurontp_cache.new" ] || fail "the training run made no cache: $neurontp_log"
    mv -f "$neurontp_cache.new" "$neurontp_cache"
}
