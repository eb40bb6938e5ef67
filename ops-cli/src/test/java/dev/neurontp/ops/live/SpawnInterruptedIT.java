package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.ops.CommandResult;
import dev.neurontp.testing.ProgramProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ctrl-C before any worker has answered: in a terminal SIGINT reaches whatever is in the foreground, so also what the JDK
 * starts between itself and a worker.
 */
@Timeout(120)
class SpawnInterruptedIT {
    /** Notes that it runs, and then neither reads, answers nor obeys. */
    private static final String DEAF_WORKER = """
            #!/bin/sh
            trap '' HUP INT TERM
            : >"${0%/*}/started.$$"
            exec sleep 300
            """;

    private static final String CTRL_C = "\u0003";

    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    /** The first of 64 to start means that most are still being started; with 2 all of them run and hang. */
    @ParameterizedTest
    @ValueSource(ints = {2, 64})
    void ctrlCLeavesNoWorkerAndSpeaksOfNothingElse(int size) throws IOException, InterruptedException {
        Path worker = site.folder().resolve("worker");
        Files.createFile(worker, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(worker, DEAF_WORKER);
        LiveDaemonFixture.Live bench =
                site.inATerminal("bench", "ping", "--sizes", Integer.toString(size), "--", worker.toString());
        await().atMost(ProgramProcess.LIMIT).until(() -> hasStarted(site.folder()));
        bench.type(CTRL_C);
        CommandResult ran = bench.end();
        assertThat(ran.code()).as(ran.all()).isEqualTo(130);
        assertThat(ran.all()).doesNotContain("ProcessBuilder", "general use", "Exception", "\tat ");
        site.awaitNothingLeft();
    }

    private static boolean hasStarted(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("started."));
        }
    }
}
