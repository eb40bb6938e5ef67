package dev.neurontp.harness.process;

import dev.neurontp.harness.time.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One run of a program of which nothing is known: it may hang, in the kernel, with its children, or with a pipe that a child
 * keeps open, and it may print without an end. When {@link #of} returns it has ended, or was sent SIGKILL, and so was all that it had
 * started, wherever that had gone. One thread uses it.
 */
public final class BoundedRun {
    /** For the streams of one that has ended. */
    private static final Duration STREAMS = Duration.ofSeconds(1);

    private static final Duration AFTER_KILL = Duration.ofMillis(500);
    /** A length that a pipe takes at once. */
    private static final int LONGEST_LINE = 4096;

    /** By program: that one hangs holds up no other. */
    private static final Map<String, BoundedAccess> STARTS = new ConcurrentHashMap<>();

    private static final int MOST_STARTS = 8;
    /** A start takes a few milliseconds, on a very busy host more. */
    private static final Duration BUSY = Duration.ofSeconds(1);

    private final ChildProcess child;
    private final ProcessIdentity identity;
    private final StreamDrain stdout;
    private final StreamDrain stderr;
    private OptionalInt exitCode = OptionalInt.empty();
    private boolean complete;

    private BoundedRun(ChildProcess child, StreamDrain stdout, StreamDrain stderr) {
        this.child = child;
        this.identity = ProcessIdentity.ofKnown(child.process().pid());
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /**
     * Runs it. Blocks until {@code deadline}, and little longer.
     *
     * @param line what it is sent on stdin, which stays open then; without one its stdin is at its end
     * @param most bytes that are kept of the beginning of each stream, and of its end
     * @throws IOException when it cannot be started; nothing is left of it then
     */
    public static BoundedRun of(ProcessBuilder builder, Optional<String> line, int most, Deadline deadline)
            throws IOException, InterruptedException {
        BoundedRun run = started(builder, most, deadline);
        try {
            run.send(line);
            if (run.child.process().waitFor(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                run.exitCode = OptionalInt.of(run.child.process().exitValue());
                Deadline streams = Deadline.in(STREAMS);
                run.complete = run.stdout.join(left(streams)) && run.stderr.join(left(streams));
            }
        } finally {
            try {
                if (run.exitCode.isEmpty()) {
                    run.kill();
                }
            } finally {
                run.child.closePipes(); // also where a second interrupt ends the wait for its end
            }
        }
        run.child.endLeftBehind(run.identity);
        return run;
    }

    private static BoundedRun started(ProcessBuilder builder, int most, Deadline deadline)
            throws IOException, InterruptedException {
        String program = builder.command().getFirst();
        ChildProcess child = start(builder, program, deadline);
        try {
            return new BoundedRun(
                    child,
                    new StreamDrain(program, child.process().getInputStream(), most),
                    new StreamDrain(program, child.process().getErrorStream(), most));
        } catch (IOException e) {
            discard(child);
            throw e;
        }
    }

    /** A start does not return as long as the file system of its program answers nothing. What starts too late is ended. */
    private static ChildProcess start(ProcessBuilder builder, String program, Deadline deadline)
            throws IOException, InterruptedException {
        AtomicReference<Optional<ChildProcess>> outcome = new AtomicReference<>();
        BoundedAccess starts = STARTS.computeIfAbsent(program, _ -> new BoundedAccess("start", MOST_STARTS));
        try {
            Duration bound = left(deadline).plus(BUSY);
            return starts.within(bound, bound, () -> {
                ChildProcess child = ChildProcess.start(builder);
                if (!outcome.compareAndSet(null, Optional.of(child))) {
                    discard(child);
                }
                return child;
            });
        } catch (BoundedAccess.NoAnswerException | InterruptedException e) {
            Optional<ChildProcess> child = outcome.getAndSet(Optional.empty());
            if (child != null && child.isPresent()) {
                discard(child.get());
            }
            throw e;
        }
    }

    private static void discard(ChildProcess child) throws InterruptedException {
        end(child);
        child.closePipes();
    }

    private void send(Optional<String> line) {
        try {
            if (line.isEmpty()) {
                child.process().getOutputStream().close();
                return;
            }
            byte[] bytes = (line.get() + "\n").getBytes(StandardCharsets.UTF_8);
            if (bytes.length > LONGEST_LINE) {
                throw new IllegalArgumentException("a line of " + bytes.length
                        + " bytes is sent to a program that may not read: at most " + LONGEST_LINE);
            }
            child.process().getOutputStream().write(bytes);
            child.process().getOutputStream().flush();
        } catch (IOException _) {
            return; // It has ended: its words say why.
        }
    }

    private void kill() throws InterruptedException {
        end(child);
        stdout.join(AFTER_KILL);
        stderr.join(AFTER_KILL);
    }

    private static void end(ChildProcess child) throws InterruptedException {
        // Not Java's own look at /proc, which throws where there is no descriptor for it.
        ProcessTable.read()
                .descendants(ProcessIdentity.ofKnown(child.process().pid()))
                .forEach(process -> process.identity().kill());
        child.kill(Deadline.in(AFTER_KILL));
    }

    private static Duration left(Deadline deadline) {
        return Duration.ofNanos(deadline.remainingNanos() + 1);
    }

    /** Empty where it had to be killed. */
    public OptionalInt exitCode() {
        return exitCode;
    }

    /** Whether it has ended in time, and nobody has kept its streams open. */
    public boolean complete() {
        return complete;
    }

    /** Whether something of it is still there: it stands in the kernel, or a process that has left it holds its streams. */
    public boolean hangs() {
        return child.process().isAlive() || (!complete && (stdout.isOpen() || stderr.isOpen()));
    }

    public long pid() {
        return child.process().pid();
    }

    /** The beginning of what it has printed, as it is. */
    public String stdout() {
        return stdout.beginning();
    }

    /** The beginning of that on stderr, as it is. */
    public String stderr() {
        return stderr.beginning();
    }

    /** The beginning and the end of what it has printed, for one whose own words come last. */
    public String stdoutWithItsEnd() {
        return stdout.beginningAndEnd();
    }

    /** The same on stderr. */
    public String stderrWithItsEnd() {
        return stderr.beginningAndEnd();
    }
}
