package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.util.List;

/** L1 to L4 in ranks that have joined a group: a communicator is what makes an end hard. */
final class GroupLifeChecks {

    private static final String SHUTDOWN = "{\"op\":\"shutdown\"}";

    private GroupLifeChecks() {}

    static List<Check> all() {
        return List.of(
                new Check.Own("L1.in-a-group", "end of input in ranks that have joined", GroupLifeChecks::endOfInput),
                new Check.Own("L2.in-a-group", "shutdown of ranks that have joined", GroupLifeChecks::shutdown),
                new Check.Own(
                        "L3.in-a-group",
                        "SIGTERM and SIGINT end ranks that have joined, in a sum too",
                        GroupLifeChecks::signals),
                new Check.Own(
                        "L3.joining.in-a-group",
                        "SIGTERM ends a rank that waits for the others",
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
        List<DedicatedWorker> ranks = group(context).ranks();
        ranks.forEach(DedicatedWorker::closeStdin);
        for (DedicatedWorker rank : ranks) {
            LifeChecks.endsWell(rank);
        }
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

    /** All but the last wait in a sum. Half of them get the one signal, half the other. */
    private static void signals(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        if (WorkerProcess.isIgnored("TERM")) {
            LifeChecks.skipIgnored(context, "TERM");
            return;
        }
        List<DedicatedWorker> ranks = group(context).ranks();
        List<DedicatedWorker> waiting = ranks.subList(0, ranks.size() - 1);
        waiting.forEach(rank -> rank.send(RankGroup.SANITY));
        waiting.forEach(DedicatedWorker::settle);
        for (int rank = 0; rank < ranks.size(); rank++) {
            ranks.get(rank).signal(signalOf(rank));
        }
        for (int rank = 0; rank < ranks.size(); rank++) {
            LifeChecks.endsBySignal(context, ranks.get(rank), signalOf(rank));
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
        DedicatedWorker rank = context.start(new Identity(0, size, 0));
        rank.send(RankGroup.PING);
        rank.reply("a reply to the ping", reply -> true);
        rank.send(RankGroup.init(RankGroup.commId(context)));
        rank.settle();
        rank.signal("TERM");
        LifeChecks.endsBySignal(context, rank, "TERM");
    }

    private static String signalOf(int rank) {
        return rank % 2 == 0 || WorkerProcess.isIgnored("INT") ? "TERM" : "INT";
    }

    private static void readerGone(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context) || ThroughLauncher.isReading(context)) {
            return;
        }
        List<DedicatedWorker> ranks = group(context).ranks();
        for (DedicatedWorker rank : ranks) {
            rank.loseReader();
        }
        for (DedicatedWorker rank : ranks) {
            LostReaderChecks.endsWithoutReader(context, rank, RankGroup.PING);
        }
    }
}
