package dev.neurontp.harness.process;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command that ends what a launcher has started, by asking whoever runs it there, such as a container engine.
 *
 * @param words all of them
 * @param proves whether its yes is evidence of the end
 * @param absent what it says of one that is not there any more, which is a yes too
 */
public record EndCommand(List<String> words, boolean proves, Optional<Pattern> absent) {
    /** How long it may take in all. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    /** For what was asked for and is not there yet: an engine that is busy goes on although nobody waits for it any more. */
    private static final Duration MAY_STILL_COME = Duration.ofSeconds(3);

    /** To one that may be as far out of reach as the launcher that has failed. */
    private static final Duration ONE_QUESTION = Duration.ofSeconds(3);

    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final int MOST_BYTES = 4096;
    private static final int KILLED = -1;
    private static final Logger LOG = LoggerFactory.getLogger(EndCommand.class);

    public EndCommand {
        words = List.copyOf(words);
    }

    /** Its words as one line, for a person. */
    public String line() {
        return ForeignText.of(String.join(" ", words), ForeignText.MESSAGE);
    }

    /** What it has said. */
    private enum Answer {
        ENDED,
        ABSENT,
        NO
    }

    /** The same with its words, for a person; whole where it has ended by itself. */
    private record Reply(Answer answer, boolean whole, String said) {}

    /** Runs it until it has said yes; false when it has not in time, or cannot be started. */
    public boolean run(Deadline deadline) throws InterruptedException {
        return run(deadline, Deadline.in(Duration.ZERO));
    }

    /**
     * The same for something of which nothing was heard and whose launcher was ended, so that it may be about to start: that it is not there
     * counts after three seconds.
     */
    public boolean runForUnheard(Deadline deadline) throws InterruptedException {
        return run(deadline, Deadline.in(MAY_STILL_COME));
    }

    private boolean run(Deadline deadline, Deadline mayStillCome) throws InterruptedException {
        String said = "";
        do {
            Reply reply = ask(deadline);
            // The last one is often cut by the deadline.
            said = reply.whole || said.isEmpty() ? reply.said : said;
            if (reply.answer == Answer.ENDED || (reply.answer == Answer.ABSENT && mayStillCome.expired())) {
                return true;
            }
            Thread.sleep(Math.min(PAUSE.toMillis(), TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos())));
        } while (!deadline.expired());
        LOG.warn("'{}' has not ended what it was to end: {}", line(), said);
        return false;
    }

    /** Runs it once: for something of which nothing was heard, and whose launcher has ended by itself. */
    public boolean runOnce(Deadline deadline) throws InterruptedException {
        return ask(deadline.within(ONE_QUESTION)).answer != Answer.NO; // mostly there is nothing that it could end
    }

    private Reply ask(Deadline deadline) throws InterruptedException {
        BoundedRun run;
        try {
            run = BoundedRun.of(
                    new ProcessBuilder(words).redirectErrorStream(true), Optional.empty(), MOST_BYTES, deadline);
        } catch (IOException e) {
            return new Reply(Answer.NO, true, String.valueOf(e.getMessage())); // what cannot be asked says no
        }
        int code = run.exitCode().orElse(KILLED);
        String said = ForeignText.of(run.stdout().strip(), ForeignText.MESSAGE);
        String how = (code == KILLED ? "it did not end in time" : "exit " + ExitWords.of(code))
                + (said.isEmpty() ? "" : ": " + said);
        boolean saysAbsent = code != KILLED
                && absent.isPresent()
                && absent.get().matcher(run.stdout()).find();
        if (saysAbsent) {
            return new Reply(Answer.ABSENT, true, how);
        }
        return new Reply(code == 0 ? Answer.ENDED : Answer.NO, code != KILLED, how);
    }
}
