package dev.neurontp.gpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One run of the packaged {@code bin/neuron}, driven over its pipes. Whatever happens, {@link #close} ends it. */
final class NeuronProcess implements AutoCloseable {
    private static final String END = "(stdout ended)";

    private final Process process;
    private final Path stderr;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private NeuronProcess(Process process, Path stderr) {
        this.process = process;
        this.stderr = stderr;
        Thread reader = new Thread(this::read, "stdout of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static NeuronProcess start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(NcclHost.root().resolve("bin/neuron").toString()));
        command.addAll(List.of(arguments));
        return run(environment, command);
    }

    /** Another program that speaks the same wire. */
    static NeuronProcess run(Map<String, String> environment, List<String> command) throws IOException {
        Path stderr = Files.createTempFile("neuron", ".stderr");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(stderr.toFile());
        builder.environment().putAll(environment);
        return new NeuronProcess(builder.start(), stderr);
    }

    static NeuronProcess worker(Map<String, String> environment, int rank, int worldSize, int device)
            throws IOException {
        return start(
                environment,
                "--worker",
                "--communicator",
                "nccl",
                "--rank=" + rank,
                "--tp-size=" + worldSize,
                "--cuda-device=" + device);
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add(e.toString());
        }
        lines.add(END);
    }

    void write(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("stderr: " + stderr(), e);
        }
    }

    /** The next line of stdout. */
    String line(Duration bound) throws InterruptedException {
        String line = lines.poll(bound.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null || line.equals(END)) {
            throw new AssertionError((line == null ? "no line within " + bound : line) + "; stderr: " + stderr());
        }
        return line;
    }

    /** All further lines, once the program has ended. */
    List<String> rest(Duration bound) throws InterruptedException {
        exitCode(bound);
        List<String> rest = new ArrayList<>();
        for (String line = lines.take(); !line.equals(END); line = lines.take()) {
            rest.add(line);
        }
        return rest;
    }

    void closeStdin() throws IOException {
        process.getOutputStream().close();
    }

    int exitCode(Duration bound) throws InterruptedException {
        if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("it is still there after " + bound + "; stderr: " + stderr());
        }
        return process.exitValue();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    void kill() {
        process.destroyForcibly();
    }

    String stderr() {
        try {
            return Files.readString(stderr);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.delete(stderr);
    }
}
