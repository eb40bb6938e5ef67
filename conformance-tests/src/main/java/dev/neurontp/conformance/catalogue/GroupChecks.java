package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** F4, O1, O3, S3, S4: whole groups, how they join and how they sum. */
final class GroupChecks {

    private static final int ROUNDS = 3;
    private static final int MANY = 30;
    private static final int FEW = 12;
    /** Of a text in a field that is ignored. */
    private static final int LONG = 100_000;

    /** Where two take no longer than this. */
    private static final int MANY_AT_ONCE = 60;

    private static final Duration QUICK = Duration.ofMillis(200);
    /** How long the sum of a group that has lost a member is waited for: it may fail, end or hang, and must not succeed. */
    private static final Duration ASIDE = Duration.ofSeconds(1);

    private GroupChecks() {}

    static List<Check> all() {
        return List.of(
                new Check.Own(
                        "S3.join-and-sum", "ranks join one at a time, each the last once, then the sums", context -> {
                            for (int size : context.group().worldSizes()) {
                                joinAndSum(context, size);
                            }
                        }),
                new Check.Own("S3.many-sums", "sums asked one rank at a time in every order, then many", context -> {
                    for (int size : context.group().worldSizes()) {
                        manySums(context, size);
                    }
                }),
                new Check.Own(
                        "F4.in-a-group", "a request behind one that waits for the other ranks", GroupChecks::behind),
                new Check.Own(
                        "O1.in-a-group",
                        "an init in another spelling joins, and such a sanity check sums",
                        GroupChecks::otherSpelling),
                new Check.Own("O3.in-a-group", "an init with unknown fields joins", GroupChecks::unknownFields),
                new Check.Own("S3.one-id", "one comm_id in upper, lower and mixed case", GroupChecks::oneId),
                new Check.Own("S3.two-groups", "two groups at the same time", GroupChecks::twoGroups),
                new Check.Own("S3.member-leaves", "no sum after a member has left", GroupChecks::memberLeaves),
                new Check.Own(
                        "S4.before-joining", "a sanity check before the ranks have joined", GroupChecks::tooEarly));
    }

    private static void joinAndSum(CheckContext context, int size) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        for (List<Integer> order : context.some(Orders.lastOnes(size), 2)) {
            RankGroup group = RankGroup.start(context, size);
            String id = RankGroup.commId(context).toLowerCase(Locale.ROOT);
            group.joinInOrder(order, List.of(id));
            for (int round = 0; round < ROUNDS; round++) {
                group.ping();
                group.sum();
            }
            GroupLifeChecks.endOneByOne(context, group.from(order.getLast()), false);
        }
    }

    private static void manySums(CheckContext context, int size) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup group = RankGroup.joined(context, size);
        for (List<Integer> order : context.some(Orders.all(size), 2)) {
            group.sumInOrder(order);
        }
        int many = context.some(Orders.natural(MANY), FEW).size();
        for (int round = 0; round < many; round++) {
            group.sum();
        }
        long start = System.nanoTime();
        group.sums(2);
        if (System.nanoTime() - start < QUICK.toNanos()) {
            group.sums(MANY_AT_ONCE);
        } else {
            context.leaveOut();
        }
        group.ping();
    }

    /** Whoever answers the ping first has answered it before the others were asked, or has a thread for each request. */
    private static void behind(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup group = RankGroup.start(context, context.group().worldSizes().getFirst());
        for (String request : List.of(RankGroup.init(RankGroup.commId(context)), RankGroup.SANITY)) {
            List<DedicatedWorker> early = group.allButTheLast();
            early.forEach(rank -> rank.send(request, RankGroup.PING));
            early.forEach(DedicatedWorker::settle);
            group.ranks().getLast().send(request, RankGroup.PING);
            for (DedicatedWorker rank : group.ranks()) {
                Reply first = rank.reply(
                        "the reply to the first request before that to the ping behind it",
                        reply -> reply.op().filter("pong"::equals).isEmpty(),
                        context.groupTimes().join(context.timeouts().start()));
                if (first.isError()) {
                    context.requireMakers();
                }
                rank.reply("the reply to the ping behind it", reply -> true);
            }
        }
    }

    private static void otherSpelling(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        String id = RankGroup.commId(context);
        String escaped = "\\u%04x".formatted((int) id.charAt(0)) + id.substring(1);
        RankGroup group = RankGroup.start(context, context.group().worldSizes().getFirst());
        group.joinBy("{ \"comm\\u005fid\" : \"" + escaped + "\" , \"\\u006fp\" : \"in\\u0069t\" }");
        group.ask("{ \"\\u006fp\" : \"nccl\\u005fsanity_check\" }");
        group.collectSums();
    }

    private static void unknownFields(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        String id = RankGroup.commId(context);
        RankGroup group = RankGroup.start(context, context.group().worldSizes().getFirst());
        String longText = "\"" + "x".repeat(LONG) + "\"";
        group.joinBy("{\"op\":\"init\",\"x\":{\"comm_id\":\"beef\"},\"comm_id\":\"" + id
                + "\",\"rank\":9,\"world_size\":8,\"y\":[null],\"y\":\"comm_id\",\"z\":" + longText + "} \r");
        String ping = "{\"rank\":9,\"op\":\"ping\",\"world_size\":8,\"cuda_device\":7,\"z\":" + longText + "}";
        group.pingBy(ping);
        group.ask("{\"x\":1,\"op\":\"nccl_sanity_check\",\"comm_id\":7,\"y\":[null],\"y\":{},\"observed_sum\":9}\r");
        group.collectSums();
        group.pingBy(ping);
    }

    private static void oneId(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        int size = context.group().worldSizes().getLast();
        RankGroup group = RankGroup.start(context, size);
        String lower = RankGroup.commId(context).toLowerCase(Locale.ROOT);
        String upper = lower.toUpperCase(Locale.ROOT);
        String mixed = upper.substring(0, 100) + lower.substring(100);
        group.joinInOrder(Orders.natural(size), List.of(lower, upper, mixed));
        group.sum();
    }

    /** Each of them is a group of its own: what one of them does is no matter of the other's. */
    private static void twoGroups(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup first = RankGroup.start(context, context.group().worldSizes().getFirst());
        RankGroup second = RankGroup.start(context, context.group().worldSizes().getLast());
        String idOfFirst = RankGroup.init(RankGroup.commId(context));
        List<DedicatedWorker> early = first.allButTheLast();
        early.forEach(rank -> rank.send(idOfFirst));
        second.join(RankGroup.commId(context));
        RankGroup.requireSilence(early, "init");
        first.ranks().getLast().send(idOfFirst);
        first.collectJoins();
        for (int round = 0; round < ROUNDS; round++) {
            early.forEach(rank -> rank.send(RankGroup.SANITY));
            second.sum();
            RankGroup.requireSilence(early, "the sanity check");
            first.ranks().getLast().send(RankGroup.SANITY);
            first.collectSums();
        }
    }

    /** How a member is asked to leave. */
    private interface Leave {
        void of(DedicatedWorker rank) throws StartFailure;
    }

    /** How it has to end then, whatever the others of its group do. */
    private interface LoneEnd {
        void of(CheckContext context, DedicatedWorker rank) throws RuleViolation;
    }

    /** @param inSum whether the others wait in a sum meanwhile */
    private record Departure(String how, Leave leave, LoneEnd end, boolean inSum) {}

    /** Sums that cannot be had: the second one may be answered elsewhere than the first. */
    private static final int IN_VAIN = 2;

    private static void memberLeaves(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        List<Departure> departures = List.of(
                new Departure(
                        "a shutdown",
                        rank -> rank.send("{\"op\":\"shutdown\"}"),
                        GroupLifeChecks::endsAloneAfterBye,
                        true),
                new Departure("the end of its input", DedicatedWorker::closeStdin, GroupLifeChecks::endsAlone, true),
                new Departure(
                        "SIGKILL",
                        rank -> rank.signal("KILL"),
                        (own, rank) -> rank.endWithin(own.timeouts().end()),
                        false));
        int size = context.group().worldSizes().getLast();
        boolean rankZero = false;
        for (Departure departure : context.some(departures, 2)) {
            RankGroup group = RankGroup.joined(context, size);
            group.sum();
            DedicatedWorker leaver =
                    rankZero ? group.ranks().getFirst() : group.ranks().getLast();
            rankZero = !rankZero;
            List<DedicatedWorker> left = new ArrayList<>(group.ranks());
            left.remove(leaver);
            if (departure.inSum()) {
                left.forEach(rank -> rank.send(RankGroup.SANITY));
                left.forEach(DedicatedWorker::settle);
            }
            departure.leave().of(leaver);
            departure.end().of(context, leaver);
            int gone = group.ranks().indexOf(leaver);
            left.forEach(rank -> rank.note("rank " + gone + " left by " + departure.how()));
            requireNoSum(context, left, gone, departure.inSum());
        }
    }

    /** Whoever says that it has failed waits for nobody, and ends as any worker does. */
    private static void requireNoSum(CheckContext context, List<DedicatedWorker> left, int gone, boolean isAsked)
            throws RuleViolation, StartFailure {
        List<DedicatedWorker> asked = left;
        for (int sum = 0; sum < IN_VAIN; sum++) {
            if (sum > 0 || !isAsked) {
                asked.forEach(rank -> rank.send(RankGroup.SANITY));
            }
            List<DedicatedWorker> silent = new ArrayList<>(asked);
            List<DedicatedWorker> failed = new ArrayList<>();
            RankGroup.firstWords(context, asked, ASIDE, (rank, output) -> {
                silent.remove(rank);
                if (output instanceof Reply reply && !reply.isError()) {
                    throw rank.violation(
                            "an error, an end or nothing for a sum that a member of the group cannot join in any more",
                            reply + " after rank " + gone + " had left");
                }
                if (output instanceof Reply reply && !reply.isError("nccl_sanity_failed")) {
                    context.report(
                            rank.violationOf("S5", "an error of kind nccl_sanity_failed", RankGroup.shown(reply)));
                }
                if (output instanceof Reply) {
                    failed.add(rank);
                }
            });
            for (DedicatedWorker rank : silent) {
                GroupLifeChecks.endsBySignalAlone(context, rank);
            }
            asked = failed;
        }
        GroupLifeChecks.endOneByOne(context, asked, false);
    }

    private static void tooEarly(CheckContext context) throws RuleViolation, StartFailure {
        if (RankGroup.isMissing(context)) {
            return;
        }
        RankGroup group = RankGroup.start(context, context.group().worldSizes().getFirst());
        group.ask(RankGroup.SANITY);
        for (DedicatedWorker rank : group.ranks()) {
            rank.reply(
                    "an error of kind nccl_not_initialised before init",
                    reply -> reply.isError("nccl_not_initialised"));
        }
        group.join(RankGroup.commId(context));
        group.sum();
    }
}
