package dev.neurontp.harness.process;

import dev.neurontp.harness.text.ForeignText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What {@code /proc/PID/stat} says of a process. */
public record ProcStat(long pid, String name, char state, long parent, long session, long startTicks) {
    // Fields after the name, counted from 0: state is field 3 of proc(5), so each index is its field less 3.
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int START = 19;

    /**
     * Empty when there is no such process, or it is another user's that the host hides.
     *
     * @throws IOException when that cannot be known
     */
    static Optional<ProcStat> read(long pid) throws IOException {
        return ProcFile.bytes(pid, "stat").flatMap(bytes -> parse(pid, new String(bytes, StandardCharsets.UTF_8)));
    }

    /** Reads the line of such a file; empty where it is none. */
    public static Optional<ProcStat> parse(long pid, String line) {
        // The name stands in brackets and may hold brackets and blanks itself.
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String[] fields = line.substring(close + 1).strip().split(" ", START + 2);
        if (fields.length <= START) {
            return Optional.empty();
        }
        return Optional.of(new ProcStat(
                pid,
                ForeignText.of(line.substring(open + 1, close), ForeignText.NAME),
                fields[STATE].charAt(0),
                Long.parseLong(fields[PARENT]),
                Long.parseLong(fields[SESSION]),
                Long.parseLong(fields[START])));
    }

    public boolean zombie() {
        return state == 'Z' || state == 'X';
    }

    public boolean stopped() {
        return state == 'T' || state == 't';
    }

    /** Whether it does not run and takes no signal but SIGKILL at most: it is stopped, or waits inside the kernel. */
    boolean standsStill() {
        return stopped() || state == 'D';
    }

    public ProcessIdentity identity() {
        return ProcessIdentity.ofThisBoot(pid, startTicks);
    }
}
