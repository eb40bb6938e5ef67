package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** L5 with our own worker: a worker never outlives its leader. */
@Timeout(120)
class LeaderDeathIT {
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final Duration IN_A_COLLECTIVE = Duration.ofSeconds(10);

    @Test
    void idleWorkersFollowAKilledLeader() throws Exception {
        try (LeaderProcess leader = start("idle", Map.of())) {
            leader.awaitReady(2);
            leader.kill();
            leader.awaitNothingLeft(IDLE);
        }
    }

    /** The second one hangs in the abort too. */
    @ParameterizedTest
    @ValueSource(strings = {"hang", "stuck"})
    void workersInAHangingInitFollowAKilledLeader(String way) throws Exception {
        try (LeaderProcess leader = start("init", Map.of("NEURON_LOOPBACK_FAULT", "rank=1,at=init,do=" + way))) {
            leader.awaitReady(2);
            leader.kill();
            leader.awaitNothingLeft(IN_A_COLLECTIVE);
        }
    }

    @Test
    void controlCInATerminalEndsAHangingInit() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "skipped: script(1) is not installed");
        try (LeaderProcess leader = LeaderProcess.onATerminal(
                LeaderProcess.leader("init", 3, RealWorkers.COMMAND),
                Map.of("NEURON_LOOPBACK_FAULT", "rank=1,at=init,do=stuck"))) {
            leader.awaitReady(2);
            leader.typeControlC();
            List<String> said = leader.rest();
            // The terminal's own ^C may stand before either.
            assertThat(said).anyMatch(line -> line.contains("rank 1: ") && line.contains("SIGTERM"));
            assertThat(said).anyMatch(line -> line.endsWith("rank 0: left its communicator"));
            leader.awaitNothingLeft(IDLE);
        }
    }

    private static LeaderProcess start(String mode, Map<String, String> environment) throws Exception {
        return LeaderProcess.start(LeaderProcess.leader(mode, 3, RealWorkers.COMMAND), environment);
    }
}
