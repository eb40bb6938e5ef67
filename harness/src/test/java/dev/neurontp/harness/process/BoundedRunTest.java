package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.testing.Together;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a program, and known of it, when its time is over. */
class BoundedRunTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(700);
    private static final int MOST = 1000;

    @TempDir
    Path folder;

    @Test
    void oneThatEndsHasItsCodeAndItsWords() throws Exception {
        BoundedRun run = run("echo out; echo err >&2; exit 7", Optional.empty(), LONG);
        assertThat(run.exitCode()).hasValue(7);
        assertThat(run.complete()).isTrue();
        assertThat(run.hangs()).isFalse();
        assertThat(List.of(run.stdout(), run.stderr())).containsExactly("out\n", "err\n");
    }

    /** As a look at the hosts of a cluster does, each by the same program. */
    @Test
    void manyAtOnceAllRun() throws Exception {
        Together.run(
                60,
                () -> assertThat(run("exit 7", Optional.empty(), LONG).exitCode())
                        .hasValue(7));
    }

    @Test
    void itsStdinIsAtItsEndOrHasOneLineAndStaysOpen() throws Exception {
        assertThat(run("cat; echo end", Optional.empty(), LONG).stdout()).isEqualTo("end\n");
        BoundedRun open = run("read -r one; echo $one; exec cat", Optional.of("a line"), SHORT);
        assertThat(open.stdout()).isEqualTo("a line\n");
        assertThat(open.exitCode()).as("cat has seen no end of stdin").isEmpty();
    }

    @Test
    void oneThatHangsGoesWithWhatItHasStarted() throws Exception {
        Path started = folder.resolve("pid");
        BoundedRun run = run("echo first; sleep 300 & echo $! >" + started + "; wait", Optional.empty(), SHORT);
        assertThat(run.exitCode()).isEmpty();
        assertThat(run.complete()).isFalse();
        assertThat(run.stdout()).as("what it has said before stays").isEqualTo("first\n");
        long pid = Long.parseLong(Files.readString(started).strip());
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        await().until(() -> !run.hangs());
    }

    /** As a program does that daemonises: with its streams or without, in its session or in one of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"sleep 300", "setsid sleep 300", "setsid sleep 300 </dev/null >/dev/null 2>&1"})
    void whatItLeavesHoldsNobodyAndGoesWithIt(String left) throws Exception {
        Path started = folder.resolve("pid");
        BoundedRun run = run(left + " & echo $! >" + started + "; echo yes", Optional.empty(), LONG);
        long pid = Long.parseLong(Files.readString(started).strip());
        assertThat(run.exitCode()).hasValue(0);
        assertThat(run.stdout()).isEqualTo("yes\n");
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        await().until(() -> !run.hangs());
    }

    @Test
    void whatItPrintsIsBounded() throws Exception {
        BoundedRun endless = run("exec yes", Optional.empty(), SHORT);
        assertThat(endless.exitCode()).isEmpty();
        assertThat(endless.stdout()).hasSize(MOST);
        assertThat(endless.stdoutWithItsEnd()).hasSizeLessThanOrEqualTo(3 * MOST + 1);
        BoundedRun much = run("head -c 1000000 /dev/zero; exit 3", Optional.empty(), LONG);
        assertThat(much.exitCode()).as("nobody stops it from writing").hasValue(3);
        assertThat(much.stdout()).hasSize(MOST);
    }

    @Test
    void whatItPrintsLastIsKeptTooWhateverComesBefore() throws Exception {
        for (int bytes : new int[] {0, MOST, MOST + 1, 3 * MOST, 1_000_000}) {
            BoundedRun run = run("head -c " + bytes + " /dev/zero | tr '\\0' x; echo last", Optional.empty(), LONG);
            assertThat(run.stdoutWithItsEnd()).as(bytes + " bytes before").endsWith("last\n");
            assertThat(run.stdoutWithItsEnd().length()).isLessThanOrEqualTo(3 * MOST + 1);
        }
        BoundedRun whole = run("seq 500", Optional.empty(), LONG);
        assertThat(whole.stdoutWithItsEnd().lines())
                .as("no line is broken where nothing is gone")
                .hasSize(500);
    }

    @Test
    void oneThatIsNotThereIsAnError() {
        assertThatThrownBy(() -> BoundedRun.of(
                        new ProcessBuilder("/no/such/program"), Optional.empty(), MOST, Deadline.in(LONG)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/no/such/program");
    }

    private static BoundedRun run(String script, Optional<String> line, Duration limit) throws Exception {
        return BoundedRun.of(new ProcessBuilder("sh", "-c", script), line, MOST, Deadline.in(limit));
    }
}
