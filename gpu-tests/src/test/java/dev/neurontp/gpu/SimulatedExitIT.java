package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library whose exit handler waits for ever, as a driver's may for a kernel that never ends, keeps no rank alive. */
@Tag("sim")
@Requires.SimulatedLibraries
@Tag("long")
class SimulatedExitIT {
    private static final Duration EXIT = Duration.ofSeconds(15);
    private static final int SIGALRM = 14;
    private static final String SOURCE = """
            #include <fcntl.h>
            #include <string.h>
            #include <unistd.h>
            __attribute__((destructor)) static void wait_for_ever(void) {
                char name[16] = "";
                int fd = open("/proc/self/comm", O_RDONLY);
                if (fd >= 0 && read(fd, name, sizeof name - 1) > 0 && strncmp(name, "neuron rank ", 12) == 0)
                    for (;;) pause();
            }
            """;

    @TempDir
    Path folder;

    private Path library;

    @BeforeEach
    void theLibraryIsBuilt() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "SKIPPED: there is no gcc");
        library = folder.resolve("libwait.so");
        Process gcc = new ProcessBuilder("/usr/bin/gcc", "-shared", "-fPIC", "-xc", "-", "-o", library.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedWriter source = gcc.outputWriter()) {
            source.write(SOURCE);
        }
        assertThat(gcc.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(gcc.exitValue()).isZero();
    }

    private NcclGroup stuckInAnAbort() throws IOException, InterruptedException {
        NcclGroup group = NcclGroup.of(Simulation.HOST, 2)
                .with("LD_PRELOAD", library.toString())
                .with("NEURONTP_SIM_FAULT", "hang@abort")
                .with("NEURON_NCCL_ABORT_TIMEOUT", "1")
                .initTimeout(2)
                .start(1);
        assertThat(group.init()).singleElement().asString().contains("ncclCommAbort does not return");
        return group;
    }

    @Test
    void theEndOfInputEndsTheRank() throws IOException, InterruptedException {
        try (NcclGroup group = stuckInAnAbort()) {
            assertThat(group.end(EXIT)).containsExactly(0);
        }
    }

    @Test
    void aSignalEndsTheRank() throws IOException, InterruptedException {
        try (NcclGroup group = stuckInAnAbort()) {
            group.rank(0).signal("TERM");

            assertThat(group.rank(0).exitCode(EXIT)).isEqualTo(128 + SIGALRM);
        }
    }

    @Test
    void aSignalEndsARankThatIsWellAndWaitsForTheOthers() throws IOException, InterruptedException {
        try (NcclGroup group = NcclGroup.of(Simulation.HOST, 2)
                .with("LD_PRELOAD", library.toString())
                .with("NCCL_DEBUG", "INFO")
                .start(1)) {
            group.ping();
            group.beginInit();
            group.rank(0).awaitLog("Init START");
            group.rank(0).signal("TERM");

            assertThat(group.rank(0).exitCode(EXIT)).isEqualTo(128 + SIGALRM);
        }
    }

    @Test
    void aRankInsideOfAHangingInitEndsWithItsLeader() throws IOException, InterruptedException {
        try (NcclGroup group = NcclGroup.of(Simulation.HOST, 2)
                .with("LD_PRELOAD", library.toString())
                .with("NEURONTP_SIM_FAULT", "hang@abort")
                .start(1)) {
            group.ping();
            group.beginInit();

            assertThat(group.end(EXIT)).containsExactly(0);
        }
    }
}
