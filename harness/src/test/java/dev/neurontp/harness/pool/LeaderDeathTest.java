package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A leader that goes takes its workers with it; these are any workers that obey L1. */
@Timeout(60)
class LeaderDeathTest {
    @Test
    void workersFollowAKilledLeader() throws Exception {
        try (LeaderProcess leader =
                LeaderProcess.start(LeaderProcess.leader("idle", 3, TestPool.command("")), Map.of())) {
            leader.awaitReady(2);
            leader.kill();
            leader.awaitNothingLeft(Duration.ofSeconds(2));
        }
    }

    @Test
    void controlCInATerminalEndsThePoolInOrder() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "skipped: script(1) is not installed");
        try (LeaderProcess leader =
                LeaderProcess.onATerminal(LeaderProcess.leader("idle", 3, TestPool.command("")), Map.of())) {
            leader.awaitReady(2);
            leader.typeControlC();
            // Ended by the leader's SIGTERM: the terminal's SIGINT did not reach them. The terminal echoes what was
            // typed.
            assertThat(leader.rest())
                    .map(line -> line.replace("^C", ""))
                    .contains("rank 1: exit 143 (SIGTERM); SIGTERM sent", "rank 2: exit 143 (SIGTERM); SIGTERM sent");
            leader.awaitNothingLeft(Duration.ofSeconds(5));
        }
    }
}
