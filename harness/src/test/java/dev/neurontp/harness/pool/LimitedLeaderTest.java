package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Processes;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.Signals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A leader that cannot see or hear its ranks for a time says nothing of them that it does not know. */
@Timeout(120)
class LimitedLeaderTest {
    /** Nothing in /proc can be read then. */
    @Test
    void withoutAFreeDescriptorALiveRankHasNotEndedAndWhatOneLeftIsNotKnown() throws Exception {
        try (LeaderProcess leader =
                LeaderProcess.start(LeaderProcess.leader("used", 3, TestPool.command("")), Map.of())) {
            leader.awaitReady(2);
            assumeTrue(
                    Programs.runs(List.of("prlimit", "--pid=" + leader.pid(), "--nofile=3:")),
                    "SKIPPED: there is no prlimit");
            leader.processes("--rank 1 ").forEach(Processes.Running::kill);
            List<String> said = new ArrayList<>();
            while (said.stream().filter(line -> line.matches("rank [12]: .*")).count() < 2) {
                said.add(leader.line());
            }
            assertThat(said).contains("rank 1 failed: its process ended");
            assertThat(said).noneMatch(line -> line.startsWith("rank 2 failed"));
            assertThat(said)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("rank 1: exit 137 (SIGKILL)")
                            .contains("; lost: whether it left something behind could not be seen: /proc"));
            // No signal reaches it either, and it has the end of its stdin to go by alone: it may have gone when it is
            // looked at last.
            assertThat(said)
                    .anySatisfy(
                            line -> assertThat(line)
                                    .startsWith("rank 2: ")
                                    .doesNotContain("SIG", "kernel")
                                    .containsPattern(
                                            "; lost: (no signal could be sent to it|whether it left something behind could not be seen): /proc"));
        }
    }

    /** It was asked to leave, and was about to. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRankThatLeavesIsNotEndedForTheTimeInWhichItsLeaderStoodStill(boolean meanwhile, @TempDir Path folder)
            throws Exception {
        Path leave = folder.resolve("leave");
        List<String> command = LeaderProcess.leader("shutdown", 2, TestPool.command("leaves-when-told@1#2"));
        try (LeaderProcess leader = LeaderProcess.start(command, Map.of("LEAVE", leave.toString()))) {
            assertThat(leader.line()).isEqualTo("ready");
            await().until(() -> Files.exists(folder.resolve("leave.asked")));
            Signals.send("STOP", leader.pid());
            if (meanwhile) {
                Files.createFile(leave);
            }
            await().pollDelay(PoolLeader.END.multipliedBy(2)).until(() -> true);
            Signals.send("CONT", leader.pid());
            if (!meanwhile) {
                // Here the leader has time to end it.
                await().pollDelay(Duration.ofMillis(500)).until(() -> true);
                Files.createFile(leave);
            }
            assertThat(leader.line()).isIn("rank 0: left its communicator", "rank 1: bye, exit 0");
            assertThat(leader.line()).isIn("rank 0: left its communicator", "rank 1: bye, exit 0");
        }
    }

    /** It reports as the others did: its leader stood still for the rest of the time in which it waits for that. */
    @Tag("long")
    @Test
    void aRankThatReportsAfterItsLeaderStoodStillIsNotTheOneThatTheOthersWaitedFor(@TempDir Path folder)
            throws Exception {
        Path leave = folder.resolve("leave");
        List<String> command =
                LeaderProcess.leader("spawned-init", 3, TestPool.command("waited@0#2,waited@1#2,waited-when-told@2#2"));
        try (LeaderProcess leader = LeaderProcess.start(command, Map.of("LEAVE", leave.toString()))) {
            assertThat(leader.line()).isEqualTo("ready");
            assertThat(leader.line()).contains("failed: it answered", "timed out waiting for the other ranks");
            assertThat(leader.line()).contains("failed: it answered", "timed out waiting for the other ranks");
            await().until(() -> Files.exists(folder.resolve("leave.asked")));
            Signals.send("STOP", leader.pid());
            await().atMost(Duration.ofSeconds(30))
                    .pollDelay(Duration.ofSeconds(11))
                    .until(() -> true);
            Signals.send("CONT", leader.pid());
            // Here the leader has time to blame it.
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            Files.createFile(leave);
            assertThat(leader.line())
                    .startsWith("rank 2 failed: it answered")
                    .contains("timed out waiting for the other ranks");
        }
    }

    /** As in a container that is paused, and on a laptop whose lid is closed: the time in which nobody ran is nobody's fault. */
    @Tag("long")
    @Test
    void aRankIsNotBlamedForTheTimeInWhichItsLeaderStoodStill() throws Exception {
        try (LeaderProcess leader =
                LeaderProcess.start(LeaderProcess.leader("ping", 3, TestPool.command("late@1#2")), Map.of())) {
            assertThat(leader.line()).isEqualTo("ready");
            await().until(() -> !leader.processes("sleep 0.7").isEmpty());
            long late = leader.processes("--rank 1 ").getFirst().pid();
            Signals.send("STOP", leader.pid());
            Signals.send("STOP", late);
            await().pollDelay(PoolLeader.PING.plusSeconds(1))
                    .until(() -> leader.processes("sleep 0.7").isEmpty());
            Signals.send("CONT", leader.pid());
            // Whoever goes on first: here the leader has time to blame it.
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            Signals.send("CONT", late);
            assertThat(leader.line()).isEqualTo("pinged");
        }
    }
}
