package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.ExitStatus;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.Printable;
import dev.neurontp.conformance.process.WorkerProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One worker that one check has for itself. One thread. */
public final class DedicatedWorker {

    /** How often a process is looked at while its stdout is silent. */
    private static final Duration LOOK = Duration.ofMillis(50);
    /** How long stdout is read after the end of the process, if it stays open. */
    private static final Duration GRACE = Duration.ofMillis(300);

    private static final Duration SETTLED = Duration.ofSeconds(1);

    /** Each is kept with the transcript that it was seen in. */
    private static final int MOST_TOLD = 100;

    private final WorkerProcess worker;
    private final String rule;
    private final Timeouts timeouts;
    private final ReplyShape shape;
    private final Consumer<RuleViolation> incidental;
    private final List<String> sent = new ArrayList<>();
    private final WorkerSteps steps = new WorkerSteps();
    private boolean heard;
    private int told;
    private String name;

    DedicatedWorker(
            WorkerProcess worker,
            String rule,
            Timeouts timeouts,
            ReplyShape shape,
            Consumer<RuleViolation> incidental) {
        this.worker = worker;
        this.rule = rule;
        this.timeouts = timeouts;
        this.shape = shape;
        this.incidental = incidental;
        sent.add("$ " + String.join(" ", worker.launch().shown()));
    }

    /** The process. */
    public WorkerProcess worker() {
        return worker;
    }

    /** Sends lines in one write. */
    public void send(String... lines) {
        sendBytes((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes as they are. */
    public void sendBytes(byte[] bytes) {
        steps.sent(bytes);
        write(bytes);
    }

    /** Sends a line of which a part is another in each run: the name is the same. */
    public void sendAs(String lineName, String line) {
        steps.add(lineName);
        write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void write(byte[] bytes) {
        sent.add(Printable.bytes(bytes));
        worker.write(bytes);
    }

    /** Notes what happens around it, such as the end of another rank. */
    public void note(String what) {
        steps.add("(" + what + ")");
        sent.add("(" + what + ")");
    }

    /** Waits until it takes no more processor time, so that it has done what it can with what it got; a moment at most. */
    public void settle() {
        worker.settle(SETTLED);
    }

    /** Closes stdin. */
    public void closeStdin() {
        note("stdin closed");
        worker.closeStdin();
    }

    /** Sends a signal by its name without SIG. */
    public void signal(String signal) throws dev.neurontp.conformance.process.StartFailure {
        note("SIG" + signal);
        worker.signal(signal);
    }

    /** Closes the read end of its stdout, which it must notice at the next reply. */
    public void loseReader() throws RuleViolation {
        worker.closeStdoutAfterNextLine();
        send("{\"op\":\"ping\"}");
        reply("a reply to the ping", reply -> true);
        next(Deadline.in(timeouts.reply()));
        WorkerProcess.awaitStarts();
        note("stdout closed by its reader");
    }

    /** For scripts: what it answers to a ping now is what it must answer ever after. No reply to that ping breaks F4. */
    Session session(Baseline first) throws RuleViolation {
        send("{\"op\":\"ping\"}");
        Reply pong;
        try {
            pong = reply("a pong", first::isTaggedAsPong);
        } catch (RuleViolation violation) {
            throw violation.observation() == RuleViolation.Observation.REPLY ? violation : violation.of("F4");
        }
        Answer none = new Answer("(none)", "");
        return new Session(worker, new Baseline(pong.object(), none, none, first.stage()), shape);
    }

    /** The next reply, which must pass the test. */
    public Reply reply(String expected, Predicate<Reply> test) throws RuleViolation {
        return reply(expected, test, Duration.ZERO);
    }

    /** The same, with so much more time. */
    public Reply reply(String expected, Predicate<Reply> test, Duration more) throws RuleViolation {
        Duration time = (heard ? timeouts.reply() : timeouts.start()).plus(more);
        Output output = next(Deadline.in(time));
        return switch (output) {
            case null -> throw violation(expected, worker.nothingWithin(time)).silent();
            case Reply reply when test.test(reply) -> reply;
            case Reply reply -> throw violation(expected, reply.toString()).seen(reply);
            default -> throw violation(expected, "no reply: " + ended()).ended();
        };
    }

    /**
     * Everything else that stdout carries until the process has ended, at most a thousand replies, or large ones of 64 MiB; no end in time is a
     * violation. stdout itself may stay open, held by something that the worker started: {@link #requireNothingLeft} judges that.
     */
    public List<Reply> rest(String expected) throws RuleViolation {
        LastWords words = new LastWords();
        List<Reply> replies = words.replies();
        Duration time = heard ? timeouts.end() : timeouts.start();
        if (!hearOut(time, words)) {
            throw violation(
                            expected,
                            "a process that still runs after " + time.toMillis() + " ms"
                                    + (replies.isEmpty() ? "" : ", and " + shown(replies)))
                    .runsOn();
        }
        return replies;
    }

    /** Listens to what is left on stdout until the process has ended, or for so long. All of it is judged for its form. */
    public void hearOut(Duration time) {
        hearOut(time, new LastWords());
    }

    private boolean hearOut(Duration time, LastWords words) {
        Deadline deadline = Deadline.in(time);
        while (!words.areEnoughWith(0)) {
            boolean ended = worker.ending().isPresent();
            Output output = next(Deadline.in(ended ? GRACE : LOOK));
            if (output instanceof Output.End || (output == null && ended && worker.isHeardOut())) {
                return true;
            }
            if (output instanceof Reply reply) {
                words.add(reply);
            }
            if (deadline.isOver()) {
                return worker.ending().isPresent();
            }
        }
        return true;
    }

    /** How it ended; no end in time is a violation. */
    public ExitStatus end(String expected) throws RuleViolation {
        Duration time = heard ? timeouts.end() : timeouts.start();
        return worker.ending(Deadline.in(time)).orElseThrow(() -> runsOn(expected, time));
    }

    /** How it ends within so long, or null. */
    public ExitStatus endWithin(Duration time) {
        return worker.ending(Deadline.in(time)).orElse(null);
    }

    /**
     * After its end: nothing that it started may still run or hold its stdout; a moment is given to what ends with it.
     *
     * @param end the rule of that end
     */
    public void requireNothingLeft(String end) throws RuleViolation {
        List<String> left = worker.leftBehind(timeouts.aftermath());
        if (!left.isEmpty()) {
            throw violationOf(end, Timeouts.NOTHING_LEFT, String.join(", ", left));
        }
    }

    /** A violation of the rule that is being checked, with all that was sent. */
    public RuleViolation violation(String expected, String got) {
        return violationOf(rule, expected, got);
    }

    /** A violation of that rule by a process that does not end in this time. */
    public RuleViolation runsOn(String expected, Duration time) {
        return violation(expected, "a process that still runs after " + time.toMillis() + " ms")
                .runsOn();
    }

    /** A violation of another rule. */
    public RuleViolation violationOf(String otherRule, String expected, String got) {
        return asDrawn(new RuleViolation(otherRule, String.join("\n", sent), expected, got)
                .example(name())
                .seenIn(worker));
    }

    /** Gives what happens in this worker, whose arguments were drawn at random, a name that is the same in each run. */
    public DedicatedWorker drawn(String all) {
        name = all;
        return this;
    }

    private String name() {
        return name != null ? name : ExampleName.of(worker.launch().arguments(), steps.all());
    }

    private RuleViolation asDrawn(RuleViolation violation) {
        return name == null ? violation : violation.drawn();
    }

    /** Replies as a person reads them. */
    public static String shown(List<Reply> replies) {
        return replies.stream().limit(5).map(Reply::toString).collect(Collectors.joining(", "))
                + (replies.size() > 5 ? ", … (" + replies.size() + " in all)" : "");
    }

    /** What comes out next, judged for its form; noise is skipped. Null when the deadline passes. */
    public Output next(Deadline deadline) {
        while (true) {
            Output output = worker.next(deadline).orElse(null);
            if (output == null) {
                return null;
            }
            if (told < MOST_TOLD) {
                shape.violations(output, heard || !(output instanceof Output.Noise) ? String.join("\n", sent) : "")
                        .forEach(this::tell);
            }
            if (!(output instanceof Output.Noise)) {
                heard = true;
                return output;
            }
        }
    }

    private void tell(RuleViolation violation) {
        told++;
        incidental.accept(asDrawn(violation.seenIn(worker)));
    }

    private String ended() {
        ExitStatus ending = endWithin(Duration.ofSeconds(1));
        return ending == null ? "it closed stdout and runs on" : "the worker ended: " + ending;
    }
}
