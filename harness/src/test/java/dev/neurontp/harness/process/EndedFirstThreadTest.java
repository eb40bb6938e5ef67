package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.EndedFirstThread;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A process whose first thread has ended and whose others run on looks like one that has ended. So does one that a driver holds: all its
 * threads obey SIGKILL but the one inside the kernel.
 */
@Timeout(60)
class EndedFirstThreadTest {
    private ChildProcess child;
    private ProcessIdentity identity;

    @BeforeEach
    void start() throws IOException {
        // As a rank: in a session of its own, where the host can do that.
        child = ChildProcess.start(
                new ProcessBuilder(WorkerCommand.of(EndedFirstThread.command()).inOwnSession()));
        identity = ProcessIdentity.ofKnown(child.process().pid());
        EndedFirstThread.awaitIt(child.process().pid());
    }

    @AfterEach
    void end() {
        child.process().destroyForcibly();
    }

    @Test
    void itIsNotGoneBeforeItsLastThreadIs() throws Exception {
        assertThat(identity.alive()).isTrue();
        assertThat(identity.gone()).isFalse();
        assertThat(Remains.of(List.of(identity)).gone(ProcessTable::read)).isFalse();
        assertThat(LiveChildren.any()).isTrue();

        identity.kill();

        assertThat(child.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(identity.gone()).isTrue();
        assertThat(identity.alive()).isFalse();
    }

    @Test
    void itIsFoundByWhatItHasFromWhoStartedIt() throws IOException {
        ProcessTable table = ProcessTable.read();

        assertThat(child.mark().in(table)).extracting(ProcStat::identity).contains(identity);
        assertThat(child.pipeHolders(new ProcessIdentity(0, identity.startTicks(), identity.bootId()), table))
                .extracting(ProcStat::identity)
                .contains(identity);
        assertThat(table.unseen()).isEmpty();
    }

    @Test
    void itIsEndedAsSomethingThatWasLeft() throws Exception {
        LeftBehind left = new LeftBehind();

        left.end(table -> child.mark().in(table));

        await().atMost(Duration.ofSeconds(20)).until(() -> !child.process().isAlive());
        assertThat(left.names()).hasSize(1);
        assertThat(left.stillRunning()).isEmpty();
    }
}
