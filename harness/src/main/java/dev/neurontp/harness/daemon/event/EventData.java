package dev.neurontp.harness.daemon.event;

import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.pool.RankState;
import java.time.Duration;
import java.util.Optional;

/** What happened: one record for each type of event. */
public sealed interface EventData {
    /** The length of the text in it that no bound of ours makes short, in characters. */
    default long textLength() {
        return 0;
    }

    /** A pool's processes were started. */
    record PoolCreated() implements EventData {}

    /** A pool is in another state. */
    record PoolChanged(PoolState state) implements EventData {}

    /** A pool that has ended was removed from the list. */
    record PoolForgotten(PoolState state) implements EventData {}

    /** A pool with that id has taken the place of one that has ended. */
    record PoolRestarted(String successor) implements EventData {}

    /** A pool that has failed was not restarted, and it is tried again later. */
    record PoolRestartRefused(String reason) implements EventData {
        @Override
        public long textLength() {
            return reason.length();
        }
    }

    /** A pool that has failed stays so, although its restart was asked for. */
    record PoolNotRestarted(String reason) implements EventData {
        @Override
        public long textLength() {
            return reason.length();
        }
    }

    /** A rank is in another state; {@code host} is the name of its host where that is not the daemon's. */
    record RankChanged(int rank, long pid, Optional<String> host, RankState state) implements EventData {}

    /** A rank failed during {@code op}. */
    record RankFailed(int rank, long pid, Optional<String> host, String op, String reason) implements EventData {
        @Override
        public long textLength() {
            return reason.length();
        }
    }

    /** A rank's process ended. */
    record RankEnded(RankExit exit) implements EventData {
        @Override
        public long textLength() {
            return exit.textLength();
        }
    }

    /** The operation with that id has begun. */
    record OperationStarted(String operation, String op) implements EventData {}

    /** The operation with that id is over; {@code error} says why it failed, if it did. */
    record OperationEnded(String operation, String op, Duration took, Optional<String> error) implements EventData {
        @Override
        public long textLength() {
            return error.map(String::length).orElse(0);
        }
    }

    /** The last event of a daemon. */
    record DaemonStopping() implements EventData {}

    /** So many events between the one asked for and the oldest kept are not there any more. */
    record Lost(long count) implements EventData {}
}
