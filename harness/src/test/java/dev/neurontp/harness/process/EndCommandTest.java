package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.time.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
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

    /** As a container that somebody has given another name. */
    @Test
    void whatHasAnotherNameIsFoundAndEnded(@TempDir Path folder) throws Exception {
        Path ended = folder.resolve("ended");
        String end = "[ $1 = 0123456789ab ] && echo $1 >" + ended + " || { echo 'No such container'; exit 1; }";
        List<String> words = List.of("sh", "-c", end, "end", "its-name");
        Optional<Pattern> absent = Optional.of(Pattern.compile("No such container"));
        assertThat(new EndCommand(words, true, absent, search("echo 0123456789ab")).run(Deadline.in(LONG)))
                .isTrue();
        assertThat(ended).exists();
        assertThat(new EndCommand(words, true, absent, search(":")).run(Deadline.in(LONG)))
                .as("nor is there one of another name")
                .isTrue();
        for (String no : List.of("exit 1", "exec sleep 300", "echo 'the engine says: wait'")) {
            assertThat(new EndCommand(words, true, absent, search(no)).run(Deadline.in(SHORT)))
                    .as(no)
                    .isFalse();
        }
    }

    /** Podman's way: of something that was about to start that is no yes yet. */
    @Test
    void oneThatNamesNothingHasEndedNothing(@TempDir Path folder) throws Exception {
        Path there = folder.resolve("there");
        Path asked = folder.resolve("asked");
        List<String> words = List.of(
                "sh",
                "-c",
                "if [ -e " + there + " ]; then rm " + there + "; echo its-name; else : >>" + asked + "; fi",
                "end",
                "its-name");
        EndCommand command = new EndCommand(words, true, Optional.empty(), search(":"));
        FutureTask<Boolean> run = new FutureTask<>(() -> command.runForUnheard(Deadline.in(LONG)));
        Thread.ofPlatform().start(run);
        await().until(() -> Files.exists(asked));
        Files.createFile(there);
        assertThat(run.get()).isTrue();
        assertThat(there).doesNotExist();
    }

    private static List<String> search(String script) {
        return List.of("sh", "-c", script);
    }

    private static boolean run(String script, String absent, Duration limit) throws InterruptedException {
        Optional<Pattern> pattern = absent.isEmpty() ? Optional.empty() : Optional.of(Pattern.compile(absent));
        return new EndCommand(List.of("sh", "-c", script), true, pattern).run(Deadline.in(limit));
    }
}
