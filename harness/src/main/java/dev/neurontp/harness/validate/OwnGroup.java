package dev.neurontp.harness.validate;

import dev.neurontp.harness.pool.Operation;
import dev.neurontp.harness.pool.OperationResult;
import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.RankSnapshot;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollectiveResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ranks of a pool in this process, from its start to its end. */
final class OwnGroup implements Group {
    private final WorkerPool pool;

    OwnGroup(WorkerPool pool) {
        this.pool = pool;
    }

    static GroupLostException lost(PoolException e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        return e instanceof PoolException.Ended
                ? GroupLostException.ended(message, e)
                : GroupLostException.failed(message, e);
    }

    /** An operation of the pool. */
    @FunctionalInterface
    private interface Call<T> {
        T run() throws PoolException, InterruptedException;
    }

    private static <T> T asked(Call<T> call) throws GroupLostException, InterruptedException {
        try {
            return call.run();
        } catch (PoolException e) {
            throw lost(e);
        }
    }

    @Override
    public List<RankDevice> identify() throws GroupLostException, InterruptedException {
        asked(pool::pingAll);
        OperationResult<WorkerResponse> answers = asked(() -> pool.run(Operation.DEVICE));
        List<RankSnapshot> snapshots = pool.state().ranks();
        List<RankDevice> found = new ArrayList<>();
        answers.ranks()
                .forEach(answer -> found.add(RankDevice.of(
                        answer.rank(),
                        answer.pid(),
                        snapshots.get(answer.rank()).device(),
                        answer.reply())));
        return List.copyOf(found);
    }

    @Override
    public Duration join() throws GroupLostException, InterruptedException {
        return asked(pool::init).took();
    }

    @Override
    public long sanity() throws GroupLostException, InterruptedException {
        return asked(pool::sanityCheck).first().observedSum();
    }

    @Override
    public Answer run(Case of) throws GroupLostException, InterruptedException {
        OperationResult<WorkerResponse> answers =
                asked(() -> pool.run(Operation.collective(of.request().orElseThrow(), of.limit())));
        SortedMap<Integer, WorkerResponse> replies = new TreeMap<>();
        answers.ranks().forEach(answer -> replies.put(answer.rank(), answer.reply()));
        return answer(replies);
    }

    /** The results among the ranks' replies, and the first refusal. */
    static Answer answer(SortedMap<Integer, WorkerResponse> replies) {
        SortedMap<Integer, XCollectiveResult> results = new TreeMap<>();
        Optional<String> refusal = Optional.empty();
        boolean unknown = false;
        for (var reply : replies.entrySet()) {
            if (reply.getValue() instanceof XCollectiveResult result) {
                results.put(reply.getKey(), result);
            } else if (reply.getValue() instanceof WorkerResponse.Error error) {
                // A collective that this worker cannot do here says nothing of the others.
                unknown |= Operation.isUnknown(error) && !error.kind().equals(WorkerResponse.Error.X_UNSUPPORTED);
                String words = "rank " + reply.getKey() + ": " + ForeignText.of(error.message(), ForeignText.MESSAGE);
                refusal = refusal.or(() -> Optional.of(words));
            }
        }
        return new Answer(results, refusal, unknown);
    }

    /** Lets the ranks leave and the processes end. */
    @Override
    public CaseResult leave(Case of, boolean whole) throws InterruptedException {
        ShutdownReport report = pool.shutdown();
        List<String> evidence = report.ends().stream()
                .filter(end -> !end.clean())
                .map(end -> "rank " + end.rank() + ": " + end.describe())
                .toList();
        if (!report.gone()) {
            return CaseResult.without(of, Status.FAIL, "not every worker was seen to end", evidence);
        }
        if (!whole) {
            return CaseResult.without(of, Status.SKIPPED, "the group was ended before", List.of());
        }
        return report.clean()
                ? CaseResult.without(of, Status.PASS, Durations.time(report.took()), List.of())
                : CaseResult.without(of, Status.FAIL, "not every rank left in order", evidence);
    }

    @Override
    public void close() {
        pool.close();
    }
}
