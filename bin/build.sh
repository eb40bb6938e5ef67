# How bin/neuron and bin/tpctl build a tree that was never built; common.sh reads this when it has to. Everything that is
# said goes to stderr, since stdout may be a worker's.

# build_tree LIB MODULE: one build at a time in this checkout; a second one waits and then finds the work done.
build_tree() {
    mkdir -p "$root/target"
    log=$root/target/build.log
    printf '%s: not built yet: building it once with ./mvnw -Dmaven.test.skip package\n' "$program" >&2
    (
        if command -v flock >/dev/null; then
            exec 9>"$root/target/build.lock"
            flock 9
        fi
        has_own_jar "$1" "$2" && exit 0
        cd "$root" || exit 1
        {
            status=0
            JAVA_HOME=$java_home ./mvnw -Dmaven.test.skip package </dev/null 2>&1 9>&- || status=$?
            echo "exit status $status"
        } | tee "$log" | show_progress
        [ "$(tail -n 1 "$log")" = 'exit status 0' ]
    ) || {
        grep -E '^\[ERROR\]|^Error|^mvnw:|exit status' "$log" | head -n 20 >&2
        fail "the build failed; all it said is in $log"
    }
}

# Reads Maven's output and says what it is at: each module, and the files it fetches on the way.
show_progress() {
    fetched=0
    while read -r line; do
        case $line in
        *'Downloaded from'*)
            fetched=$((fetched + 1))
            [ $((fetched % 100)) -ne 0 ] || printf '%s:   %s files fetched\n' "$program" "$fetched" >&2
            ;;
        '[INFO] Building neurontp '[a-z]*)
            name=${line#\[INFO\] Building neurontp }
            step=${name##*\[}
            printf '%s:   %s, %s\n' "$program" "${step%\]}" "${name%% [0-9]*}" >&2
            ;;
        '[INFO] Total time:'*) printf '%s:   built in %s\n' "$program" "${line##*:  }" >&2 ;;
        esac
    done
}
