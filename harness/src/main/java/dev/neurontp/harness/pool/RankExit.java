package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.ExitWords;
import dev.neurontp.harness.process.OutOfMemory;
import dev.neurontp.harness.process.Remains;
import dev.neurontp.harness.text.Shortened;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The evidence of how one rank ended.
 *
 * @param pid of the worker, or of the leader for a rank 0 in its process
 * @param inProcess whether this is a rank 0 in the leader's process
 * @param bye whether it answered {@code bye}
 * @param refusal what it did in place of leaving when it was asked to, one line; empty where that was nothing, or not seen
 * @param exitCode as Java reports it, empty while it runs and for a rank in process
 * @param gone whether the worker was seen to end, or the rank in process to leave its communicator
 * @param lost why the end of the worker is not known although all was done to end it: the process has exited that was started for it,
 *     and may be a launcher such as ssh, whose exit says nothing of a process elsewhere; or not even SIGKILL has ended it; else empty
 * @param steps what was done to end it, in order: {@code shutdown}, {@code SIGTERM}, {@code SIGKILL}; of one on another host also
 *     {@code stdin closed} and {@code end command}; empty when it ended by itself before
 * @param outOfMemory whether the kernel counted an out-of-memory kill in its control group
 * @param leftBehind processes that it left and that were ended, each as {@code name (pid N)}; of more than 32 only that many,
 *     and then {@code N more}
 * @param abandonedReaders pipes that a process still holds open which was not found or does not die; our ends are closed, and
 *     their threads end with it
 * @param took from the first step to the end
 * @param remains what may still be of it on this host, where it is lost
 * @param elsewhere what is different on another host; {@code exitCode}, {@code outOfMemory} and {@code leftBehind} are then what the
 *     agent beside the worker has said
 */
public record RankExit(
        int rank,
        long pid,
        boolean inProcess,
        boolean bye,
        String refusal,
        OptionalInt exitCode,
        boolean gone,
        String lost,
        List<String> steps,
        boolean outOfMemory,
        List<String> leftBehind,
        int abandonedReaders,
        Duration took,
        Remains remains,
        Optional<Elsewhere> elsewhere) {
    /**
     * What is different where a launcher has put the worker on another host.
     *
     * @param host its name
     * @param launcher the exit code of the launcher; empty while it runs
     * @param reason why its agent has ended the worker; empty where it ended by itself
     * @param endedBy the command of its launcher whose yes is the evidence, where its agent has told no end
     * @param leaseEnds when the worker has ended by itself at the latest, where its end is not known
     */
    public record Elsewhere(
            String host, OptionalInt launcher, String reason, Optional<String> endedBy, Optional<Instant> leaseEnds) {}

    static final String STDIN_CLOSED = "stdin closed";
    static final String END_COMMAND = "end command";
    static final String NOTHING_STARTED = "nothing was started there: its agent was never heard";
    static final String SIGTERM = "SIGTERM";
    static final String SIGKILL = "SIGKILL";
    static final String SHUTDOWN = "shutdown";
    static final String NOT_SEEN = "the command has ended, and nothing shows that its worker has";

    static final String UNENDED =
            "SIGKILL has not ended it: it waits inside the kernel, as in a driver that hangs, or a debugger holds it";
    static final String UNSIGNALLED = "no signal could be sent to it: ";
    static final String UNSEEN_END = "its end was not seen in the time for it";
    static final String NOT_IN_TIME = "the time for it was over";
    static final String NO_WORD = "nothing was heard of its end";
    static final String SURVIVED = "SIGKILL did not end what it left behind: ";
    static final String UNSEEN = "whether it left something behind could not be seen: ";
    static final String BROKEN_OFF = "what was done to end it broke off by a fault of the leader, which its log tells";

    private static final int MOST_NAMES = 32;

    /** Of a rank on this host. */
    RankExit(
            int rank,
            long pid,
            boolean inProcess,
            boolean bye,
            OptionalInt exitCode,
            boolean gone,
            String lost,
            List<String> steps,
            boolean outOfMemory,
            List<String> leftBehind,
            int abandonedReaders,
            Duration took) {
        this(
                rank,
                pid,
                inProcess,
                bye,
                "",
                exitCode,
                gone,
                lost,
                steps,
                outOfMemory,
                leftBehind,
                abandonedReaders,
                took,
                Remains.NONE,
                Optional.empty());
    }

    /** Of a rank whose end broke off, so that nothing of it is known for sure. */
    static RankExit brokenOff(PoolRank rank, Duration took) {
        return new RankExit(
                rank.rank(),
                rank.pid(),
                false,
                false,
                "",
                OptionalInt.empty(),
                false,
                BROKEN_OFF,
                List.of(),
                false,
                List.of(),
                0,
                took,
                rank.remains(),
                Optional.empty());
    }

    public RankExit {
        steps = List.copyOf(steps);
        leftBehind = Shortened.names(leftBehind, MOST_NAMES);
    }

    /** The length of the workers' words in it, in characters: of what no bound of ours makes short. */
    public long textLength() {
        return refusal.length() + leftBehind.stream().mapToLong(String::length).sum();
    }

    /** Whether all was done to end it, and nobody has seen its end. */
    public boolean isLost() {
        return !lost.isEmpty();
    }

    /** Whether this is a process of this host that not even SIGKILL has ended. */
    public boolean survived() {
        return lost.equals(UNENDED);
    }

    /** Whether SIGKILL was sent to all that is known to remain of it on this host. */
    public boolean outlivedSigkill() {
        return survived() || lost.startsWith(SURVIVED);
    }

    /** Whether it answered {@code bye}, exited with 0, left nothing behind and nothing had to be forced. */
    public boolean clean() {
        return gone
                && leftBehind.isEmpty()
                && abandonedReaders == 0
                && steps.stream().allMatch(SHUTDOWN::equals)
                && (inProcess || (bye && exitCode.orElse(-1) == 0));
    }

    /** One line for a person: {@code bye, exit 0}. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        if (inProcess) {
            text.append(gone ? "left its communicator" : "did not leave its communicator: its thread was abandoned");
        } else {
            text.append(bye ? "bye, " : "").append(exitCode.isPresent() ? exit() : unknown());
            if (elsewhere.isPresent()) {
                text.append(steps.contains(STDIN_CLOSED) ? "; its stdin was closed" : byItsAgent());
                text.append(exitCode.isPresent() ? ofItsLauncher() : "");
            } else if (steps.contains(SIGKILL)) {
                text.append("; SIGTERM was not obeyed, SIGKILL sent");
            } else if (steps.contains(SIGTERM)) {
                text.append("; SIGTERM sent");
            }
        }
        if (!refusal.isEmpty()) {
            text.append("; at shutdown: ").append(refusal);
        }
        if (!leftBehind.isEmpty()) {
            text.append("; ended what it left behind: ").append(String.join(", ", leftBehind));
        }
        if (abandonedReaders > 0) {
            text.append("; ")
                    .append(abandonedReaders)
                    .append(
                            survived()
                                    ? " of its pipes still held open"
                                    : " of its pipes still held open by another process, which was not found");
        }
        if (isLost()) {
            text.append("; lost: ").append(lost);
        }
        return text.toString();
    }

    private String byItsAgent() {
        return elsewhere
                .map(Elsewhere::reason)
                .filter(reason -> !reason.isEmpty())
                .map(reason -> "; its agent has ended it: " + reason)
                .orElse("");
    }

    /** One that stays when its agent has left. */
    private String ofItsLauncher() {
        if (!steps.contains(SIGTERM)) {
            return "";
        }
        return "; its launcher was still there, " + (steps.contains(SIGKILL) ? "SIGKILL sent" : "SIGTERM sent");
    }

    private String unknown() {
        return elsewhere
                .map(this::unknown)
                .orElse(steps.contains(SIGKILL) ? "still running after SIGKILL" : "still running");
    }

    private String unknown(Elsewhere far) {
        String launcher = far.launcher().isPresent()
                ? "its launcher: exit " + far.launcher().getAsInt()
                : "its launcher still runs after SIGKILL";
        return far.endedBy()
                .map(command -> launcher + "; gone, says '" + command + "'")
                .orElse(
                        gone
                                ? launcher + (steps.contains(SIGKILL) ? ", SIGKILL sent; " : "; ") + NOTHING_STARTED
                                : launcher);
    }

    private String exit() {
        int code = exitCode.getAsInt();
        if (outOfMemory) {
            return OutOfMemory.WORDS;
        }
        return "exit "
                + (elsewhere.isPresent() || steps.contains(SIGKILL) ? ExitWords.of(code) : ExitWords.ofChild(code));
    }
}
