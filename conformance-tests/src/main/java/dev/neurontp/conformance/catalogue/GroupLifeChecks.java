package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.ExitStatus;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** L1 to L4 in ranks that have joined a group: a communicator is what makes an end hard. */
final class GroupLifeChecks {

    private static final String SHUTDOWN = "{\"op\":\"shutdown\"}";

    private static final int SUMS = 3;

    /** For what is on its way already. */
    private static final Duration AT_ONCE = Duration.ofMillis(100);

    private GroupLifeChecks() {}

    static List<Check> all() {
        return List.of(
                new Check.Own("L1.in-a-group", "end of input in ranks that have joined", GroupLifeChecks::endOfInput),
                new Check.Own(
                        "F4.end.in-a-group",
                        "end of input behind a sum that waits for the other ranks",
                        GroupLifeChecks::endOfInputInASum),
                new Check.Own(
                        "F4.shutdown.in-a-group",
                        "a shutdown behind a sum that waits for the other ranks",
                        GroupLifeChecks::shutdownInASum),
                new Check.Own(
                        "F4.joining.in-a-group",
                        "a shutdown behind an init that waits for the other ranks",
                        GroupLifeChecks::shutdownInAnInit),
                new Check.Own("L2.in-a-group", "shutdown of ranks that have joined", GroupLifeChecks::shutdown),
                new Check.Own(
                        "L2.one-by-one.in-a-group",
                        "ranks that leave one after another, while the others are idle",
                        context -> {
                            for (int first : context.some(
                                    Orders.natural(context.group().worldSizes().getLast()), 2)) {
                                oneByOne(context, first);
                            }
                        }),
                new Check.Own(
                        "L3.in-a-group",
                        "SIGTERM and SIGINT end ranks that have joined, in a sum too",
                        GroupLifeChecks::signals),
                new Check.Own(
                        "L3.joining.in-a-group",
                        "SIGTERM and SIGINT end a rank that waits for the others",
                        GroupLifeChecks::inInit),
                new Check.Own(
                        "L4.in-a-group",
                        "a reply that nobody can read from ranks that have joined",
                        GroupLifeChecks::readerGone));
    }

    private static RankGroup group(CheckContext context) throws RuleViolation, StartFailure {
        RankGroup group = RankGroup.joined(context, context.group().worldSizes().getFirst());
        group.sum();
        return group;
    }

    private static void endOfInput(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        endTogether(group(context));
    }

    /** Each rank in turn by its shutdown or the end of its input. Those of S3.join-and-sum leave the other way round. */
    private static void oneByOne(CheckContext context, int first) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup group = RankGroup.joined(context, context.group().worldSizes().getLast());
        endOneByOne(context, group.from(first), true);
    }

    /** Ends ranks that wait for nothing, one after another. One that has ended by itself is left out. */
    static void endOneByOne(CheckContext context, List<DedicatedWorker> ranks, boolean byShutdownFirst) {
        boolean shutdown = byShutdownFirst;
        for (DedicatedWorker rank : ranks) {
            if (!hasLeft(rank)) {
                if (shutdown) {
                    rank.send(SHUTDOWN);
                    endsAloneAfterBye(context, rank);
                } else {
                    rank.closeStdin();
                    endsAlone(context, rank);
                }
            }
            shutdown = !shutdown;
        }
    }

    /** Whether it has ended by itself, or is about to, as one may that sees another leave. */
    private static boolean hasLeft(DedicatedWorker rank) {
        rank.settle();
        return rank.endWithin(AT_ONCE) != null;
    }

    /** The end of input of all ranks. */
    static void endTogether(RankGroup group) throws RuleViolation {
        group.ranks().forEach(DedicatedWorker::closeStdin);
        for (DedicatedWorker rank : group.ranks()) {
            LifeChecks.endsWell(rank);
        }
    }

    /** All but the last wait in init with a shutdown behind it. The last one stays: it may need longer to see that all are there. */
    private static void shutdownInAnInit(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup group = RankGroup.start(context, context.group().worldSizes().getFirst());
        String init = RankGroup.init(RankGroup.commId(context));
        List<DedicatedWorker> early = group.allButTheLast();
        early.forEach(rank -> rank.send(init, SHUTDOWN));
        early.forEach(DedicatedWorker::settle);
        group.ranks().getLast().send(init);
        for (DedicatedWorker rank : early) {
            Reply first = rank.reply(
                    "the reply to the init before that to the shutdown behind it",
                    reply -> LifeChecks.isNo(reply, "bye"),
                    context.groupTimes().join(context.timeouts().start()));
            if (first.isError()) {
                context.requireMakers();
            }
            rank.reply("bye", reply -> !LifeChecks.isNo(reply, "bye"));
        }
    }

    /** The end of input of one rank alone, of a group that waits for nothing. */
    static void endsAlone(CheckContext context, DedicatedWorker rank) {
        ExitStatus end = rank.endWithin(context.timeouts().end());
        if (end == null || end.exitCode() != 0) {
            context.report(rank.violationOf(
                            "L1",
                            "exit code 0 at the end of its own input, whatever the others of its group do",
                            shown(end))
                    .inGroup(null));
        } else {
            requireNothingLeft(context, rank, "L1");
        }
    }

    private static void requireNothingLeft(CheckContext context, DedicatedWorker rank, String rule) {
        try {
            rank.requireNothingLeft(rule);
        } catch (RuleViolation left) {
            context.report(left);
        }
    }

    /** Shutdown of one rank alone, of a group that waits for nothing. */
    static void endsAloneAfterBye(CheckContext context, DedicatedWorker rank) {
        Output said = rank.next(Deadline.in(context.timeouts().end()));
        boolean bye = said instanceof Reply reply && !LifeChecks.isNo(reply, "bye");
        ExitStatus end = rank.endWithin(bye ? context.timeouts().end() : AT_ONCE);
        if (!bye || end == null || end.exitCode() != 0) {
            context.report(rank.violationOf(
                            "L2",
                            "bye and exit code 0 after its own shutdown, whatever the others of its group do",
                            (said == null ? "no bye" : RankGroup.shown(said)) + ", " + shown(end))
                    .inGroup(null));
        } else {
            requireNothingLeft(context, rank, "L2");
        }
    }

    /** A signal for one that hangs in a sum of which it cannot come to the end, and has not left it itself. */
    static void endsBySignalAlone(CheckContext context, DedicatedWorker rank) throws StartFailure {
        if (WorkerProcess.isIgnored("TERM")) {
            context.leaveOut();
            return;
        }
        if (hasLeft(rank)) {
            return;
        }
        rank.signal("TERM");
        try {
            LifeChecks.endsBySignal(context, rank, "TERM");
        } catch (RuleViolation violation) {
            context.report(violation.of("L3"));
        }
    }

    private static String shown(ExitStatus end) {
        return end == null ? "a process that runs on" : end.toString();
    }

    /** All but the last wait in a sum when their input ends; then the last is asked too. */
    private static void endOfInputInASum(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup group = group(context);
        boolean givenUp = false;
        for (DedicatedWorker rank : sumThenEnd(group, "", DedicatedWorker::closeStdin)) {
            List<Reply> replies = rank.rest("one reply to the request before the end of input, then the end");
            if (replies.size() == 1) {
                givenUp |= isGivenUp(context, replies.getFirst());
            } else if (!givenUp || !replies.isEmpty() || rank.end("its end").exitCode() == 0) {
                throw rank.violation(
                        "one reply to the request before the end of input",
                        replies.isEmpty() ? "none" : DedicatedWorker.shown(replies));
            }
        }
    }

    /** Whether a rank says that its sum has failed; then the others may wait for it in vain, or end with an exit code that says so. */
    private static boolean isGivenUp(CheckContext context, Reply first) {
        if (first.isError()) {
            context.requireMakers();
        }
        return first.isError();
    }

    /** The same with a shutdown behind the sum. */
    private static void shutdownInASum(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup group = group(context);
        for (DedicatedWorker rank : sumThenEnd(group, "\n", rank -> rank.send(SHUTDOWN))) {
            Reply first = rank.reply(
                    "the reply to the sanity check before that to the shutdown behind it",
                    reply -> LifeChecks.isNo(reply, "bye"),
                    context.groupTimes().join(context.timeouts().start()));
            if (isGivenUp(context, first)) {
                return;
            }
            rank.reply("bye", reply -> !LifeChecks.isNo(reply, "bye"));
        }
    }

    /**
     * All are asked for the sum, and then for their end: the last one when the others wait in the sum and have heard of their end,
     * with this behind its request: nothing where that is its last line (F6).
     */
    private static List<DedicatedWorker> sumThenEnd(RankGroup group, String lastEnd, Consumer<DedicatedWorker> end) {
        List<DedicatedWorker> ranks = group.ranks();
        List<DedicatedWorker> early = group.allButTheLast();
        early.forEach(rank -> rank.send(RankGroup.SANITY));
        early.forEach(DedicatedWorker::settle);
        early.forEach(end);
        early.forEach(DedicatedWorker::settle);
        ranks.getLast().sendBytes((RankGroup.SANITY + lastEnd).getBytes(StandardCharsets.UTF_8));
        end.accept(ranks.getLast());
        return ranks;
    }

    private static void shutdown(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        List<DedicatedWorker> ranks = group(context).ranks();
        ranks.forEach(rank -> rank.send(SHUTDOWN));
        for (DedicatedWorker rank : ranks) {
            LifeChecks.endsAfterBye(context, rank);
        }
    }

    /** The first or the last rank waits in a sum, alone: others that do would see that it has left. It gets the one signal, the next the other. */
    private static void signals(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        if (WorkerProcess.isIgnored("TERM")) {
            LifeChecks.skipIgnored(context, "TERM");
            return;
        }
        for (int first = 0; first < 2; first++) {
            RankGroup group = group(context);
            List<DedicatedWorker> ranks = group.from(first == 0 ? 0 : group.size() - 1);
            ranks.getFirst().send(RankGroup.SANITY);
            ranks.getFirst().settle();
            for (int rank = 0; rank < ranks.size(); rank++) {
                // One that has ended by itself, since another has left, is left out.
                if (!hasLeft(ranks.get(rank))) {
                    ranks.get(rank).signal(signalOf(context, first + rank));
                    LifeChecks.endsBySignal(context, ranks.get(rank), signalOf(context, first + rank));
                }
            }
        }
    }

    private static void inInit(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        if (WorkerProcess.isIgnored("TERM")) {
            LifeChecks.skipIgnored(context, "TERM");
            return;
        }
        int size = context.group().worldSizes().getFirst();
        for (int rank : List.of(0, size - 1)) {
            for (String signal : heardSignals(context)) {
                DedicatedWorker joining = context.start(new Identity(rank, size, rank));
                joining.send(RankGroup.PING);
                joining.reply("a reply to the ping", reply -> true);
                joining.send(RankGroup.init(RankGroup.commId(context)));
                joining.settle();
                if (joining.next(Deadline.in(AT_ONCE)) instanceof Reply early && early.isError()) {
                    context.requireMakers();
                }
                joining.signal(signal);
                LifeChecks.endsBySignal(context, joining, signal);
            }
        }
    }

    /** Those that a worker hears here: one that this program ignores is ignored by what it starts. */
    private static List<String> heardSignals(CheckContext context) {
        return List.of(signalOf(context, 0), signalOf(context, 1));
    }

    private static String signalOf(CheckContext context, int rank) {
        if (rank % 2 != 0 && WorkerProcess.isIgnored("INT")) {
            context.leaveOut();
            return "TERM";
        }
        return rank % 2 == 0 ? "TERM" : "INT";
    }

    private static void readerGone(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context) || ThroughLauncher.isReading(context)) {
            return;
        }
        RankGroup group = group(context);
        // More than one: the first can still be written where a process that is being started has that pipe too.
        String sums = String.join("\n", Collections.nCopies(SUMS, RankGroup.SANITY));
        endsWithoutReader(context, group, group.ranks().getFirst(), sums);
        RankGroup joining =
                RankGroup.start(context, context.group().worldSizes().getFirst());
        String init = RankGroup.init(RankGroup.commId(context));
        endsWithoutReader(context, joining, joining.ranks().getLast(), init);
    }

    /** A second init concerns nobody but the one that is asked. */
    static void refusesWithoutReader(CheckContext context, DedicatedWorker rank) throws RuleViolation, StartFailure {
        if (!ThroughLauncher.isReading(context)) {
            rank.loseReader();
            LostReaderChecks.endsWithoutReader(context, rank, RankGroup.init("beef"));
        }
    }

    /** One alone, since its end may hold up the others; it is asked again until a reply cannot be written. */
    private static void endsWithoutReader(CheckContext context, RankGroup group, DedicatedWorker unread, String request)
            throws RuleViolation, StartFailure {
        unread.loseReader();
        group.ask(request);
        LostReaderChecks.endsWithoutReader(context, unread, RankGroup.PING);
    }
}
