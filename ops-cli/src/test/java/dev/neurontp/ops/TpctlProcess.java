package dev.neurontp.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The packaged {@code bin/tpctl} or {@code bin/neuron} as a real process. */
public final class TpctlProcess implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> seen = new ArrayList<>();
    private final BufferedReader out;
    private final CompletableFuture<String> err;

    private TpctlProcess(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        this.err = CompletableFuture.supplyAsync(() -> readAll(process));
    }

    /** Starts {@code bin/<program>} with an environment of its own beside ours. */
    public static TpctlProcess start(String program, Map<String, String> environment, String... arguments)
            throws IOException {
        // A build that is started behind an & has SIGINT ignored, and so has what it starts: not so here.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("neurontp.root"), "bin", program).toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new TpctlProcess(process);
    }

    /** Runs a shell script, whose {@code $0} is {@code bin/tpctl}. */
    public static TpctlProcess shell(String script) throws IOException {
        String tpctl =
                Path.of(System.getProperty("neurontp.root"), "bin", "tpctl").toString();
        Process process = new ProcessBuilder("sh", "-c", script, tpctl).start();
        process.getOutputStream().close();
        return new TpctlProcess(process);
    }

    public static TpctlProcess tpctl(String... arguments) throws IOException {
        return start("tpctl", Map.of(), arguments);
    }

    public long pid() {
        return process.pid();
    }

    /** Reads stdout until a line holds {@code text}; fails when the stream ends before. */
    public String awaitLine(String text) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            seen.add(line);
            if (line.contains(text)) {
                return line;
            }
        }
        throw new AssertionError("no line with '" + text + "' in:\n" + String.join("\n", seen) + "\nstderr:\n" + err());
    }

    /** Sends SIGINT, as a terminal's Ctrl-C does. */
    public void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", String.valueOf(pid())).start().waitFor();
    }

    /** Waits for the exit and returns its code. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it still runs after " + LONGEST + "; it said:\n" + String.join("\n", seen));
        }
        return process.exitValue();
    }

    /** All of stdout. */
    public String out() throws IOException {
        out.lines().forEach(seen::add);
        return String.join("\n", seen);
    }

    /** All of stderr, once it has ended. */
    public String err() {
        return err.join();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String readAll(Process process) {
        try {
            return new String(process.getErrorStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
