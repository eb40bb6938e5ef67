package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged daemon and its workers on a host whose clock is set to another day: no deadline knows of it. */
@Tag("long")
@Timeout(120)
class ClockJumpIT {
    /** Preloaded, it moves what the C library says of the wall clock by the seconds in a file. */
    private static final String MOVED_CLOCK = """
            #define _GNU_SOURCE
            #include <stdio.h>
            #include <stdlib.h>
            #include <sys/syscall.h>
            #include <sys/time.h>
            #include <time.h>
            #include <unistd.h>

            static long moved(void) {
                long seconds = 0;
                FILE *file = fopen(getenv("CLOCK_OFFSET_FILE"), "r");
                if (file) {
                    if (fscanf(file, "%ld", &seconds) != 1) seconds = 0;
                    fclose(file);
                }
                return seconds;
            }

            int clock_gettime(clockid_t clock, struct timespec *now) {
                int code = (int)syscall(SYS_clock_gettime, clock, now);
                if (code == 0 && clock == CLOCK_REALTIME) now->tv_sec += moved();
                return code;
            }

            int gettimeofday(struct timeval *restrict now, void *restrict zone) {
                int code = (int)syscall(SYS_gettimeofday, now, zone);
                if (code == 0) now->tv_sec += moved();
                return code;
            }
            """;

    @TempDir
    Path folder;

    private Path offset;

    private Path movedClock() throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve("clock.c"), MOVED_CLOCK);
        Path library = folder.resolve("clock.so");
        int compiled;
        try {
            compiled = new ProcessBuilder("gcc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString())
                    .start()
                    .waitFor();
        } catch (IOException _) {
            compiled = 1;
        }
        assumeTrue(compiled == 0, "SKIPPED: no gcc with a C library's headers (Debian: apt-get install gcc libc6-dev)");
        return library;
    }

    private void move(Duration by) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), by.toSeconds() + "\n");
        Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Instant lastPong(DaemonProcess neuron) throws IOException, InterruptedException {
        String pool = "/pools/" + neuron.poolId();
        assertThat(neuron.send("POST", pool + "/ping?wait=30s", "").status()).isEqualTo(200);
        return Instant.parse(
                neuron.send("GET", pool, "").json().at("/ranks/1/last_pong").stringValue());
    }

    @Test
    void aClockThatJumpsFailsNoPoolAndNoDeadline() throws Exception {
        Path library = movedClock();
        offset = folder.resolve("offset");
        move(Duration.ZERO);
        Map<String, String> environment =
                Map.of("LD_PRELOAD", library.toString(), "CLOCK_OFFSET_FILE", offset.toString());
        try (DaemonProcess neuron = DaemonProcess.listening(folder, environment)) {
            neuron.pool(List.of());
            for (Duration jump :
                    List.of(Duration.ofDays(-3), Duration.ofDays(400), Duration.ofHours(-1), Duration.ofDays(1))) {
                move(jump);
                // The daemon sees it: else nothing is tested here.
                await().untilAsserted(() -> assertThat(Duration.between(Instant.now(), lastPong(neuron)))
                        .isBetween(jump.minusMinutes(5), jump.plusMinutes(5)));
                assertThat(neuron.send("GET", "/readyz", "").status()).isEqualTo(200);
            }
            aPingThatNobodyAnswersTimesOut(neuron);
            neuron.pool(List.of());
            move(Duration.ofDays(-3));
            neuron.terminate();
            assertThat(neuron.program.exitCode()).as(neuron.program.stderr()).isZero();
        }
    }

    /** While it waits the clock goes back: by that clock there would be days left. */
    private void aPingThatNobodyAnswersTimesOut(DaemonProcess neuron) throws IOException, InterruptedException {
        String pool = "/pools/" + neuron.poolId();
        Signals.send(
                "STOP", neuron.send("GET", pool, "").json().at("/ranks/1/pid").longValue());
        // Without the wait it would be answered only once it has failed.
        assertThat(neuron.send("POST", pool + "/ping?wait=0s", "").status()).isEqualTo(202);
        move(Duration.ofDays(-3));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> neuron.send("GET", pool, "")
                        .json()
                        .at("/state")
                        .stringValue()
                        .equals("failed"));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(neuron.send("GET", pool, "").json().toString())
                                .contains("ping failed on rank 1", "did not answer within 5 s"));
    }
}
