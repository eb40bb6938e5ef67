package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.CheckContext;
import dev.neurontp.conformance.check.DedicatedWorker;
import dev.neurontp.conformance.check.Identity;
import dev.neurontp.conformance.check.PrerequisiteException;
import dev.neurontp.conformance.check.RuleViolation;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** All ranks of one group, every one started by the suite, rank 0 too. One thread. */
final class RankGroup {

    static final String PING = "{\"op\":\"ping\"}";
    static final String SANITY = "{\"op\":\"nccl_sanity_check\"}";

    /** How long those that were asked are watched before the next is: one that does not wait for the others answers then. */
    private static final Duration PAUSE = Duration.ofMillis(120);

    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration REDUCE = Duration.ofSeconds(30);

    private final CheckContext context;
    private final List<DedicatedWorker> ranks = new ArrayList<>();

    private RankGroup(CheckContext context) {
        this.context = context;
    }

    /** Starts every rank, and has each answer a ping. */
    static RankGroup start(CheckContext context, int size) throws RuleViolation, StartFailure {
        RankGroup group = new RankGroup(context);
        for (int rank = 0; rank < size; rank++) {
            group.ranks.add(
                    context.start(new Identity(rank, size, rank).arguments(), Map.of("NCCL_DEBUG", "INFO"), false));
        }
        group.ping();
        return group;
    }

    /** The same, joined at once. */
    static RankGroup joined(CheckContext context, int size) throws RuleViolation, StartFailure {
        RankGroup group = start(context, size);
        group.join(commId(context));
        return group;
    }

    /** Whether nothing makes a comm_id here; the check is then skipped with that reason. */
    static boolean isMissing(CheckContext context) {
        if (context.group().commIdCommand().isEmpty()) {
            context.skip("nothing makes a comm_id here: give --comm-id-command");
            return true;
        }
        return false;
    }

    /** A comm_id and the process that has made it and serves it. */
    record MadeId(String commId, DedicatedWorker maker) {}

    /** Starts the maker of a comm_id, which serves it until the check is over. */
    static String commId(CheckContext context) throws StartFailure {
        return madeId(context).commId();
    }

    /** The same, with that process. */
    static MadeId madeId(CheckContext context) throws StartFailure {
        Loopback.require();
        DedicatedWorker maker = context.startMaker(context.group().commIdCommand());
        Duration time = context.groupTimes().maker();
        Output first = maker.worker().next(Deadline.in(time)).orElse(null);
        if (first instanceof Output.Noise line && line.line().matches("[0-9a-fA-F]{256}")) {
            return new MadeId(line.line(), maker);
        }
        if (first == null) {
            context.groupTimes().makerWasSilent();
        }
        String begun = maker.worker().unfinished();
        String seen = first == null
                ? "printed no whole line within " + time.toSeconds() + " s" + (begun.isEmpty() ? "" : ": " + begun)
                : first instanceof Output.End ? "ended without a line" : "printed " + first;
        List<String> stderr = maker.worker().transcript().stderrTail();
        throw new PrerequisiteException(
                "the --comm-id-command " + maker.worker().launch().shown()
                        + " must print a comm_id of 256 hex digits on its first line, and " + seen
                        + (stderr.isEmpty() ? "" : "; its last words: " + stderr.getLast()));
    }

    static String init(String commId) {
        return "{\"op\":\"init\",\"comm_id\":\"" + commId + "\"}";
    }

    List<DedicatedWorker> ranks() {
        return List.copyOf(ranks);
    }

    /** All of them from that one on, and then those before it. */
    List<DedicatedWorker> from(int rank) {
        List<DedicatedWorker> rotated = new ArrayList<>(ranks);
        Collections.rotate(rotated, -rank);
        return rotated;
    }

    List<DedicatedWorker> allButTheLast() {
        return List.copyOf(ranks.subList(0, size() - 1));
    }

    int size() {
        return ranks.size();
    }

    void ping() throws RuleViolation {
        pingBy(PING);
    }

    /** The same, whatever the spelling and the fields of that ping. */
    void pingBy(String ping) throws RuleViolation {
        for (DedicatedWorker rank : ranks) {
            pingBy(ping, rank);
        }
    }

    /** The same of one. */
    void ping(DedicatedWorker rank) throws RuleViolation {
        pingBy(PING, rank);
    }

    private void pingBy(String ping, DedicatedWorker asked) throws RuleViolation {
        int rank = ranks.indexOf(asked);
        asked.send(ping);
        asked.reply(
                "the pong of rank " + rank + " of " + size() + ", cuda_device " + rank,
                reply -> context.isPong(reply)
                        && ArgumentChecks.is(reply, "rank", rank)
                        && ArgumentChecks.is(reply, "cuda_device", rank)
                        && ArgumentChecks.is(reply, "world_size", size()));
    }

    /** All join: every init is sent before any reply is awaited. */
    void join(String commId) throws RuleViolation {
        joinBy(init(commId));
    }

    /** All join, each with that init, whatever its spelling. */
    void joinBy(String init) throws RuleViolation {
        ask(init);
        collectJoins();
    }

    /** All join, asked in this order with a pause before each; the ids are dealt out in turn. */
    void joinInOrder(List<Integer> order, List<String> ids) throws RuleViolation {
        askInOrder(order, i -> init(ids.get(i % ids.size())), "init");
        collectJoins();
    }

    void collectJoins() throws RuleViolation {
        long start = System.nanoTime();
        collect(
                "init_ok",
                reply -> reply.op().filter("init_ok"::equals).isPresent(),
                () -> context.groupTimes().join(context.timeouts().start()),
                () -> context.groupTimes().join(context.timeouts().start()));
        context.groupTimes().joined(Duration.ofNanos(System.nanoTime() - start));
    }

    /** All are asked for the sum at once. */
    void sum() throws RuleViolation {
        ask(SANITY);
        collectSums();
    }

    /** All are asked for so many sums at once. */
    void sums(int count) throws RuleViolation {
        String[] requests = Collections.nCopies(count, SANITY).toArray(String[]::new);
        ranks.forEach(rank -> rank.send(requests));
        for (int sum = 0; sum < count; sum++) {
            collectSums();
        }
    }

    /** All are asked for the sum, in this order with a pause before each. */
    void sumInOrder(List<Integer> order) throws RuleViolation {
        askInOrder(order, i -> SANITY, "the sanity check");
        collectSums();
    }

    void collectSums() throws RuleViolation {
        collect(
                "nccl_sanity_result with observed_sum " + size(),
                reply -> reply.op().filter("nccl_sanity_result"::equals).isPresent()
                        && ArgumentChecks.is(reply, "observed_sum", size()),
                () -> context.timeouts().reply().plus(REDUCE),
                // A sum that one rank has is there for all of them.
                () -> context.timeouts().reply());
    }

    void ask(String request) {
        ranks.forEach(rank -> rank.send(request));
    }

    /** The same by a name, of a request that is another in each run. */
    void askAs(String name, String request) {
        ranks.forEach(rank -> rank.sendAs(name, request));
    }

    private interface Request {
        String to(int rank);
    }

    private void askInOrder(List<Integer> order, Request request, String what) throws RuleViolation {
        List<DedicatedWorker> asked = new ArrayList<>();
        for (int rank : order) {
            if (!asked.isEmpty()) {
                requireSilence(asked, what);
            }
            ranks.get(rank).send(request.to(rank));
            asked.add(ranks.get(rank));
        }
    }

    /** None of these may say a word as long as not every rank was asked. */
    static void requireSilence(List<DedicatedWorker> asked, String what) throws RuleViolation {
        Deadline deadline = Deadline.in(PAUSE);
        do {
            for (DedicatedWorker rank : asked) {
                Output early = rank.next(Deadline.in(LOOK));
                if (early != null) {
                    throw rank.violation("no reply to " + what + " before every rank was asked", inGroup(early))
                            .inGroup(early);
                }
            }
        } while (!deadline.isOver());
    }

    /**
     * Looks at all of them by turns: a rank that refuses is seen at once, although those before it still wait.
     *
     * @param patience for the first reply
     * @param lag for the others after it
     */
    private void collect(String expected, Predicate<Reply> test, Supplier<Duration> patience, Supplier<Duration> lag)
            throws RuleViolation {
        Deadline deadline = null;
        long start = System.nanoTime();
        List<DedicatedWorker> waiting = new ArrayList<>(ranks);
        while (!waiting.isEmpty()) {
            for (DedicatedWorker rank : List.copyOf(waiting)) {
                Output output = rank.next(Deadline.in(LOOK));
                String wanted = expected + " from rank " + ranks.indexOf(rank);
                Duration time = patience.get();
                if (output instanceof Reply reply && test.test(reply)) {
                    waiting.remove(rank);
                    deadline = deadline == null ? Deadline.in(lag.get()) : deadline;
                } else if (output != null) {
                    RuleViolation violation = isSum(output)
                            ? rank.violationOf("S3", wanted, shown(output))
                            : rank.violation(wanted, inGroup(output));
                    throw violation.inGroup(output);
                } else if (deadline != null && deadline.isOver()) {
                    String nothing =
                            rank.worker().nothingWithin(lag.get()) + ", counted from the reply of another rank";
                    throw rank.violation(wanted, nothing).inGroup(null);
                } else if (System.nanoTime() - start > time.toNanos()) {
                    throw rank.violation(wanted, rank.worker().nothingWithin(time))
                            .inGroup(null);
                }
            }
        }
    }

    /** A wrong one is the matter of S3, whatever was asked before it. */
    private static boolean isSum(Output output) {
        return output instanceof Reply reply
                && reply.op().filter("nccl_sanity_result"::equals).isPresent();
    }

    /** What is done with the first word of a rank. */
    interface Heard {
        void of(DedicatedWorker rank, Output output) throws RuleViolation, StartFailure;
    }

    /** Listens to all of these by turns for the first word of each, for so long; some may say nothing, or something later. */
    static void firstWords(CheckContext context, List<DedicatedWorker> ranks, Duration time, Heard heard)
            throws RuleViolation, StartFailure {
        Deadline deadline = Deadline.in(time);
        List<DedicatedWorker> silent = new ArrayList<>(ranks);
        while (!silent.isEmpty() && !deadline.isOver()) {
            for (DedicatedWorker rank : List.copyOf(silent)) {
                Output output = rank.next(Deadline.in(LOOK));
                if (output != null) {
                    silent.remove(rank);
                    heard.of(rank, output);
                }
            }
        }
        if (!silent.isEmpty()) {
            context.leaveOut();
        }
    }

    /** The same with a hint: whether an id is served nobody but its maker knows. */
    private static String inGroup(Output output) {
        return output instanceof Reply reply && reply.isError("nccl_init_failed")
                ? shown(output)
                        + "; where the worker is right, the comm_id is not (see --comm-id-command), or its device takes one process at a time"
                : shown(output);
    }

    static String shown(Output output) {
        return output instanceof Output.End ? "the end of stdout" : output.toString();
    }
}
