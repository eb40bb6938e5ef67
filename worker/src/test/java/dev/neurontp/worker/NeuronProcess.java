package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real {@code bin/neuron}, its lines and its end. Everything that is waited for has a bound. */
public final class NeuronProcess implements AutoCloseable {
    /** Far above what any answer takes, for a machine that is busy. */
    public static final int WAIT_SECONDS = 30;

    private static final String END = "(end of stream)";

    private final Process process;
    private final OutputStream stdin;
    private final BlockingQueue<String> replies;
    private final BlockingQueue<String> log;

    private NeuronProcess(ProcessBuilder builder) {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stdin = process.getOutputStream();
        replies = lines(process.inputReader(StandardCharsets.UTF_8));
        log = lines(process.errorReader(StandardCharsets.UTF_8));
    }

    public static Path program() {
        return Path.of(System.getProperty("neurontp.root"), "bin", "neuron");
    }

    /** A worker of the loopback communicator. */
    public static NeuronProcess loopback(int rank, int worldSize, Map<String, String> environment) {
        return start(
                environment,
                "--worker",
                "--communicator=loopback",
                "--rank=" + rank,
                "--tp-size=" + worldSize,
                "--cuda-device=0");
    }

    public static NeuronProcess start(String... arguments) {
        return start(Map.of(), arguments);
    }

    public static NeuronProcess start(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(Arrays.asList(arguments));
        return command(environment, command);
    }

    public static NeuronProcess command(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return new NeuronProcess(builder);
    }

    private static BlockingQueue<String> lines(BufferedReader reader) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> {
            try (reader) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                lines.add("(" + e.getMessage() + ")");
            }
            lines.add(END);
        });
        return lines;
    }

    public Process process() {
        return process;
    }

    public NeuronProcess send(String... lines) {
        return sendBytes((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public NeuronProcess sendBytes(byte[] bytes) {
        try {
            stdin.write(bytes);
            stdin.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void closeStdin() {
        try {
            stdin.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String reply() {
        return next(replies);
    }

    public String ask(String line) {
        return send(line).reply();
    }

    /** Asserts that nothing more comes on stdout. */
    public void expectEndOfReplies() {
        assertThat(reply()).isEqualTo(END);
    }

    /** Waits for a line on stderr that holds {@code text}. */
    public void awaitLog(String text) {
        String line;
        do {
            line = next(log);
            assertThat(line).as("a line with '%s' before the end", text).isNotEqualTo(END);
        } while (!line.contains(text));
    }

    /** The rest of stderr, once the process has ended. */
    public String stderr() {
        StringBuilder text = new StringBuilder();
        for (String line = next(log); !line.equals(END); line = next(log)) {
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private String next(BlockingQueue<String> lines) {
        try {
            String line = lines.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            assertThat(line).as("a line within %s s", WAIT_SECONDS).isNotNull();
            return line;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Sends a signal and keeps the streams open, which {@link Process#destroyForcibly} does not. */
    public void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            assertThat(kill.waitFor()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public int exitCode() {
        return exitCode(WAIT_SECONDS);
    }

    public int exitCode(int withinSeconds) {
        try {
            assertThat(process.waitFor(withinSeconds, TimeUnit.SECONDS))
                    .as("ends within %s s", withinSeconds)
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
