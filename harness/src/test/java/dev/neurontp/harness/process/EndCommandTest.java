package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.time.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command's end says of what it was to end. */
class EndCommandTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(700);

    @Test
    void exitZeroIsAYesAndAnyOtherIsNone() throws Exception {
        assertThat(run("exit 0", "", LONG)).isTrue();
        assertThat(run("exit 1", "", SHORT)).isFalse();
    }

    @Test
    void whatIsNotThereAnyMoreIsAYes() throws Exception {
        assertThat(run("echo 'Error: No such container: x' >&2; exit 1", "No such container", LONG))
                .isTrue();
        assertThat(run("echo 'Cannot connect to the Docker daemon' >&2; exit 1", "No such container", SHORT))
                .as("who cannot be asked says nothing of it")
                .isFalse();
    }

    @Test
    void itIsAskedAgainUntilItsTimeIsOver(@TempDir Path folder) throws Exception {
        assertThat(run(
                        "[ -e " + folder.resolve("asked") + " ] || { >" + folder.resolve("asked") + "; exit 1; }",
                        "",
                        LONG))
                .isTrue();
    }

    @Test
    void oneThatHangsOrIsNotThereIsNoYes() throws Exception {
        assertThat(run("exec sleep 300", "", SHORT)).isFalse();
        assertThat(new EndCommand(List.of("/no/such/program"), true, Optional.empty()).run(Deadline.in(SHORT)))
                .isFalse();
    }

    @Test
    void whatItHasStartedGoesWithOneThatHangs(@TempDir Path folder) throws Exception {
        Path started = folder.resolve("pid");
        assertThat(run("sleep 300 & echo $! >" + started + "; wait", "", SHORT)).isFalse();
        long pid = Long.parseLong(Files.readString(started).strip());
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    private static boolean run(String script, String absent, Duration limit) throws InterruptedException {
        Optional<Pattern> pattern = absent.isEmpty() ? Optional.empty() : Optional.of(Pattern.compile(absent));
        return new EndCommand(List.of("sh", "-c", script), true, pattern).run(Deadline.in(limit));
    }
}
