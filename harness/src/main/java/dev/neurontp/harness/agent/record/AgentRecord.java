package dev.neurontp.harness.agent.record;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One record of an agent, the process beside a worker that owns its pid. On stderr each is a JSON text sequence (RFC 7464): the
 * byte 0x1E, an object, a line feed.
 */
public sealed interface AgentRecord {
    /**
     * The agent runs and has started nothing yet.
     *
     * @param host as the kernel of that host calls itself
     * @param bootId of that kernel
     * @param version of the agent's program
     */
    record Ready(String host, String bootId, String version) implements AgentRecord {
        public Ready {
            requireNonNull(host, "host is null");
            requireNonNull(bootId, "bootId is null");
            requireNonNull(version, "version is null");
        }
    }

    /**
     * What was started.
     *
     * @param token what the leader told the agent alone, empty where it told nothing; the same in {@link Beat} and {@link End}
     * @param pid of the worker, on its host
     * @param startTicks clock ticks after the boot of its host
     * @param agentPid of the agent, on the same host
     */
    record Hello(String token, long pid, long startTicks, long agentPid) implements AgentRecord {
        public Hello {
            requireNonNull(token, "token is null");
        }
    }

    /**
     * Agent and worker live.
     *
     * @param rssBytes what the worker's process holds in memory; 0 where it is not known
     */
    record Beat(String token, long rssBytes) implements AgentRecord {
        public Beat {
            requireNonNull(token, "token is null");
        }
    }

    /**
     * The worker has ended.
     *
     * @param exit its exit code; 128 + n where signal n ended it
     * @param reason why the agent ended it, empty where it ended by itself
     * @param oomKill whether the kernel counted an out-of-memory kill in its control group
     * @param leftBehind what it left and the agent ended, each as {@code name (pid N)}
     * @param stillRunning those of them that do not end
     * @param unseen why it is not known what else it left; empty where that could be seen
     */
    record End(
            String token,
            int exit,
            String reason,
            boolean oomKill,
            List<String> leftBehind,
            List<String> stillRunning,
            String unseen)
            implements AgentRecord {
        /** Of a worker that was seen to leave no more than this. */
        public End(
                String token,
                int exit,
                String reason,
                boolean oomKill,
                List<String> leftBehind,
                List<String> stillRunning) {
            this(token, exit, reason, oomKill, leftBehind, stillRunning, "");
        }

        public End {
            requireNonNull(unseen, "unseen is null");
            requireNonNull(token, "token is null");
            requireNonNull(reason, "reason is null");
            leftBehind = List.copyOf(leftBehind);
            stillRunning = List.copyOf(stillRunning);
        }
    }
}
