package dev.neurontp.harness.daemon.device;

import dev.neurontp.harness.daemon.settings.DurationText;
import dev.neurontp.harness.pool.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of a program that may hang: in the kernel, with its children, or on a pipe that a child keeps open. One thread
 * uses it.
 */
final class BoundedRun {
    private static final int MOST_BYTES = 1 << 20;
    private static final Duration AFTER_KILL = Duration.ofMillis(500);

    private final Duration limit;
    private Process stuck;
    private Thread stuckReader;

    BoundedRun(Duration limit) {
        this.limit = limit;
    }

    /**
     * What the program printed on stdout.
     *
     * @throws IOException when it cannot be started, fails or does not end in time; the message says which
     */
    String run(List<String> command) throws IOException, InterruptedException {
        if (stuck != null && (stuck.isAlive() || stuckReader.isAlive())) {
            throw new IOException(command.getFirst() + " (pid " + stuck.pid() + ") still hangs from an earlier poll");
        }
        stuck = null;
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        Thread reader = Thread.ofPlatform().daemon().name("nvidia-smi").start(() -> copy(process, output));
        Deadline deadline = Deadline.in(limit);
        boolean ended = process.waitFor(deadline.remainingNanos(), TimeUnit.NANOSECONDS)
                && reader.join(Duration.ofNanos(deadline.remainingNanos() + 1));
        if (!ended) {
            end(process, reader);
            throw new IOException(command.getFirst() + " did not end within " + DurationText.of(limit));
        }
        if (process.exitValue() != 0) {
            throw new IOException(command.getFirst() + " failed with exit code " + process.exitValue());
        }
        return output.toString(StandardCharsets.UTF_8);
    }

    private void end(Process process, Thread reader) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor(AFTER_KILL.toNanos(), TimeUnit.NANOSECONDS);
        reader.join(AFTER_KILL);
        stuck = process;
        stuckReader = reader;
    }

    private static void copy(Process process, ByteArrayOutputStream output) {
        try (InputStream in = process.getInputStream()) {
            output.write(in.readNBytes(MOST_BYTES));
            in.skip(Long.MAX_VALUE);
        } catch (IOException e) {
            // It was ended because it hung: who waits for the output says so.
            output.reset();
        }
    }
}
