package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ApiException;
import dev.neurontp.harness.api.BusyView;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.FailureView;
import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.api.RankExitView;
import dev.neurontp.harness.api.RankTimeView;
import dev.neurontp.harness.pool.OperationResult;
import dev.neurontp.harness.pool.OperationResult.RankReply;
import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.pool.RankFailure;
import dev.neurontp.harness.pool.ShutdownReport;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the pool says, in the words of the interface. */
final class ApiMapper {
    private static final double NANOS_A_MILLI = 1e6;

    private ApiMapper() {}

    static double millis(Duration duration) {
        return duration.toNanos() / NANOS_A_MILLI;
    }

    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static BusyView busy(String op, Optional<String> operation, Duration elapsed, Duration limit) {
        String text = op + ", " + elapsed.toSeconds() + " s of " + Math.max(1, limit.toSeconds()) + " s";
        return new BusyView(op, operation, elapsed.toMillis(), Math.max(1, limit.toMillis()), text);
    }

    static OperationView.Result times(OperationResult<?> result) {
        return OperationView.Result.times(millis(result.took()), rankTimes(result.ranks()));
    }

    static List<RankTimeView> rankTimes(List<? extends RankReply<?>> ranks) {
        return ranks.stream()
                .map(rank -> new RankTimeView(rank.rank(), rank.pid(), millis(rank.took())))
                .toList();
    }

    static OperationView.Result end(ShutdownReport report) {
        return OperationView.Result.end(
                millis(report.took()),
                report.clean(),
                report.gone(),
                report.ends().stream().map(ApiMapper::end).toList());
    }

    static RankExitView end(RankExit end) {
        return new RankExitView(
                end.rank(),
                end.pid(),
                end.bye(),
                end.exitCode().isPresent() ? Optional.of(end.exitCode().getAsInt()) : Optional.empty(),
                end.gone(),
                end.steps(),
                end.outOfMemory(),
                end.leftBehind(),
                millis(end.took()),
                end.describe());
    }

    static FailureView failure(PoolFailure failure) {
        return new FailureView(
                failure.getMessage(),
                failure.failures().stream().map(ApiMapper::failed).toList());
    }

    private static FailureView.RankFailed failed(RankFailure rank) {
        return new FailureView.RankFailed(
                rank.rank(),
                rank.pid(),
                rank.op(),
                millis(rank.elapsed()),
                rank.reason(),
                rank.end(),
                rank.errorKind(),
                rank.errorMessage(),
                rank.stderr());
    }

    static ApiException refusal(PoolFailure failure) {
        String message = failure.getMessage();
        int lineEnd = message.indexOf('\n');
        return new ApiException(
                ErrorType.POOL_FAILED,
                lineEnd < 0 ? message : message.substring(0, lineEnd),
                Map.of("failure", failure(failure)));
    }
}
