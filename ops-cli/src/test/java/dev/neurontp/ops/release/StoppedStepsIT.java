package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A script in the middle of a long step that is signalled, it alone, ends at once, with the step and what that has started. */
@Timeout(120)
class StoppedStepsIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** It says that it runs, and waits with a child. */
    private static final String STEP = "#!/bin/sh\nsleep 300 & echo $! >\"$STEP_CHILD\"\nsleep 301\n";

    @TempDir
    private Path folder;

    private Path file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    /** A checkout with the scripts of this one, that Maven's wrapper builds for long. */
    private Path checkout() throws IOException {
        for (String part : List.of("bin", "packaging")) {
            try (Stream<Path> all = Files.walk(Programs.root().resolve(part))) {
                for (Path one : all.filter(Files::isRegularFile).toList()) {
                    file("tree/" + Programs.root().relativize(one), Files.readString(one));
                }
            }
        }
        file("tree/pom.xml", "<version>1</version>\n");
        return file("tree/mvnw", STEP).getParent();
    }

    @ParameterizedTest
    @CsvSource({"HUP, 129", "INT, 130", "PIPE, 141", "TERM, 143"})
    void packageEndsWithTheBuildOfItsParts(String signal, int code) throws Exception {
        Path tree = checkout();
        file("tree/ops-cli/target/app/lib/neurontp-ops-cli-1.jar", "");
        Path out = Files.createDirectory(folder.resolve("out"));
        endsWithItsStep(signal, code, tree.resolve("bin/package").toString(), out.toString());
        assertThat(out).isEmptyDirectory();
    }

    /** What a person calls first in a new clone. */
    @ParameterizedTest
    @CsvSource({"HUP, 129", "INT, 130", "PIPE, 141", "TERM, 143"})
    void aLauncherEndsWithTheFirstBuild(String signal, int code) throws Exception {
        endsWithItsStep(signal, code, checkout().resolve("bin/tpctl").toString(), "ls");
    }

    @ParameterizedTest
    @CsvSource({"HUP, 129", "TERM, 143"})
    void makeDebEndsWithTar(String signal, int code) throws Exception {
        file("path/tar", STEP);
        Path archive = file("made.tar.gz", "");
        Path out = Files.createDirectory(folder.resolve("out"));
        Path script = checkout().resolve("packaging/make-deb");
        endsWithItsStep(signal, code, script.toString(), archive.toString(), out.toString());
        assertThat(out).isEmptyDirectory();
    }

    private void endsWithItsStep(String signal, int code, String... command) throws IOException {
        Path child = folder.resolve("child");
        Map<String, String> environment = Map.of(
                "STEP_CHILD", child.toString(),
                "PATH", folder.resolve("path") + ":/usr/bin:/bin",
                "JAVA_HOME", System.getProperty("java.home"));
        try (ProgramProcess script = ProgramProcess.command(environment, Programs.interruptible(List.of(command)))
                .closeStdin()) {
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(child).as(script.stderr()).content().endsWith("\n"));
            ProcessHandle step = ProcessHandle.of(
                            Long.parseLong(Files.readString(child).strip()))
                    .orElseThrow();
            script.signal(signal);
            assertThat(script.exitCode(SOON)).as(script.stderr()).isEqualTo(code);
            await().atMost(SOON).untilAsserted(() -> assertThat(step.isAlive()).isFalse());
        }
    }
}
