package dev.neurontp.harness.daemon.device;

import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of a program that may hang: in the kernel, with its children, or on a pipe that a child keeps open. One thread
 * uses it.
 */
final class BoundedCommand {
    private static final Duration AFTER_KILL = Duration.ofMillis(500);

    private final Duration limit;
    private Process stuck;
    private List<StreamDrain> stuckReaders = List.of();

    BoundedCommand(Duration limit) {
        this.limit = limit;
    }

    /**
     * What the program printed on stdout.
     *
     * @throws IOException when it cannot be started, fails or does not end in time; the message says which, and what the
     *     program itself said
     */
    String run(List<String> command) throws IOException, InterruptedException {
        String program = command.getFirst();
        if (stuck != null && (stuck.isAlive() || stuckReaders.stream().anyMatch(StreamDrain::isOpen))) {
            throw new IOException(program + " (pid " + stuck.pid() + ") still hangs from an earlier poll");
        }
        stuck = null;
        Process process = ChildProcess.start(new ProcessBuilder(command)).process();
        StreamDrain output;
        StreamDrain errors;
        try {
            process.getOutputStream().close();
            output = new StreamDrain(process.getInputStream());
            errors = new StreamDrain(process.getErrorStream());
        } catch (IOException e) {
            end(process, List.of());
            throw e;
        }
        Deadline deadline = Deadline.in(limit);
        boolean ended = process.waitFor(deadline.remainingNanos(), TimeUnit.NANOSECONDS)
                && output.join(Duration.ofNanos(deadline.remainingNanos() + 1))
                && errors.join(Duration.ofNanos(deadline.remainingNanos() + 1));
        if (!ended) {
            end(process, List.of(output, errors));
            throw new IOException(program + " did not end within " + Durations.format(limit));
        }
        if (process.exitValue() != 0) {
            // nvidia-smi says on stdout why it fails, the loader of its libraries on stderr.
            throw new IOException(program + " failed with exit code " + process.exitValue()
                    + output.quoted()
                            .or(errors::quoted)
                            .map(words -> ": " + words)
                            .orElse(" and no message"));
        }
        return output.text();
    }

    private void end(Process process, List<StreamDrain> readers) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor(AFTER_KILL.toNanos(), TimeUnit.NANOSECONDS);
        for (StreamDrain reader : readers) {
            reader.join(AFTER_KILL);
        }
        stuck = process;
        stuckReaders = readers;
    }
}
