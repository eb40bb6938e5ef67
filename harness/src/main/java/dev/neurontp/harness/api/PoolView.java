package dev.neurontp.harness.api;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything known of a pool. See {@link PoolSummary}.
 *
 * @param shareDevices whether its ranks may have a GPU of each other or of another pool
 * @param state one of {@link State}, or a newer one
 * @param joined when all ranks had joined
 * @param gone whether its ranks and what was started beside them were seen to end; empty until it has ended, and of a daemon that does
 *     not say
 * @param recorded where this was written down; empty for a pool that is in the list of its daemon
 * @param launcher what has started the ranks on other hosts; empty where they are on this one
 */
public record PoolView(
        @Required String id,
        Optional<String> name,
        Map<String, String> labels,
        int epoch,
        @Required String state,
        @Required int worldSize,
        String communicator,
        boolean shareDevices,
        Restart restart,
        List<String> command,
        Optional<String> launcher,
        Instant created,
        Optional<Instant> joined,
        Optional<Instant> ended,
        Optional<Boolean> gone,
        Optional<PoolSummary.Busy> busy,
        Optional<String> reason,
        Optional<Failure> failure,
        @Required List<Rank> ranks,
        Optional<Recorded> recorded) {
    public PoolView {
        id = EnumLabels.orEmpty(id);
        restart = restart == null ? new Restart("", 0, Optional.empty(), Optional.empty()) : restart;
        labels = labels == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        state = EnumLabels.orEmpty(state);
        communicator = EnumLabels.orEmpty(communicator);
        command = command == null ? List.of() : List.copyOf(command);
        ranks = ranks == null ? List.of() : List.copyOf(ranks);
    }

    /** The same with these ranks. */
    public PoolView withRanks(List<Rank> value) {
        return new PoolView(
                id,
                name,
                labels,
                epoch,
                state,
                worldSize,
                communicator,
                shareDevices,
                restart,
                command,
                launcher,
                created,
                joined,
                ended,
                gone,
                busy,
                reason,
                failure,
                value,
                recorded);
    }

    public boolean failed() {
        return State.FAILED.label().equals(state);
    }

    /** Whether it was shut down and not every rank was seen to end. */
    public boolean lost() {
        return State.LOST.label().equals(state);
    }

    /** Whether its processes have been ended. */
    public boolean over() {
        return failed() || lost() || State.GONE.label().equals(state);
    }

    /**
     * Whether the pool is started anew where it has failed, and what came of that.
     *
     * @param policy {@code never}, {@code on-failure}, or a newer one
     * @param count how many restarts led to this pool
     * @param successor the id of the pool that is in its place
     * @param givenUp why none is although the policy asked for it
     */
    public record Restart(String policy, int count, Optional<String> successor, Optional<String> givenUp) {
        public Restart {
            policy = EnumLabels.orEmpty(policy);
        }
    }

    /**
     * The daemon that a pool ran under, as that daemon has written it down.
     *
     * @param written when this was last written
     * @param pid of the daemon
     * @param started when the daemon was
     * @param version of the daemon
     * @param host its name
     * @param daemon what is known of it: one of {@link Fate}, or a newer one
     */
    public record Recorded(
            Instant written, long pid, Instant started, String version, String bootId, String host, String daemon) {
        public Recorded {
            version = EnumLabels.orEmpty(version);
            bootId = EnumLabels.orEmpty(bootId);
            host = EnumLabels.orEmpty(host);
            daemon = EnumLabels.orEmpty(daemon);
        }

        /** Whether that daemon is known to have ended. */
        public boolean gone() {
            return daemon.equals(Fate.GONE.label());
        }
    }

    /** What is known of a daemon that has written something down. */
    public enum Fate {
        LIVE,
        GONE,
        /** It ran on another host or in another container, where nobody looks from here. */
        UNKNOWN;

        /** The word on the wire. */
        public String label() {
            return EnumLabels.label(this);
        }
    }

    /** The states of a pool. */
    public enum State {
        STARTING,
        READY,
        JOINING,
        JOINED,
        STOPPING,
        FAILED,
        /** Shut down, and not every rank was seen to end. */
        LOST,
        GONE;

        /** The word on the wire. */
        public String label() {
            return EnumLabels.label(this);
        }

        /** The state of that word; empty for one that this version does not know. */
        public static Optional<State> of(String label) {
            return EnumLabels.find(values(), label);
        }
    }

    /** The states of a rank. */
    public enum RankState {
        STARTING,
        READY,
        JOINING,
        JOINED,
        STOPPING,
        FAILED,
        /** Ended, and not seen to end. */
        LOST,
        GONE;

        /** The word on the wire. */
        public String label() {
            return EnumLabels.label(this);
        }
    }

    /**
     * One rank.
     *
     * @param host the name of its host; empty where it is the daemon's
     * @param pid on its host; 0 where it is not known
     * @param startTicks field 22 of {@code /proc/PID/stat}
     * @param state one of {@link RankState}, or a newer one
     * @param stopped whether a signal or a debugger has stopped its process (state T)
     * @param arrived while the pool's ranks join: whether it has come to the rendezvous; empty where nobody can tell
     * @param roundTripMs of its last pong
     * @param stderr its last lines, at most 10
     */
    public record Rank(
            @Required int rank,
            long pid,
            Optional<String> host,
            long startTicks,
            String bootId,
            Instant started,
            long device,
            @Required String state,
            boolean stopped,
            Optional<Boolean> arrived,
            Optional<Instant> lastPong,
            Optional<Double> roundTripMs,
            Memory memory,
            List<String> stderr,
            Optional<RankExit> end) {
        public Rank {
            state = EnumLabels.orEmpty(state);
            memory = memory == null ? new Memory(Optional.empty(), Optional.empty()) : memory;
            stderr = stderr == null ? List.of() : List.copyOf(stderr);
        }

        /** The same in that state and with these lines, without what is true at one moment only. */
        public Rank recorded(String itsState, List<String> lines) {
            return new Rank(
                    rank,
                    pid,
                    host,
                    startTicks,
                    bootId,
                    started,
                    device,
                    itsState,
                    false,
                    Optional.empty(),
                    lastPong,
                    roundTripMs,
                    null,
                    lines,
                    end);
        }
    }

    /**
     * What a process holds.
     *
     * @param rssBytes empty when it is gone
     * @param gpuUsedMb MiB at the last poll; empty when nvidia-smi does not name the process
     */
    public record Memory(Optional<Long> rssBytes, Optional<Long> gpuUsedMb) {}

    /**
     * The evidence of how a rank ended.
     *
     * @param exitCode 128 + n for signal n; empty while it runs
     * @param gone whether the worker was seen to end
     * @param lost whether its process has exited and the end of the worker is not known all the same; false of a daemon that does
     *     not say
     * @param host the name of its host; empty where it is the daemon's
     * @param leaseEnds when the worker of a lost rank has ended by itself at the latest; empty where nothing says so
     * @param steps what was done to end it: {@code shutdown}, {@code SIGTERM}, {@code SIGKILL}
     * @param leftBehind processes that it left and that were ended
     * @param text for a person: {@code bye, exit 0}
     */
    public record RankExit(
            @Required int rank,
            long pid,
            Optional<String> host,
            boolean bye,
            Optional<Integer> exitCode,
            @Required boolean gone,
            boolean lost,
            Optional<Instant> leaseEnds,
            List<String> steps,
            boolean outOfMemory,
            List<String> leftBehind,
            double tookMs,
            String text) {
        public RankExit {
            text = EnumLabels.orEmpty(text);
            steps = steps == null ? List.of() : List.copyOf(steps);
            leftBehind = leftBehind == null ? List.of() : List.copyOf(leftBehind);
        }
    }

    /**
     * Why a pool has failed.
     *
     * @param text several lines, the first failure first
     * @param ranks the ranks that failed, the first failure first
     */
    public record Failure(String text, List<RankFailure> ranks) {
        public Failure {
            text = EnumLabels.orEmpty(text);
            ranks = ranks == null ? List.of() : List.copyOf(ranks);
        }
    }

    /**
     * One rank that failed.
     *
     * @param host the name of its host; empty where it is the daemon's
     * @param op what was under way: spawn, ping, init, sanity, shutdown or idle
     * @param end how its process ended
     */
    public record RankFailure(
            @Required int rank,
            long pid,
            Optional<String> host,
            String op,
            double elapsedMs,
            String reason,
            String end,
            Optional<String> errorKind,
            Optional<String> errorMessage,
            List<String> stderr) {
        public RankFailure {
            stderr = stderr == null ? List.of() : List.copyOf(stderr);
        }
    }
}
