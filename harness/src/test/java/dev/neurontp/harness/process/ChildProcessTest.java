package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChildProcessTest {
    /** As JDK 25 says it, which goes on with advice about itself. */
    @Test
    void whereThereAreNoMoreDescriptorsItSaysWhatToDo() {
        IOException thrown = new IOException(
                "Cannot run program \"x\": Bad file descriptor, error: 24 (Too many open files) \nPossible reasons:\n  - Re-install JDK");
        assertThat(ChildProcess.explained(thrown))
                .message()
                .startsWith("Cannot run program \"x\": Bad file descriptor, error: 24 (Too many open files): ")
                .endsWith("raise its limit (ulimit -n)");
    }

    /** The last descriptors are the pipes, and the JDK's helper finds none for its libraries. */
    @Test
    void whereTheJdksHelperFindsNoDescriptorItSaysWhatToDo() {
        IOException thrown = new IOException(
                "Cannot run program \"x\": Failed to exec spawn helper: pid: 27496, exit code: 127, error: 0 (none) \nPossible");
        assertThat(ChildProcess.explained(thrown)).message().endsWith("raise its limit (ulimit -n)");
        thrown = new IOException("Cannot run program \"x\": Failed to exec spawn helper: pid: 1, signal: 2");
        assertThat(ChildProcess.explained(thrown)).message().endsWith("signal: 2");
    }

    /** As after an update of the JDK under a program that runs. */
    @Test
    void whereTheJdksHelperDoesNotRunTheProgramIsNotBlamed() {
        for (String said : List.of(
                "Failed to exec spawn helper: pid: 430, exit code: 1, error: 0 (none)",
                "posix_spawn failed, error: 13 (Permission denied)",
                "posix_spawn failed, error: 2 (No such file or directory)")) {
            IOException thrown = new IOException("Cannot run program \"x\": " + said + " \nPossible reasons:");
            assertThat(ChildProcess.explained(thrown))
                    .message()
                    .startsWith("Cannot run program \"x\": " + said + ": the program is not at fault, ")
                    .endsWith("start this program again, else install it again");
        }
    }

    @Test
    void whereThereIsNoMemoryForItTheLimitIsNamed() {
        IOException thrown = new IOException(
                "Cannot run program \"x\": posix_spawn failed, error: 12 (Cannot allocate memory) \nPossible reasons:");
        assertThat(ChildProcess.explained(thrown)).message().endsWith("is reached (ulimit -v)");
        thrown = new IOException("Cannot run program \"x\": error=12, Cannot allocate memory");
        assertThat(ChildProcess.explained(thrown)).message().endsWith("is reached (ulimit -v)");
        thrown = new IOException("Cannot run program \"x\": error=2, No such file or directory");
        assertThat(ChildProcess.explained(thrown)).message().endsWith("No such file or directory");
    }

    /** As where the program that starts it has stood still meanwhile, or what came before took all the time. */
    @Test
    void itIsKilledAlsoWhereTheTimeForThatIsOver() throws Exception {
        ChildProcess child = ChildProcess.start(new ProcessBuilder("sleep", "300"));
        child.kill(Deadline.in(Duration.ZERO));
        assertThat(child.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(child.process().exitValue()).isEqualTo(137);
    }

    /** Pids are given out again, and Java waits for none of these. */
    @Test
    void aPidOfWhichJavaNeverSeesTheEndIsNotUsed() throws Exception {
        long last = ChildProcess.start(new ProcessBuilder("true")).process().pid();
        for (int next = 1; next <= 20; next++) {
            UnawaitedChildren.add(last + next);
        }
        ChildProcess child = ChildProcess.start(new ProcessBuilder("sleep", "300"));
        assertThat(UnawaitedChildren.has(child.process().pid())).isFalse();
        assertThat(ProcessTable.read().processes())
                .noneMatch(process ->
                        process.parent() == ProcessHandle.current().pid() && UnawaitedChildren.has(process.pid()));
        assertThat(child.kill(Deadline.in(Duration.ofSeconds(30)))).isTrue();
    }

    @Test
    void theAdviceOfTheJdkIsNotPassedOn() {
        assertThatThrownBy(() -> ChildProcess.start(new ProcessBuilder("/dev/null/there-is-none")))
                .hasMessageContaining("Cannot run program \"/dev/null/there-is-none\"")
                .message()
                .hasLineCount(1);
    }
}
