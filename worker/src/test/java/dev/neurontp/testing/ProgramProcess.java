package dev.neurontp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program as a real process, driven over its pipes: lines in, lines out, its log, its end. Everything that is waited for
 * has a bound, and what fails says what the program logged. stderr goes to a file, so that all that was logged before a
 * line of stdout can be read once that line is there, and a child that lives on holds nothing open.
 */
public final class ProgramProcess implements AutoCloseable {
    /** Far above what any answer takes, for a machine that is busy. */
    public static final Duration LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final OutputStream stdin;
    private final OutputLines stdout;
    private final Path stderr;

    private ProgramProcess(Map<String, String> environment, List<String> command) {
        try {
            stderr = Files.createTempFile("program", ".stderr");
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(stderr.toFile());
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stdin = process.getOutputStream();
        stdout = new OutputLines(process.inputReader(StandardCharsets.UTF_8));
    }

    /** {@code bin/neuron}. */
    public static ProgramProcess neuron(String... arguments) {
        return neuron(Map.of(), arguments);
    }

    /** {@code bin/neuron}, with an environment of its own in addition to ours. */
    public static ProgramProcess neuron(Map<String, String> environment, String... arguments) {
        return command(environment, Programs.concat(List.of(Programs.neuron()), arguments));
    }

    /** {@code bin/neuron} as a rank. */
    public static ProgramProcess worker(
            Map<String, String> environment, String communicator, int rank, int worldSize, int device) {
        return neuron(
                environment,
                "--worker",
                "--communicator=" + communicator,
                "--rank=" + rank,
                "--tp-size=" + worldSize,
                "--cuda-device=" + device);
    }

    /** {@code bin/tpctl}, which can be interrupted and whose stdin is at its end. */
    public static ProgramProcess tpctl(String... arguments) {
        return tpctl(Map.of(), arguments);
    }

    /** {@code bin/tpctl}, with an environment of its own in addition to ours. */
    public static ProgramProcess tpctl(Map<String, String> environment, String... arguments) {
        List<String> command = Programs.interruptible(Programs.concat(List.of(Programs.tpctl()), arguments));
        return command(environment, command).closeStdin();
    }

    /** Any program. */
    public static ProgramProcess command(Map<String, String> environment, List<String> command) {
        return new ProgramProcess(environment, command);
    }

    public Process process() {
        return process;
    }

    public long pid() {
        return process.pid();
    }

    public ProgramProcess send(String... lines) {
        return sendBytes((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public ProgramProcess sendBytes(byte[] bytes) {
        try {
            stdin.write(bytes);
            stdin.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("stderr: " + stderr(), e);
        }
    }

    public ProgramProcess closeStdin() {
        try {
            stdin.close();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line of stdout. */
    public String line() {
        return line(LIMIT);
    }

    /** The next line of stdout, within {@code limit}. */
    public String line(Duration limit) {
        String line = stdout.next(limit);
        if (line == null) {
            throw new AssertionError("stdout ended or gave no line within " + limit + "; stdout: " + stdout.seen()
                    + "; stderr: " + stderr());
        }
        return line;
    }

    /** Sends a line and returns the next one of stdout. */
    public String ask(String line) {
        return send(line).line();
    }

    /** Reads stdout up to a line that holds {@code text}, and returns that line. */
    public String awaitLine(String text) {
        String line = line();
        while (!line.contains(text)) {
            line = line();
        }
        return line;
    }

    /** Asserts that nothing more comes on stdout. */
    public void expectEndOfStdout() {
        assertThat(stdout.next(LIMIT)).as("a line where stdout should end").isNull();
        assertThat(stdout.ended()).as("stdout ended within " + LIMIT).isTrue();
    }

    /** The further lines of stdout to its end, which must come within {@code limit}. */
    public List<String> rest(Duration limit) {
        exitCode(limit);
        List<String> rest = new ArrayList<>();
        for (String line = stdout.next(LIMIT); line != null; line = stdout.next(LIMIT)) {
            rest.add(line);
        }
        assertThat(stdout.ended()).as("stdout ended within " + LIMIT).isTrue();
        return rest;
    }

    /** All of stdout, those lines too that were read before; once the program has ended. */
    public List<String> stdout() {
        rest(LIMIT);
        return stdout.seen();
    }

    /** Waits for {@code text} on stderr. */
    public void awaitLog(String text) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> {
            boolean alive = process.isAlive();
            String log = stderr();
            if (!alive && !log.contains(text)) {
                throw new AssertionError("it ended without '" + text + "' in its log: " + log);
            }
            return log.contains(text);
        });
    }

    /** What has been written to stderr until now. */
    public String stderr() {
        try {
            return Files.readString(stderr);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal such as TERM and leaves the pipes open, which {@link Process#destroy} does not. */
    public void signal(String name) {
        Signals.send(name, process.pid());
    }

    public int exitCode() {
        return exitCode(LIMIT);
    }

    /** The exit code of a program that ends within {@code limit}. */
    public int exitCode(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(
                        "it still runs after " + limit + "; stdout: " + stdout.seen() + "; stderr: " + stderr());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Kills what still runs, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        exitCode();
        try {
            Files.delete(stderr);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
