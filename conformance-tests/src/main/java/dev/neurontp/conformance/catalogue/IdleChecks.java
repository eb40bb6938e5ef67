package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * F4, S3: workers that nobody asks anything for a while. A leader may have nothing to say for days; only the end of stdin, a
 * shutdown or a signal ends a worker. They wait in the background, while others are judged.
 */
final class IdleChecks {

    private static final String NO_JSON = "no json";
    private static final String HALF = "{\"op\":\"pi";
    private static final String OTHER_HALF = "ng\"}";

    private IdleChecks() {}

    static List<Check> all() {
        return List.of(
                new Check.Background("F4.idle", "a request after seconds without one", IdleChecks::idle),
                new Check.Background("S3.idle", "a sum after seconds without a request", IdleChecks::idleGroup));
    }

    private static void idle(CheckContext context) throws RuleViolation, StartFailure {
        DedicatedWorker asked = context.start(Identity.SHARED);
        asked.send(RankGroup.PING);
        Reply pong = asked.reply("a pong", context::isPong);
        DedicatedWorker mistaken = context.start(Identity.SHARED);
        mistaken.send(NO_JSON);
        mistaken.reply("a reply to the line", reply -> true);
        DedicatedWorker unasked = unasked(context);
        DedicatedWorker terminated = unasked(context);
        DedicatedWorker interrupted = unasked(context);
        DedicatedWorker halved = unasked(context);
        List<DedicatedWorker> workers =
                LifeChecks.servesOn(context, mistaken) ? List.of(asked, unasked, mistaken) : List.of(asked, unasked);
        halved.sendBytes(HALF.getBytes(StandardCharsets.UTF_8));
        DedicatedWorker unread = context.start(Identity.SHARED);
        LastLineChecks.sendMany(unread);
        leaveAlone(context, workers);
        halved.send(OTHER_HALF);
        halved.reply("a pong to a ping in two halves, with seconds between them", context::isPong);
        LastLineChecks.readMany(unread);
        endsUnasked(context, terminated, "TERM");
        endsUnasked(context, interrupted, "INT");
        for (DedicatedWorker worker : workers) {
            worker.send(RankGroup.PING);
            worker.reply(
                    "the pong that a plain ping gets, after seconds without a request",
                    reply -> context.isPong(reply)
                            && reply.object().get("rank").equals(pong.object().get("rank")));
        }
    }

    /** One that has started, as far as its CPU time tells: many that start at once hold up each other, and all others. */
    private static DedicatedWorker unasked(CheckContext context) throws StartFailure {
        DedicatedWorker worker = context.start(Identity.SHARED);
        worker.worker().settle(context.timeouts().firstReply());
        return worker;
    }

    /** How it ends is judged where it is known to be up. */
    private static void endsUnasked(CheckContext context, DedicatedWorker worker, String signal) throws StartFailure {
        if (WorkerProcess.isIgnored(signal) || context.isLaunched()) {
            context.leaveOut();
            return;
        }
        worker.signal(signal);
        if (worker.endWithin(context.timeouts().end()) == null) {
            context.report(worker.violationOf(
                    "L3",
                    "an end by SIG" + signal + " of a worker that was asked nothing yet",
                    "a process that runs on"));
        }
    }

    private static void idleGroup(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup group = RankGroup.joined(context, context.group().worldSizes().getFirst());
        group.sum();
        leaveAlone(context, group.ranks());
        group.ping();
        group.sum();
    }

    private static void leaveAlone(CheckContext context, List<DedicatedWorker> workers) throws RuleViolation {
        List<String> seen = new ArrayList<>();
        DedicatedWorker first = context.leaveAlone(workers, output -> seen.add(RankGroup.shown(output)));
        if (first != null) {
            throw first.violation(
                    "nothing at all from a worker that is not asked, and no end",
                    seen.getFirst()
                            + first.worker().ending().map(end -> ": " + end).orElse(""));
        }
    }
}
