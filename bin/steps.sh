# How a script whose steps take long ends by a signal: a shell hears none while it waits for a step, and its end alone would leave the step
# running. For bin/ and packaging/. POSIX sh.

# steps_of SCRIPT ARGUMENTS...: runs the script, which calls this, once more as run_steps does, and ends as that does; returns within it.
steps_of() {
    if [ "${NEURONTP_STEPS_OF:-}" = "$PPID" ]; then
        unset NEURONTP_STEPS_OF
        return 0
    fi
    export NEURONTP_STEPS_OF=$$
    run_steps sh "$@" || exit $?
    exit 0
}

# run_steps COMMAND...: runs it in a session of its own and returns its exit code. A signal to this script ends all of that session, and then
# this script. Without setsid (util-linux) it runs as it is.
run_steps() {
    command -v setsid >/dev/null || {
        "$@"
        return
    }
    neurontp_stopped= neurontp_steps=
    trap 'stop_steps 129' HUP
    trap 'stop_steps 130' INT
    trap 'stop_steps 141' PIPE
    trap 'stop_steps 143' TERM
    # Behind an & a shell ignores SIGINT and SIGQUIT, and so would all that is started.
    neurontp_heard=
    ! env --default-signal=INT,QUIT true 2>/dev/null || neurontp_heard='env --default-signal=INT,QUIT'
    # shellcheck disable=SC2086 # a command of several words, or none
    $neurontp_heard setsid "$@" </dev/null &
    neurontp_steps=$!
    # One that came before is not forwarded yet.
    [ -z "$neurontp_stopped" ] || stop_steps "$neurontp_stopped"
    neurontp_ended=0
    while :; do
        wait "$neurontp_steps" && neurontp_ended=0 || neurontp_ended=$?
        kill -s 0 "$neurontp_steps" 2>/dev/null || break
    done
    # What a step that failed has left in the background.
    kill -s TERM -- "-$neurontp_steps" 2>/dev/null || :
    trap - HUP INT PIPE TERM
    [ -z "$neurontp_stopped" ] || exit "$neurontp_stopped"
    return "$neurontp_ended"
}

# The session may not be there yet.
stop_steps() {
    neurontp_stopped=$1
    [ -z "$neurontp_steps" ] || kill -s TERM -- "-$neurontp_steps" 2>/dev/null || kill -s TERM "$neurontp_steps" 2>/dev/null || :
}
