package dev.neurontp.harness.process;

import dev.neurontp.harness.text.ForeignText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says of a process.
 *
 * @param state of its first thread, and of another where that has ended and others run on, as those do that a driver holds inside the
 *     kernel
 * @param threads how many have not ended, the first one always among them
 */
public record ProcStat(long pid, String name, char state, long parent, long session, long threads, long startTicks) {
    // Fields after the name, counted from 0: state is field 3 of proc(5), so each index is its field less 3.
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int THREADS = 17;
    private static final int START = 19;

    /**
     * Empty when there is no such process, or it is another user's that the host hides.
     *
     * @throws IOException when that cannot be known
     */
    static Optional<ProcStat> read(long pid) throws IOException {
        Optional<ProcStat> first = read(pid, "");
        if (first.isEmpty() || !first.get().runsOn()) {
            return first;
        }
        for (String thread : ProcFile.threads(pid)) {
            Optional<ProcStat> other = read(pid, thread + "/").filter(stat -> !stat.zombie());
            if (other.isPresent()) {
                return first.map(stat -> stat.withState(other.get().state));
            }
        }
        return first;
    }

    /** Those of a process whose first thread has ended and that runs on, each as a path below its folder; none of every other. */
    static List<String> otherThreads(long pid) throws IOException {
        return read(pid, "").filter(ProcStat::runsOn).isPresent() ? ProcFile.threads(pid) : List.of();
    }

    private static Optional<ProcStat> read(long pid, String thread) throws IOException {
        return ProcFile.bytes(pid, thread + "stat")
                .flatMap(bytes -> parse(pid, new String(bytes, StandardCharsets.UTF_8)));
    }

    /** Whether its first thread has ended and another has not. */
    public boolean runsOn() {
        return zombie() && threads > 1;
    }

    private ProcStat withState(char other) {
        return new ProcStat(pid, name, other, parent, session, threads, startTicks);
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
                Long.parseLong(fields[THREADS]),
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
