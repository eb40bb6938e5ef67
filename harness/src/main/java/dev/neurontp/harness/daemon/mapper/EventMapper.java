package dev.neurontp.harness.daemon.mapper;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.LogLines;
import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.event.Event;
import dev.neurontp.harness.daemon.event.EventData;
import dev.neurontp.harness.daemon.pool.PoolLog;
import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.time.Durations;
import java.util.Optional;

/** Events and log lines. */
public final class EventMapper {
    private EventMapper() {}

    /** One line of a pool's log. */
    public static LogLines.Line line(PoolLog.Line line) {
        return new LogLines.Line(line.seq(), line.time(), line.rank(), line.host(), line.text());
    }

    /** One event. */
    public static EventView view(Event event) {
        return switch (event.data()) {
            case EventData.PoolCreated _ ->
                new Fields(EventView.Type.POOL_CREATED)
                        .state(PoolView.State.STARTING.label())
                        .of(event);
            case EventData.PoolChanged changed ->
                new Fields(EventView.Type.POOL_STATE)
                        .state(PoolMapper.state(changed.state()).label())
                        .of(event);
            case EventData.PoolForgotten forgotten ->
                new Fields(EventView.Type.POOL_FORGOTTEN)
                        .state(PoolMapper.state(forgotten.state()).label())
                        .of(event);
            case EventData.PoolRestarted restarted ->
                new Fields(EventView.Type.POOL_RESTARTED)
                        .successor(restarted.successor())
                        .of(event);
            case EventData.PoolRestartRefused refused ->
                new Fields(EventView.Type.POOL_RESTART_REFUSED)
                        .reason(refused.reason())
                        .of(event);
            case EventData.PoolNotRestarted failed ->
                new Fields(EventView.Type.POOL_NOT_RESTARTED)
                        .reason(failed.reason())
                        .of(event);
            case EventData.RankChanged changed ->
                new Fields(EventView.Type.RANK_STATE)
                        .rank(changed.rank(), changed.pid(), changed.host())
                        .state(PoolMapper.state(changed.state()).label())
                        .of(event);
            case EventData.RankFailed failed ->
                new Fields(EventView.Type.RANK_FAILED)
                        .rank(failed.rank(), failed.pid(), failed.host())
                        .op(failed.op())
                        .reason(failed.reason())
                        .of(event);
            case EventData.RankEnded ended ->
                new Fields(EventView.Type.RANK_ENDED).exit(ended.exit()).of(event);
            case EventData.OperationStarted started ->
                new Fields(EventView.Type.OPERATION_STARTED)
                        .operation(started.operation(), started.op())
                        .state(OperationView.State.RUNNING.label())
                        .of(event);
            case EventData.OperationEnded ended ->
                new Fields(EventView.Type.OPERATION_ENDED).ended(ended).of(event);
            case EventData.DaemonStopping _ -> new Fields(EventView.Type.DAEMON_STOPPING).of(event);
            case EventData.Lost lost ->
                new Fields(EventView.Type.LOST).count(lost.count()).of(event);
        };
    }

    /** The fields that an event of that type has; all others stay empty. Mutable, for one thread. */
    private static final class Fields {
        private final EventView.Type type;
        private Optional<String> state = Optional.empty();
        private Optional<Integer> rank = Optional.empty();
        private Optional<Long> pid = Optional.empty();
        private Optional<String> host = Optional.empty();
        private Optional<String> op = Optional.empty();
        private Optional<String> operation = Optional.empty();
        private Optional<String> reason = Optional.empty();
        private Optional<PoolView.RankExit> end = Optional.empty();
        private Optional<Double> tookMs = Optional.empty();
        private Optional<Long> count = Optional.empty();
        private Optional<String> successor = Optional.empty();

        Fields(EventView.Type type) {
            this.type = type;
        }

        Fields state(String label) {
            this.state = Optional.of(label);
            return this;
        }

        Fields rank(int number, long process, Optional<String> itsHost) {
            this.rank = Optional.of(number);
            this.pid = Optional.of(process);
            this.host = itsHost;
            return this;
        }

        Fields op(String label) {
            this.op = Optional.of(label);
            return this;
        }

        Fields operation(String id, String label) {
            this.operation = Optional.of(id);
            return op(label);
        }

        Fields reason(String text) {
            this.reason = Optional.of(text);
            return this;
        }

        Fields exit(RankExit exit) {
            this.end = Optional.of(PoolMapper.exit(exit));
            return rank(exit.rank(), exit.pid(), exit.elsewhere().map(RankExit.Elsewhere::host));
        }

        Fields ended(EventData.OperationEnded ended) {
            this.reason = ended.error();
            this.tookMs = Optional.of(Durations.millis(ended.took()));
            boolean failed = ended.error().isPresent();
            return operation(ended.operation(), ended.op())
                    .state((failed ? OperationView.State.FAILED : OperationView.State.DONE).label());
        }

        Fields successor(String id) {
            this.successor = Optional.of(id);
            return this;
        }

        Fields count(long lost) {
            this.count = Optional.of(lost);
            return this;
        }

        EventView of(Event event) {
            return new EventView(
                    event.id(),
                    event.seq(),
                    event.time(),
                    type.label(),
                    event.pool().map(Event.Subject::pool),
                    event.pool().map(Event.Subject::epoch),
                    state,
                    rank,
                    pid,
                    host,
                    op,
                    operation,
                    reason,
                    end,
                    tookMs,
                    count,
                    successor);
        }
    }
}
