package dev.neurontp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** How a test sends a signal to a process, whosever it is. */
public final class Signals {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Signals() {}

    /**
     * Sends a signal such as TERM. After a STOP it waits until every thread of the process stands still: the kernel stops
     * them one by one, and one that still runs may answer.
     */
    public static void send(String name, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(kill.waitFor()).as(output).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (name.equals("STOP")) {
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> isStopped(pid));
        }
    }

    /** Whether every thread of the process is in the state T of {@code /proc/PID/task/TID/stat}. */
    static boolean isStopped(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException _) {
            // A thread that ended while this looked: it did not stand still.
            return false;
        }
    }
}
