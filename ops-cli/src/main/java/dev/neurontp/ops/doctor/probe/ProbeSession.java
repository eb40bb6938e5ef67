package dev.neurontp.ops.doctor.probe;

import dev.neurontp.harness.process.ChildPipe;
import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.LineBoundInput;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * A probe that is asked again and again: each question has a bound, and one that is not answered within it ends the probe. One
 * thread.
 */
public final class ProbeSession implements AutoCloseable {
    /** The problem of an answer that nobody waits for any more. */
    public static final String GIVEN_UP = "nobody waits for the answer any more";

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration AFTER_KILL = Duration.ofMillis(500);
    private static final Duration LEAVE = Duration.ofSeconds(1);
    private static final int MOST_LINES = 1 << 14;
    private static final int LONGEST_LINE = 1 << 16;
    private static final String END_OF_OUTPUT = "";

    private final ChildProcess child;
    private final String endKey;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>(MOST_LINES);
    private Answer over;

    private ProbeSession(ChildProcess child, String endKey) {
        this.child = child;
        this.endKey = endKey;
    }

    /** Starts the program; its answers end with the line that has {@code endKey}. */
    static ProbeSession start(ProcessBuilder builder, String endKey) throws IOException {
        // What a library prints is nobody's answer, and must not fill a pipe.
        ChildProcess child = ChildProcess.start(builder.redirectError(ProcessBuilder.Redirect.DISCARD));
        ProbeSession session = new ProbeSession(child, endKey);
        try {
            DaemonThread.start("probe", () -> ChildPipe.toItsEnd(child.process().getInputStream(), session::read));
            return session;
        } catch (ThreadLimitException e) {
            session.kill();
            throw e;
        }
    }

    /** Nobody will read what it says. */
    private void kill() throws IOException {
        try {
            child.kill(Deadline.in(AFTER_KILL));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        child.process().getOutputStream().close();
        child.process().getInputStream().close();
    }

    private void read() {
        InputStream in = new LineBoundInput(child.process().getInputStream(), LONGEST_LINE);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isEmpty() && !lines.offer(line)) {
                    return;
                }
            }
        } catch (LineBoundInput.LineTooLong _) {
            lines.clear();
            lines.add("problem=it printed a line of more than " + LONGEST_LINE + " bytes");
        } catch (IOException _) {
            // It was killed; whoever waits is told by the line below.
            return;
        } finally {
            if (!lines.offer(END_OF_OUTPUT)) {
                lines.clear();
                lines.add(END_OF_OUTPUT);
            }
        }
    }

    /** Asks it once; after it has ended or hung every answer is why. */
    public Answer ask(Duration bound) throws InterruptedException {
        return ask(bound, () -> false);
    }

    /** The same, and as soon as {@code stopped} says so it is given up, which is no hang; then it is over too. */
    public Answer ask(Duration bound, BooleanSupplier stopped) throws InterruptedException {
        if (over != null) {
            return over;
        }
        StringBuilder said = new StringBuilder();
        AtomicReference<Answer> heard = new AtomicReference<>();
        send();
        // What this process slept through is not the probe's time: its answer may lie in the pipe.
        Deadline.in(bound).await(nanos -> {
            heard.set(next(said, Math.min(nanos, LOOK.toNanos()), stopped));
            return heard.get() != null;
        });
        Answer answer = heard.get() == null ? hung(said.toString(), bound) : heard.get();
        over = answer.problem().isPresent() ? answer : null;
        return answer;
    }

    /** Takes one more line; null where that is not the last one of the answer, or none came. */
    private Answer next(StringBuilder said, long nanos, BooleanSupplier stopped) throws InterruptedException {
        if (stopped.getAsBoolean()) {
            return new Answer(Facts.parse(said.toString()), Optional.of(GIVEN_UP), Optional.empty());
        }
        String line = lines.poll(nanos, TimeUnit.NANOSECONDS);
        if (line == null) {
            return null;
        }
        said.append(line).append('\n');
        if (line.isEmpty()) {
            return ended(said.toString());
        }
        if (line.startsWith(endKey + "=")) {
            Facts facts = Facts.parse(said.toString());
            return new Answer(facts, facts.text("problem"), Optional.empty());
        }
        return null;
    }

    private void send() {
        try {
            OutputStream in = child.process().getOutputStream();
            in.write('\n');
            in.flush();
        } catch (IOException _) {
            // It has ended, and its last lines say why.
            return;
        }
    }

    private Answer hung(String said, Duration bound) throws InterruptedException {
        Facts facts = Facts.parse(said);
        String where = "pid " + child.process().pid() + " did not answer within " + Durations.time(bound)
                + ThreadStates.of(child.process().pid());
        boolean gone = child.kill(Deadline.in(AFTER_KILL));
        String what = where
                + (gone ? "; it was killed" : "; SIGKILL does not end it")
                + facts.text("asking")
                        .map(asked -> ", while asked for " + asked)
                        .orElse("");
        return new Answer(facts, Optional.of(what), Optional.of(what));
    }

    private Answer ended(String said) {
        Facts facts = Facts.parse(said);
        return new Answer(
                facts,
                Optional.of(facts.text("problem").orElse("the program that asks the driver has ended")),
                Optional.empty());
    }

    /** Ends the program; waits for that within a bound. */
    @Override
    public void close() {
        try {
            child.process().getOutputStream().close();
        } catch (IOException _) {
            // Nobody reads it any more.
            child.terminate();
        }
        try {
            if (!child.process().waitFor(LEAVE.toMillis(), TimeUnit.MILLISECONDS)) {
                child.kill(Deadline.in(AFTER_KILL));
            }
        } catch (InterruptedException _) {
            child.terminate();
            Thread.currentThread().interrupt();
        }
    }
}
