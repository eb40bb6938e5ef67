package dev.neurontp.ops.up;

import java.io.IOException;
import java.util.List;

/**
 * Ends the daemon when this process is gone, also by SIGKILL: a shell that waits for the end of a pipe that only we
 * hold. It signals only the very process that it was told of (pid and start).
 */
final class ParentDeathWatch implements AutoCloseable {
    private static final String WAIT_THEN_END = """
            read -r _
            set -f
            stat=$(cat "/proc/$1/stat" 2>/dev/null) || exit 0
            set -- "$1" "$2" ${stat##*) }
            [ "${22}" = "$2" ] && kill -TERM "$1"
            """;

    private final Process shell;

    /** On the process {@code pid} that started at {@code startTicks}. */
    ParentDeathWatch(long pid, long startTicks) throws IOException {
        List<String> command = SetSid.before(List.of(
                "sh", "-c", WAIT_THEN_END, "tpctl-parent-watch", Long.toString(pid), Long.toString(startTicks)));
        shell = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Lets go: the daemon is left alone. */
    @Override
    public void close() {
        shell.destroyForcibly();
    }
}
