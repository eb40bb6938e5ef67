package dev.neurontp.harness.process;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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
 * @param search what says after a yes whether it is there under another name, one id a line, which {@link #words} takes in the place of its
 *     last word; empty where nothing can
 */
public record EndCommand(List<String> words, boolean proves, Optional<Pattern> absent, List<String> search) {
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

    /** An engine's. */
    private static final Pattern ID = Pattern.compile("[0-9a-f]{12,64}");

    public EndCommand {
        words = List.copyOf(words);
        search = List.copyOf(search);
    }

    /** One of what keeps its name. */
    public EndCommand(List<String> words, boolean proves, Optional<Pattern> absent) {
        this(words, proves, absent, List.of());
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
        Reply reply = ask(words, deadline);
        return reply.answer == Answer.NO || search.isEmpty() ? reply : endRenamed(reply, deadline);
    }

    private Reply ask(List<String> line, Deadline deadline) throws InterruptedException {
        BoundedRun run;
        try {
            run = BoundedRun.of(
                    new ProcessBuilder(line).redirectErrorStream(true), Optional.empty(), MOST_BYTES, deadline);
        } catch (IOException e) {
            return cannotBeAsked(e);
        }
        return reply(answer(run), run, run.stdout());
    }

    private Answer answer(BoundedRun run) {
        int code = run.exitCode().orElse(KILLED);
        if (code != KILLED
                && absent.isPresent()
                && absent.get().matcher(run.stdout()).find()) {
            return Answer.ABSENT;
        }
        if (code != 0) {
            return Answer.NO;
        }
        // An engine names what it has removed, and some say nothing of what is not there.
        return !search.isEmpty() && run.stdout().isBlank() ? Answer.ABSENT : Answer.ENDED;
    }

    /** What cannot be asked says no. */
    private static Reply cannotBeAsked(IOException e) {
        return new Reply(Answer.NO, true, String.valueOf(e.getMessage()));
    }

    private static Reply reply(Answer answer, BoundedRun run, String text) {
        int code = run.exitCode().orElse(KILLED);
        String said = ForeignText.of(text.strip(), ForeignText.MESSAGE);
        String how = code == KILLED ? "it did not end in time" : "exit " + ExitWords.of(code);
        return new Reply(answer, code != KILLED, said.isEmpty() ? how : how + ": " + said);
    }

    /** There is none by that name any more; somebody may have given it another. */
    private Reply endRenamed(Reply byName, Deadline deadline) throws InterruptedException {
        BoundedRun run;
        try {
            run = BoundedRun.of(new ProcessBuilder(search), Optional.empty(), MOST_BYTES, deadline);
        } catch (IOException e) {
            return cannotBeAsked(e);
        }
        List<String> found = run.stdout()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (run.exitCode().orElse(KILLED) != 0 || !found.stream().allMatch(ID.asMatchPredicate())) {
            return reply(Answer.NO, run, run.stdout() + run.stderr());
        }
        if (found.isEmpty()) {
            return byName;
        }
        List<String> line = new ArrayList<>(words.subList(0, words.size() - 1));
        line.addAll(found);
        return ask(line, deadline);
    }
}
