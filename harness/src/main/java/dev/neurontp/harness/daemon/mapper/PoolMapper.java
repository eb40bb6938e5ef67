package dev.neurontp.harness.daemon.mapper;

import dev.neurontp.harness.api.PoolApplied;
import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.pool.ActiveOperation;
import dev.neurontp.harness.daemon.pool.ManagedPool;
import dev.neurontp.harness.daemon.pool.PoolPlan;
import dev.neurontp.harness.daemon.pool.PoolStatus;
import dev.neurontp.harness.daemon.pool.PoolUpdates;
import dev.neurontp.harness.daemon.pool.StartingPool;
import dev.neurontp.harness.pool.PlannedProcess;
import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.PoolSnapshot;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.pool.RankFailure;
import dev.neurontp.harness.pool.RankSnapshot;
import dev.neurontp.harness.pool.RankState;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.time.Durations;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Pools and their ranks. */
public final class PoolMapper {
    private static final String NOT_CREATED = "it was not created: ";

    private PoolMapper() {}

    /** The pool in a list. */
    public static PoolSummary summary(ManagedPool pool) {
        PoolSnapshot now = pool.snapshot();
        return new PoolSummary(
                pool.id(),
                pool.plan().name(),
                pool.plan().labels(),
                pool.epoch(),
                state(now.state()).label(),
                now.worldSize(),
                pool.restartCount(),
                pool.plan().communicatorLabel(),
                pool.created(),
                now.ranks().stream().map(PoolMapper::pid).toList(),
                pool.active().map(PoolMapper::busy),
                now.reason(),
                now.state() == PoolState.FAILED && !pool.isOver(),
                pool.awaitsRestart(),
                Optional.empty());
    }

    /** Everything known of the pool. */
    public static PoolView view(ManagedPool pool) {
        PoolStatus status = pool.status();
        PoolSnapshot now = status.snapshot();
        return new PoolView(
                pool.id(),
                pool.plan().name(),
                pool.plan().labels(),
                pool.epoch(),
                state(now.state()).label(),
                now.worldSize(),
                pool.plan().communicatorLabel(),
                pool.plan().shareDevices(),
                new PoolView.Restart(
                        pool.plan().restart().label(),
                        pool.restartCount(),
                        pool.succession().successor(),
                        pool.succession().notRestarted()),
                pool.plan().command(),
                pool.plan().placement().map(places -> places.of(0).launcher().name()),
                pool.created(),
                pool.joined(),
                status.ended(),
                status.gone(),
                status.active().map(PoolMapper::busy),
                now.reason(),
                status.failure().map(PoolMapper::failure),
                status.ranks().stream().map(PoolMapper::rank).toList(),
                Optional.empty());
    }

    /** A pool whose processes are being started, in a list. */
    public static PoolSummary summary(StartingPool pool) {
        return new PoolSummary(
                pool.id(),
                pool.plan().name(),
                pool.plan().labels(),
                pool.epoch(),
                (pool.whyNone().isPresent() ? PoolView.State.FAILED : PoolView.State.STARTING).label(),
                pool.plan().worldSize(),
                pool.restartCount(),
                pool.plan().communicatorLabel(),
                pool.since(),
                List.of(),
                Optional.empty(),
                pool.whyNone().map(why -> NOT_CREATED + why),
                false,
                false,
                Optional.empty());
    }

    /** What is known of it before its processes are there. */
    public static PoolView view(StartingPool pool) {
        List<PoolView.Rank> ranks = IntStream.range(0, pool.plan().worldSize())
                .mapToObj(rank -> rank(pool, rank))
                .toList();
        return withoutProcesses(pool, PoolView.State.STARTING, pool.since(), Optional.empty(), Optional.empty(), ranks);
    }

    /** One whose agent is not heard yet: all that is known is what its launcher says. */
    private static PoolView.Rank rank(StartingPool pool, int rank) {
        return new PoolView.Rank(
                rank,
                0,
                pool.plan().host(rank),
                0,
                "",
                pool.since(),
                pool.plan().devices().get(rank),
                PoolView.RankState.STARTING.label(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new PoolView.Memory(Optional.empty(), Optional.empty()),
                pool.log().last(rank),
                Optional.empty());
    }

    /** A pool of which no process could be started; {@code reason} says why. */
    public static PoolView notCreated(StartingPool pool, Instant when, String reason) {
        return withoutProcesses(
                pool, PoolView.State.FAILED, when, Optional.of(when), Optional.of(NOT_CREATED + reason), List.of());
    }

    private static PoolView withoutProcesses(
            StartingPool pool,
            PoolView.State state,
            Instant created,
            Optional<Instant> ended,
            Optional<String> reason,
            List<PoolView.Rank> ranks) {
        PoolPlan plan = pool.plan();
        return new PoolView(
                pool.id(),
                plan.name(),
                plan.labels(),
                pool.epoch(),
                state.label(),
                plan.worldSize(),
                plan.communicatorLabel(),
                plan.shareDevices(),
                new PoolView.Restart(plan.restart().label(), pool.restartCount(), Optional.empty(), Optional.empty()),
                plan.command(),
                plan.placement().map(places -> places.of(0).launcher().name()),
                created,
                Optional.empty(),
                ended,
                Optional.empty(),
                Optional.empty(),
                reason,
                Optional.empty(),
                ranks,
                Optional.empty());
    }

    /** What came of a plan that was applied. */
    public static PoolApplied applied(PoolUpdates.Applied applied) {
        PoolApplied.Result result = switch (applied.result()) {
            case CREATED -> PoolApplied.Result.CREATED;
            case UNCHANGED -> PoolApplied.Result.UNCHANGED;
            case CONFIGURED -> PoolApplied.Result.CONFIGURED;
            case REPLACED -> PoolApplied.Result.REPLACED;
        };
        return new PoolApplied(result.label(), applied.pool().map(PoolMapper::view), commands(applied.planned()));
    }

    /** What would be started. */
    public static List<PoolApplied.Commands> commands(List<PlannedProcess> planned) {
        return planned.stream()
                .map(one -> new PoolApplied.Commands(one.name(), one.host(), one.start(), one.end()))
                .toList();
    }

    private static PoolView.Rank rank(PoolStatus.Rank status) {
        RankSnapshot rank = status.snapshot();
        return new PoolView.Rank(
                rank.rank(),
                pid(rank),
                rank.host(),
                rank.process().map(ProcessIdentity::startTicks).orElse(0L),
                rank.process().map(ProcessIdentity::bootId).orElse(""),
                rank.started(),
                rank.device(),
                state(rank.state()).label(),
                status.stopped(),
                status.arrived(),
                rank.lastPong(),
                rank.roundTrip().map(Durations::millis),
                new PoolView.Memory(status.residentBytes(), status.gpuMiB()),
                status.stderr(),
                status.exit().map(PoolMapper::exit));
    }

    private static long pid(RankSnapshot rank) {
        return rank.process().map(ProcessIdentity::pid).orElse(0L);
    }

    static PoolSummary.Busy busy(ActiveOperation operation) {
        return new PoolSummary.Busy(
                OperationMapper.kind(operation.kind()).label(),
                operation.id(),
                operation.elapsed().toMillis(),
                Math.max(1, operation.limit().toMillis()),
                operation.unanswered(),
                operation.text());
    }

    static PoolView.RankExit exit(RankExit exit) {
        return new PoolView.RankExit(
                exit.rank(),
                exit.pid(),
                exit.elsewhere().map(RankExit.Elsewhere::host),
                exit.bye(),
                exit.exitCode().isPresent() ? Optional.of(exit.exitCode().getAsInt()) : Optional.empty(),
                exit.gone(),
                exit.isLost(),
                exit.elsewhere().flatMap(RankExit.Elsewhere::leaseEnds),
                exit.steps(),
                exit.outOfMemory(),
                exit.leftBehind(),
                Durations.millis(exit.took()),
                exit.describe());
    }

    static PoolView.Failure failure(PoolFailure failure) {
        return new PoolView.Failure(
                failure.getMessage(),
                failure.failures().stream().map(PoolMapper::failure).toList());
    }

    private static PoolView.RankFailure failure(RankFailure rank) {
        return new PoolView.RankFailure(
                rank.rank(),
                rank.pid(),
                rank.host(),
                rank.op(),
                Durations.millis(rank.elapsed()),
                rank.reason(),
                rank.end(),
                rank.errorKind(),
                rank.errorMessage(),
                rank.stderr());
    }

    static PoolView.State state(PoolState state) {
        return switch (state) {
            case STARTING -> PoolView.State.STARTING;
            case READY -> PoolView.State.READY;
            case JOINING -> PoolView.State.JOINING;
            case JOINED -> PoolView.State.JOINED;
            case STOPPING -> PoolView.State.STOPPING;
            case FAILED -> PoolView.State.FAILED;
            case LOST -> PoolView.State.LOST;
            case GONE -> PoolView.State.GONE;
        };
    }

    static PoolView.RankState state(RankState state) {
        return switch (state) {
            case STARTING -> PoolView.RankState.STARTING;
            case READY -> PoolView.RankState.READY;
            case JOINING -> PoolView.RankState.JOINING;
            case JOINED -> PoolView.RankState.JOINED;
            case STOPPING -> PoolView.RankState.STOPPING;
            case FAILED -> PoolView.RankState.FAILED;
            case LOST -> PoolView.RankState.LOST;
            case GONE -> PoolView.RankState.GONE;
        };
    }
}
