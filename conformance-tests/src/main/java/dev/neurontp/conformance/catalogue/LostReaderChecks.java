package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.ExitStatus;
import dev.neurontp.conformance.process.StartFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * L4: replies that nobody can read. A process that is being started at that moment has the pipe's other end too until it closes what it
 * inherited, and a fast worker can write its reply before: so it is asked again until one cannot be written, and where it
 * can be asked once only, another worker is.
 */
final class LostReaderChecks {

    private static final String PING = "{\"op\":\"ping\"}";
    static final Duration SECOND = Duration.ofSeconds(1);

    /** Exit code 141 in a shell. */
    private static final int BY_SIGPIPE = 141;

    private static final int LOOKS = 3;

    private LostReaderChecks() {}

    static List<Check> all() {
        return List.of(
                new Check.Own("L4.reader-gone", "a reply that nobody can read", context -> askAgain(context, PING)),
                new Check.Own("L4.error", "an error that nobody can read", context -> askAgain(context, "no json")),
                // Some are answered elsewhere than in the loop that reads.
                new Check.Own("L4.other-ops", "replies to other ops that nobody can read", context -> {
                    askAgain(context, "{\"op\":\"nccl_sanity_check\"}");
                    askAgain(context, "{\"op\":\"init\",\"comm_id\":\"beef\"}");
                }),
                new Check.Own(
                        "L4.blocked", "a reader that goes while replies wait for it", LostReaderChecks::whileBlocked),
                new Check.Own(
                        "L4.bye",
                        "a bye that nobody can read",
                        context -> askOnce(context, "{\"op\":\"shutdown\"}\n", "bye cannot be written")),
                new Check.Own(
                        "L4.last-line",
                        "a reply to the last line that nobody can read",
                        context -> askOnce(context, PING, "the reply to its last line cannot be written")));
    }

    private static void askAgain(CheckContext context, String request) throws RuleViolation, StartFailure {
        if (!ThroughLauncher.isReading(context)) {
            endsWithoutReader(context, withoutReader(context), request);
        }
    }

    /** More than a pipe takes: the worker waits in a write, which fails then. */
    private static void whileBlocked(CheckContext context) throws RuleViolation, StartFailure {
        if (ThroughLauncher.isReading(context)) {
            return;
        }
        DedicatedWorker worker = context.start(Identity.SHARED);
        LastLineChecks.sendMany(worker);
        worker.settle();
        worker.worker().dropStdout();
        endsWithoutReader(context, worker, PING);
    }

    static void endsWithoutReader(CheckContext context, DedicatedWorker worker, String request)
            throws RuleViolation, StartFailure {
        String expected = "a non-zero exit code of its own once a reply cannot be written";
        Duration time = context.timeouts().start();
        Deadline deadline = Deadline.in(time);
        String lines = (request + "\n").repeat(3);
        ExitStatus ending = null;
        while (ending == null && !deadline.isOver()) {
            worker.sendBytes(lines.getBytes(StandardCharsets.UTF_8));
            ending = worker.endWithin(Duration.ofNanos(deadline.atMost(SECOND).leftNanos()));
        }
        if (ending == null) {
            throw worker.runsOn(expected, time);
        }
        if (isNoCodeOfItsOwn(ending)) {
            throw worker.violation(expected, ending.toString());
        }
        if (EndBySignal.isSeen(context, ending, lines, false)) {
            throw worker.violation(expected, bySignal(ending));
        }
        worker.requireNothingLeft("L4");
    }

    private static void askOnce(CheckContext context, String input, String why) throws RuleViolation, StartFailure {
        if (ThroughLauncher.isReading(context)) {
            return;
        }
        String expected = "a non-zero exit code of its own, since " + why;
        for (int look = 1; ; look++) {
            DedicatedWorker worker = withoutReader(context);
            if (look > 1) {
                // Whatever was being started when this one was has closed the pipe by then.
                worker.endWithin(SECOND);
                if (worker.worker().hasHelpers()) {
                    context.skip("it has started another process, which may be the reader of what it says");
                    return;
                }
            }
            worker.sendBytes(input.getBytes(StandardCharsets.UTF_8));
            worker.closeStdin();
            ExitStatus ending = worker.endWithin(
                    context.timeouts().start().plus(context.timeouts().end()));
            if (ending == null) {
                throw worker.runsOn(expected, context.timeouts().start());
            }
            if (!isNoCodeOfItsOwn(ending)) {
                if (EndBySignal.isSeen(context, ending, input, true)) {
                    throw worker.violation(expected, bySignal(ending));
                }
                return;
            }
            if (look == LOOKS) {
                throw worker.violation(expected, ending + ", " + LOOKS + " times of " + LOOKS);
            }
        }
    }

    private static boolean isNoCodeOfItsOwn(ExitStatus ending) {
        return ending.exitCode() == 0 || ending.exitCode() == BY_SIGPIPE;
    }

    private static String bySignal(ExitStatus ending) {
        return ending + ", by the signal itself, as a shell says that has started another one";
    }

    private static DedicatedWorker withoutReader(CheckContext context) throws StartFailure {
        return context.start(Identity.SHARED.arguments(), Map.of(), true);
    }
}
