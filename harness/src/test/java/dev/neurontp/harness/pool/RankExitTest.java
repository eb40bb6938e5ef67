package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.process.Remains;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RankExitTest {
    @Test
    void everyEndIsDescribed() {
        assertThat(end(true, 0, false, "shutdown").describe()).isEqualTo("bye, exit 0");
        assertThat(end(false, 3, false).describe()).isEqualTo("exit 3");
        assertThat(end(false, 137, false).describe()).isEqualTo("exit 137 (SIGKILL)");
        assertThat(end(false, 137, true).describe()).isEqualTo("killed by the kernel: out of memory");
        assertThat(end(false, 139, false).describe()).isEqualTo("exit 139 (SIGSEGV)");
        assertThat(end(false, 152, false).describe())
                .isEqualTo("exit 152 (SIGXCPU: its limit on CPU time is used up, raise it with ulimit -t)");
        assertThat(end(false, 153, false).describe())
                .isEqualTo("exit 153 (SIGXFSZ: its limit on the size of files is reached, raise it with ulimit -f)");
        assertThat(end(false, -1, false, "SIGTERM", "SIGKILL").describe())
                .isEqualTo("still running after SIGKILL; SIGTERM was not obeyed, SIGKILL sent");
    }

    @Test
    void cleanMeansByeAndNothingForced() {
        assertThat(end(true, 0, false, "shutdown").clean()).isTrue();
        assertThat(end(false, 0, false, "shutdown").clean()).isFalse();
        assertThat(end(true, 1, false, "shutdown").clean()).isFalse();
        assertThat(end(true, 0, false, "shutdown", "SIGTERM").clean()).isFalse();
    }

    @Test
    void aRankThatIsLostIsNeverClean() {
        RankExit lost = lost(true, 0, "nobody knows", false, "shutdown");
        assertThat(lost.isLost()).isTrue();
        assertThat(lost.gone()).isFalse();
        assertThat(lost.clean()).isFalse();
        assertThat(lost.describe()).isEqualTo("bye, exit 0; lost: nobody knows");
    }

    @Test
    void onAnotherHostTheAgentsWordsCountAndTheLaunchersAreApart() {
        assertThat(elsewhere(OptionalInt.of(0), "nothing was heard on stdin for 1 s", true)
                        .describe())
                .isEqualTo("exit 0; its agent has ended it: nothing was heard on stdin for 1 s");
        assertThat(elsewhere(OptionalInt.of(0), "stdin ended", true, RankExit.STDIN_CLOSED)
                        .describe())
                .isEqualTo("exit 0; its stdin was closed");
        assertThat(elsewhere(OptionalInt.empty(), "", true).describe())
                .isEqualTo("its launcher: exit 255; nothing was started there: its agent was never heard");
        assertThat(elsewhere(OptionalInt.empty(), "", false, RankExit.STDIN_CLOSED, RankExit.SIGTERM)
                        .describe())
                .isEqualTo("its launcher: exit 255; its stdin was closed; lost: nobody knows");
    }

    @Test
    void aLauncherThatStaysWhenItsAgentHasLeftIsTold() {
        assertThat(elsewhere(OptionalInt.of(0), "", true, RankExit.SHUTDOWN, RankExit.STDIN_CLOSED, RankExit.SIGTERM)
                        .describe())
                .isEqualTo("exit 0; its stdin was closed; its launcher was still there, SIGTERM sent");
        assertThat(elsewhere(OptionalInt.of(0), "", true, RankExit.STDIN_CLOSED, RankExit.SIGTERM, RankExit.SIGKILL)
                        .describe())
                .endsWith("its launcher was still there, SIGKILL sent");
    }

    private static RankExit elsewhere(OptionalInt exit, String reason, boolean gone, String... steps) {
        return new RankExit(
                1,
                9,
                false,
                false,
                "",
                exit,
                gone,
                gone ? "" : "nobody knows",
                List.of(steps),
                false,
                List.of(),
                0,
                Duration.ZERO,
                Remains.NONE,
                Optional.of(new RankExit.Elsewhere(
                        "far", OptionalInt.of(255), reason, Optional.empty(), Optional.empty())));
    }

    private static RankExit end(boolean bye, int exitCode, boolean outOfMemory, String... steps) {
        return lost(bye, exitCode, "", outOfMemory, steps);
    }

    private static RankExit lost(boolean bye, int exitCode, String lost, boolean outOfMemory, String... steps) {
        return new RankExit(
                1,
                9,
                false,
                bye,
                exitCode < 0 ? OptionalInt.empty() : OptionalInt.of(exitCode),
                exitCode >= 0 && lost.isEmpty(),
                lost,
                List.of(steps),
                outOfMemory,
                List.of(),
                0,
                Duration.ZERO);
    }
}
