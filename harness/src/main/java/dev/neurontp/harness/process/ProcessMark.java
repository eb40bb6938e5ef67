package dev.neurontp.harness.process;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A variable in the environment of a process that this one starts, unlike any other: whatever that process starts inherits it,
 * and keeps it in a session of its own and without a parent, as a program does that daemonises. Only who clears its environment
 * loses it.
 *
 * @param variable its name; an agent's children keep the leader's mark beside the agent's own
 * @param leader the process that starts it
 * @param number counts the leader's children
 */
public record ProcessMark(String variable, ProcessIdentity leader, long number) {
    /** The variable. It does not begin as those do that are settings of a daemon. */
    public static final String VARIABLE = "NEURONTP_PROCESS_MARK";

    /** That of an agent, the process beside a worker. */
    public static final String AGENT_VARIABLE = "NEURONTP_AGENT_MARK";

    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final long INIT = 1;

    /** Boot id, pid, start and number. */
    private static final Pattern MARK =
            Pattern.compile("\0" + VARIABLE + "=([^\0]*)-(\\d{1,18})-(-?\\d{1,18})-\\d{1,19}(?:\0|$)");

    private static final Set<String> ANY = Set.of(VARIABLE, AGENT_VARIABLE);

    /** The mark of the next child of this process. */
    static ProcessMark next(String variable) {
        return new ProcessMark(variable, Self.IDENTITY, NUMBERS.incrementAndGet());
    }

    /**
     * The leader that a process's environment names, as the kernel keeps it; empty where it carries no mark. Its pid counts in the pid
     * namespace of the leader.
     */
    public static Optional<ProcessIdentity> leaderIn(String environment) {
        Matcher mark = MARK.matcher('\0' + environment);
        return mark.find()
                ? Optional.of(new ProcessIdentity(
                        Long.parseLong(mark.group(2)), Long.parseLong(mark.group(3)), mark.group(1)))
                : Optional.empty();
    }

    /** Its value. */
    String text() {
        return prefix(leader) + number;
    }

    /** What the variable begins with, its name too, in all that this process starts. */
    static String ofThisProcess(String variable) {
        return variable + '=' + prefix(Self.IDENTITY);
    }

    private static String prefix(ProcessIdentity leader) {
        return leader.bootId() + "-" + leader.pid() + "-" + leader.startTicks() + "-";
    }

    /**
     * Those in {@code table} that carry this mark and have lost their parent; whoever has not is found by its parent.
     *
     * @param since the clock ticks after boot when the marked process started: nobody that is older can have its mark
     */
    List<ProcStat> orphans(ProcessTable table, long since) {
        return table.processes().stream()
                // The other children of this process are none of its, and there may be many.
                .filter(process -> process.startTicks() >= since
                        && (process.parent() != leader.pid() || leader.pid() == INIT)
                        && isIn(table.marks(process.pid())))
                .toList();
    }

    /** All in {@code table} that carry this mark. */
    List<ProcStat> in(ProcessTable table) {
        return table.processes().stream()
                .filter(process -> process.startTicks() >= leader.startTicks() && isIn(table.marks(process.pid())))
                .toList();
    }

    private boolean isIn(String marks) {
        return marks.contains(entry(variable, text()) + '\0');
    }

    /** Those that a process has started which is gone now, and all that they have started. */
    public static List<ProcStat> of(ProcessIdentity leader, ProcessTable table) {
        String entry = entry(VARIABLE, prefix(leader));
        return table.processes().stream()
                .filter(process -> process.startTicks() >= leader.startTicks()
                        && table.marks(process.pid()).contains(entry))
                .toList();
    }

    /**
     * Ends whatever this process has started and that still runs, wherever it has gone, with SIGKILL: the last act of one that ends in
     * order. Bounded.
     *
     * @return what that was
     */
    public static LeftBehind endAllOfThisProcess() throws InterruptedException {
        LeftBehind left = new LeftBehind();
        left.end(table -> of(Self.IDENTITY, table));
        return left;
    }

    private static String entry(String variable, String value) {
        return '\0' + variable + '=' + value;
    }

    /**
     * All marks in its environment as the kernel keeps that since the last exec, a NUL before and behind each; empty for who shows none, as
     * one that has ended, is just becoming another program, or is another user's.
     *
     * @throws IOException when that cannot be known
     */
    static String marksOf(long pid) throws IOException {
        return ProcFile.variables(pid, ANY)
                .map(marks -> marks.stream().map(mark -> '\0' + mark).collect(Collectors.joining("", "", "\0")))
                .orElse("");
    }

    /** Read once. */
    private static final class Self {
        static final ProcessIdentity IDENTITY =
                ProcessIdentity.ofKnown(ProcessHandle.current().pid());
    }
}
