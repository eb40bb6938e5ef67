package dev.neurontp.harness.validate;

import dev.neurontp.harness.pool.Operation;
import dev.neurontp.harness.pool.OperationResult;
import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.RankSnapshot;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One pool and what its ranks are, from its start to its end. Any thread may call {@link #close}; one thread the rest. */
final class GroupSession implements AutoCloseable {
    /** What the ranks answered to one case: their results, or why they have none. */
    record Answer(SortedMap<Integer, XCollectiveResult> results, Optional<String> refusal) {}

    private final WorkerPool pool;
    private List<RankDevice> ranks = List.of();

    private GroupSession(WorkerPool pool) {
        this.pool = pool;
    }

    /** Starts the workers; they may still fail to answer. */
    static GroupSession start(List<String> command, List<Long> devices, PoolOptions options)
            throws PoolFailure, InterruptedException {
        return new GroupSession(
                WorkerPool.spawn(command, devices.size(), devices, options).endOnExit());
    }

    /** Waits for the workers and asks each what it runs on. */
    List<RankDevice> identify() throws PoolException, InterruptedException {
        pool.pingAll();
        OperationResult<WorkerResponse> answers = pool.run(Operation.DEVICE);
        List<RankSnapshot> snapshots = pool.state().ranks();
        List<RankDevice> found = new ArrayList<>();
        answers.ranks()
                .forEach(answer -> found.add(new RankDevice(
                        answer.rank(),
                        answer.pid(),
                        snapshots.get(answer.rank()).device(),
                        answer.reply() instanceof XDeviceInfo info ? Optional.of(info) : Optional.empty(),
                        problem(answer.reply()))));
        ranks = List.copyOf(found);
        return ranks;
    }

    private static String problem(WorkerResponse reply) {
        if (reply instanceof WorkerResponse.Error error) {
            return Operation.isUnknown(error) ? RankDevice.NO_EXTENSION : error.kind() + ": " + error.message();
        }
        return "";
    }

    List<RankDevice> ranks() {
        return ranks;
    }

    OperationResult<WorkerResponse.InitOk> join() throws PoolException, InterruptedException {
        return pool.init();
    }

    /** The plain all-reduce of the number 1, which every worker has. */
    OperationResult<WorkerResponse.NcclSanityResult> sanity() throws PoolException, InterruptedException {
        return pool.sanityCheck();
    }

    /** Runs one case on all ranks. */
    Answer run(Case of) throws PoolException, InterruptedException {
        OperationResult<WorkerResponse> answers =
                pool.run(Operation.collective(of.request().orElseThrow(), of.limit()));
        SortedMap<Integer, XCollectiveResult> results = new TreeMap<>();
        Optional<String> refusal = Optional.empty();
        for (OperationResult.RankReply<WorkerResponse> answer : answers.ranks()) {
            if (answer.reply() instanceof XCollectiveResult result) {
                results.put(answer.rank(), result);
            } else if (answer.reply() instanceof WorkerResponse.Error error && refusal.isEmpty()) {
                refusal = Optional.of("rank " + answer.rank() + ": " + error.message());
            }
        }
        return new Answer(results, refusal);
    }

    /** Lets the ranks leave and the processes end. */
    ShutdownReport leave() throws InterruptedException {
        return pool.shutdown();
    }

    /** Ends the pool, whatever it does. Any thread may call. */
    @Override
    public void close() {
        pool.close();
    }
}
