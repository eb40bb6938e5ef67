package dev.neurontp.harness.daemon.mapper;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.daemon.pool.OperationKind;
import dev.neurontp.harness.daemon.pool.OperationOutcome;
import dev.neurontp.harness.daemon.pool.PoolOperation;
import dev.neurontp.harness.pool.OperationResult;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WorkerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operations and what came of them. */
public final class OperationMapper {
    private OperationMapper() {}

    /** What is known of the operation now. */
    public static OperationView view(PoolOperation operation) {
        // The state first: what it promises is there then.
        OperationView.State state = state(operation.state());
        return new OperationView(
                operation.id(),
                operation.pool(),
                kind(operation.kind()).label(),
                state.label(),
                operation.asked(),
                operation.started(),
                operation.ended(),
                operation.limit().toMillis(),
                operation.outcome().flatMap(OperationMapper::result),
                operation.error().map(ErrorMapper::error));
    }

    private static Optional<OperationView.Result> result(OperationOutcome outcome) {
        return switch (outcome) {
            case OperationOutcome.Replied replied -> {
                OperationResult<?> result = replied.result();
                yield Optional.of(OperationView.Result.times(Durations.millis(result.took()), times(result)));
            }
            case OperationOutcome.Summed summed -> {
                OperationResult<WorkerResponse.NcclSanityResult> result = summed.result();
                long sum = result.first().observedSum();
                yield Optional.of(OperationView.Result.sum(Durations.millis(result.took()), sum, times(result)));
            }
            case OperationOutcome.Answered answered ->
                Optional.of(OperationView.Result.replies(
                        Durations.millis(answered.result().took()), replies(answered.result())));
            case OperationOutcome.Ended ended -> Optional.of(end(ended.report()));
            case OperationOutcome.Failed _ -> Optional.empty();
        };
    }

    private static List<OperationView.RankTime> times(OperationResult<?> result) {
        List<OperationView.RankTime> times = new ArrayList<>();
        result.ranks()
                .forEach(rank -> times.add(new OperationView.RankTime(
                        rank.rank(), rank.pid(), rank.host(), Durations.millis(rank.took()))));
        return times;
    }

    private static List<OperationView.RankReply> replies(OperationResult<WorkerResponse> result) {
        List<OperationView.RankReply> replies = new ArrayList<>();
        result.ranks()
                .forEach(rank -> replies.add(new OperationView.RankReply(
                        rank.rank(),
                        rank.pid(),
                        rank.host(),
                        Durations.millis(rank.took()),
                        Json.mapper().readTree(WireCodec.encode(rank.reply())))));
        return replies;
    }

    private static OperationView.Result end(ShutdownReport report) {
        return OperationView.Result.end(
                Durations.millis(report.took()),
                report.clean(),
                report.gone(),
                report.ends().stream().map(PoolMapper::exit).toList());
    }

    static OperationView.Kind kind(OperationKind kind) {
        return switch (kind) {
            case SPAWN -> OperationView.Kind.SPAWN;
            case PING -> OperationView.Kind.PING;
            case INIT -> OperationView.Kind.INIT;
            case SANITY -> OperationView.Kind.SANITY;
            case DEVICE -> OperationView.Kind.DEVICE;
            case COLLECTIVE -> OperationView.Kind.COLLECTIVE;
            case SHUTDOWN -> OperationView.Kind.SHUTDOWN;
            case END -> OperationView.Kind.END;
            case FORGET -> OperationView.Kind.FORGET;
        };
    }

    private static OperationView.State state(PoolOperation.State state) {
        return switch (state) {
            case WAITING -> OperationView.State.WAITING;
            case RUNNING -> OperationView.State.RUNNING;
            case DONE -> OperationView.State.DONE;
            case FAILED -> OperationView.State.FAILED;
        };
    }
}
