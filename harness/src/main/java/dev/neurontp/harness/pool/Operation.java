package dev.neurontp.harness.pool;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.WorkerRequest;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.comm.RankIdentity;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a pool asks of all its ranks at once, as data: the request, the right reply, the deadline, and what is wrong with
 * another reply. {@link WorkerPool#run} executes it. A new operation is a constant in this file. Immutable.
 *
 * @param <R> the right reply
 */
public final class Operation<R extends WorkerResponse> {
    /** Who are you? Asks every process. */
    public static final Operation<WorkerResponse.Pong> PING = anyTime(
                    "ping", new WorkerRequest.Ping(), WorkerResponse.Pong.class, Deadlines::ping)
            .checkEach(Operation::wrongIdentity);

    /** Join the group that the comm_id names. */
    public static final Operation<WorkerResponse.InitOk> INIT = new Operation<>(
            "init",
            "init",
            Stage.JOINS,
            commId -> new Request(new WorkerRequest.Init(commId)),
            WorkerResponse.InitOk.class,
            Deadlines::init,
            anyReply(),
            null);

    /** All-reduce the number 1: every rank must come to the world size. */
    public static final Operation<WorkerResponse.NcclSanityResult> SANITY = joined(
                    "sanity",
                    "sanity check",
                    new WorkerRequest.NcclSanityCheck(),
                    WorkerResponse.NcclSanityResult.class,
                    Deadlines::sanity)
            .checkAll(SumDiagnosis::findPlain);

    /** All-reduce three kinds of numbers, so that a wrong sum names the rank behind it. An extension of the contract. */
    public static final Operation<WorkerResponse.XNcclCheckResult> CHECK = joined(
                    "check",
                    "check",
                    new WorkerRequest.XNcclCheck(),
                    WorkerResponse.XNcclCheckResult.class,
                    Deadlines::sanity)
            .checkAll(SumDiagnosis::find);

    /**
     * Which host, device and libraries each rank uses; an extension of the contract, before or after the join. The reply is an
     * {@link XDeviceInfo}, or the error of a rank that cannot tell: what is wrong with its device or library is the join's to
     * say.
     */
    public static final Operation<WorkerResponse> DEVICE = new Operation<>(
            "device",
            "device",
            Stage.ANY_OF_ALL,
            fixed(new WorkerRequest.XDevice()),
            WorkerResponse.class,
            Deadlines::sanity,
            (who, reply) -> refusesOr(XDeviceInfo.class, reply),
            null);

    /** The same before a join, where two ranks with one GPU are a failure: what NCCL says of them differs by version. */
    static final Operation<WorkerResponse> DISTINCT_GPUS =
            DEVICE.asPartOf("init").checkAll(SharedGpu::find);

    /** The kinds of an error by which a rank says that it does not know an extension, or cannot do it here. */
    private static final Set<String> UNKNOWN = Set.of(
            WorkerResponse.Error.X_UNSUPPORTED,
            ErrorKind.BAD_REQUEST.wireName(),
            ErrorKind.UNKNOWN_OP.wireName(),
            ErrorKind.NOT_IMPLEMENTED_7A_I.wireName());

    /** Leave. Only {@link WorkerPool#shutdown} asks for it. */
    static final Operation<WorkerResponse.Bye> SHUTDOWN =
            anyTime("shutdown", new WorkerRequest.Shutdown(), WorkerResponse.Bye.class, Deadlines::bye);

    /** The state that a pool must be in for an operation. */
    private enum Stage {
        ANY,
        /** The same, and a rank in the leader's process is asked too. */
        ANY_OF_ALL,
        /** Not joined; the operation joins it. */
        JOINS,
        JOINED
    }

    /** What is wrong with one rank's reply; empty when it is right. */
    @FunctionalInterface
    private interface EachCheck<R> {
        Optional<String> wrong(RankIdentity who, R reply);
    }

    /** What is wrong with the replies of all ranks together: the ranks at fault, each with its reason. */
    @FunctionalInterface
    private interface AllCheck<R> {
        SortedMap<Integer, String> wrong(int worldSize, SortedMap<Integer, R> replies);
    }

    private final String name;
    private final String title;
    private final Stage stage;
    private final Function<String, Request> request;
    private final Class<R> reply;
    private final Function<Deadlines, Duration> limit;
    private final EachCheck<R> each;
    /** Null where each reply is judged by itself. */
    private final AllCheck<R> all;

    private Operation(
            String name,
            String title,
            Stage stage,
            Function<String, Request> request,
            Class<R> reply,
            Function<Deadlines, Duration> limit,
            EachCheck<R> each,
            AllCheck<R> all) {
        this.name = name;
        this.title = title;
        this.stage = stage;
        this.request = request;
        this.reply = reply;
        this.limit = limit;
        this.each = each;
        this.all = all;
    }

    /** Asks every process, whatever the pool has done before. */
    private static <R extends WorkerResponse> Operation<R> anyTime(
            String name, WorkerRequest message, Class<R> reply, Function<Deadlines, Duration> limit) {
        return new Operation<>(name, name, Stage.ANY, fixed(message), reply, limit, anyReply(), null);
    }

    /** Asks every rank of a pool that has joined; {@code title} is what the refusal of an earlier call begins with. */
    private static <R extends WorkerResponse> Operation<R> joined(
            String name, String title, WorkerRequest message, Class<R> reply, Function<Deadlines, Duration> limit) {
        return new Operation<>(name, title, Stage.JOINED, fixed(message), reply, limit, anyReply(), null);
    }

    /**
     * Runs one collective with data that shows its origin, and measures it; an extension of the contract. The reply is an {@link
     * XCollectiveResult}, or the error of a rank that does not know the extension or cannot do this collective: the pool stays
     * well then. Any other error fails it.
     *
     * @param limit how long the leader waits; the ranks' own bound is in the request and should be shorter
     */
    public static Operation<WorkerResponse> collective(XCollective request, Duration limit) {
        return new Operation<>(
                request.collective(),
                request.collective(),
                Stage.JOINED,
                fixed(request),
                WorkerResponse.class,
                deadlines -> limit,
                (who, reply) -> refusesOr(XCollectiveResult.class, reply).or(() -> unknownSource(who, reply)),
                null);
    }

    /** Whether a rank says by that error that it does not know an extension, or cannot do it here. */
    public static boolean isUnknown(WorkerResponse.Error error) {
        return UNKNOWN.contains(error.kind());
    }

    private static Optional<String> refusesOr(Class<? extends WorkerResponse> right, WorkerResponse reply) {
        return right.isInstance(reply) || reply instanceof WorkerResponse.Error
                ? Optional.empty()
                : Optional.of("it answered with '" + reply.op() + "'");
    }

    private static Optional<String> unknownSource(RankIdentity who, WorkerResponse reply) {
        return reply instanceof XCollectiveResult result
                ? result.wrongFrom().stream()
                        .map(XCollectiveResult.Source::rank)
                        .filter(rank -> rank >= who.worldSize())
                        .findFirst()
                        .map(rank -> "its wrong_from names rank " + rank + ", and this group has ranks 0 to "
                                + (who.worldSize() - 1))
                : Optional.empty();
    }

    private static Function<String, Request> fixed(WorkerRequest message) {
        Request encoded = new Request(message);
        return commId -> encoded;
    }

    private static <R> EachCheck<R> anyReply() {
        return (who, reply) -> Optional.empty();
    }

    /** The same as a step of another operation, by whose name a person knows it. */
    private Operation<R> asPartOf(String other) {
        return new Operation<>(other, other, stage, request, reply, limit, each, all);
    }

    private Operation<R> checkEach(EachCheck<R> check) {
        return new Operation<>(name, title, stage, request, reply, limit, check, all);
    }

    private Operation<R> checkAll(AllCheck<R> check) {
        return new Operation<>(name, title, stage, request, reply, limit, each, check);
    }

    /** Its name in messages, events and metrics. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }

    Duration limit(Deadlines deadlines) {
        return limit.apply(deadlines);
    }

    /** Whether it makes one group of the ranks, and so needs a comm_id. */
    boolean joins() {
        return stage == Stage.JOINS;
    }

    /** Whether every rank is asked, one in the leader's process too; otherwise processes are asked, each for itself. */
    boolean collective() {
        return stage != Stage.ANY;
    }

    /** Whether an error is an answer to it, and no failure of the rank. */
    boolean answeredBy(WorkerResponse.Error error) {
        return stage == Stage.ANY_OF_ALL || (reply == WorkerResponse.class && isUnknown(error));
    }

    /** The request; {@code commId} is empty for an operation that does not join. */
    Request request(String commId) {
        return request.apply(commId);
    }

    /** Why a pool in that state is not asked for it; empty where it is, and of a pool that has ended. */
    public Optional<String> refusal(PoolState state) {
        if (stage == Stage.JOINS && state == PoolState.JOINED) {
            return Optional.of(title + ": this pool has joined already, and a pool joins once");
        }
        if (stage == Stage.JOINED && state != PoolState.JOINED) {
            return Optional.of(title + ": this pool has not joined, init comes first");
        }
        return Optional.empty();
    }

    /** What is wrong with a rank's reply; empty when it is the right one. */
    Optional<String> wrong(RankIdentity who, WorkerResponse seen) {
        return reply.isInstance(seen)
                ? each.wrong(who, reply.cast(seen))
                : Optional.of("it answered " + name + " with '" + seen.op() + "'");
    }

    /** The ranks at fault once all replies are compared, each with its reason; empty when all are right. */
    SortedMap<Integer, String> wrong(OperationResult<R> result, int worldSize) {
        if (all == null) {
            return Collections.emptySortedMap();
        }
        SortedMap<Integer, R> replies = new TreeMap<>();
        result.ranks().forEach(rank -> replies.put(rank.rank(), rank.reply()));
        return all.wrong(worldSize, replies);
    }

    R cast(WorkerResponse seen) {
        return reply.cast(seen);
    }

    private static Optional<String> wrongIdentity(RankIdentity who, WorkerResponse.Pong pong) {
        RankIdentity claimed = new RankIdentity(pong.rank(), pong.worldSize(), pong.cudaDevice());
        return claimed.equals(who)
                ? Optional.empty()
                : Optional.of("its pong names " + describe(claimed) + ", and it was started as " + describe(who));
    }

    private static String describe(RankIdentity who) {
        return "rank " + who.rank() + " of " + who.worldSize() + " on device " + who.cudaDevice();
    }
}
