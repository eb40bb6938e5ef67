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
    private static final int MEMORY = 20;
    private static final int CODE = 23;
    private static final int ENVIRONMENT = 47;
    private static final int ENVIRONMENT_END = 48;

    private static final String[] NO_FIELDS = {};

    /** What the kernel says of the code of a process that it does not show to who asks. */
    private static final String HIDDEN = "1";

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

    /** What there is of the environment of a process that shows none. */
    record Environment(State state, String place) {
        private static final Environment NONE = new Environment(State.NONE, "");

        /** Whether there is one. */
        enum State {
            /** None: it has ended or is about to, is the kernel's or another user's, or was started without any variable. */
            NONE,
            /** None yet: the kernel is just making another program of it (execve). */
            YET_TO_COME,
            /** It has a place, which is another one in each program: it has come in this moment, or nothing is there any more. */
            PLACED
        }
    }

    /** Of such a process; always {@link Environment.State#NONE} where the kernel does not tell. */
    static Environment environment(long pid) throws IOException {
        String[] fields = memory(pid);
        if (fields.length <= ENVIRONMENT_END || fields[MEMORY].equals("0") || fields[CODE].equals(HIDDEN)) {
            return Environment.NONE;
        }
        if (fields[CODE].equals("0")) { // set behind the environment
            return Kernel.TELLS ? new Environment(Environment.State.YET_TO_COME, "") : Environment.NONE;
        }
        return fields[ENVIRONMENT].equals(fields[ENVIRONMENT_END])
                ? Environment.NONE
                : new Environment(Environment.State.PLACED, fields[CODE] + ' ' + fields[ENVIRONMENT]);
    }

    private static String[] memory(long pid) throws IOException {
        return ProcFile.bytes(pid, "stat")
                .map(bytes -> fields(new String(bytes, StandardCharsets.UTF_8), ENVIRONMENT_END + 2))
                .orElse(NO_FIELDS);
    }

    /** Looked at once. */
    private static final class Kernel {
        /** Whether it says where the code of a process is, as Linux does and gVisor does not. */
        static final boolean TELLS = tells();

        private static boolean tells() {
            try {
                String[] own = memory(ProcessHandle.current().pid());
                return own.length > ENVIRONMENT_END && !own[CODE].equals("0");
            } catch (IOException _) {
                return false;
            }
        }
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
        String[] fields = fields(line, START + 2);
        if (fields.length <= START) {
            return Optional.empty();
        }
        return Optional.of(new ProcStat(
                pid,
                ForeignText.of(line.substring(line.indexOf('(') + 1, line.lastIndexOf(')')), ForeignText.NAME),
                fields[STATE].charAt(0),
                Long.parseLong(fields[PARENT]),
                Long.parseLong(fields[SESSION]),
                Long.parseLong(fields[THREADS]),
                Long.parseLong(fields[START])));
    }

    /** Those after the name, at most so many; none where it is no such line. The name stands in brackets and may hold brackets and blanks itself. */
    private static String[] fields(String line, int most) {
        int close = line.lastIndexOf(')');
        return close < line.indexOf('(') || close < 0
                ? NO_FIELDS
                : line.substring(close + 1).strip().split(" ", most);
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
