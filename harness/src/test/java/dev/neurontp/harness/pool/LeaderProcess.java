package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Processes;
import dev.neurontp.testing.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A {@link PoolLeader} in a process of its own, on a terminal of its own if wanted; it and its workers carry a mark. */
final class LeaderProcess implements AutoCloseable {
    private static final String MARK_NAME = "NEURONTP_TEST_MARK";

    private static final Duration LINE = Duration.ofSeconds(40);

    private final String mark = MARK_NAME + "=" + UUID.randomUUID();
    private final Process process;
    private final BufferedReader out;

    private LeaderProcess(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.environment().put(MARK_NAME, mark.substring(MARK_NAME.length() + 1));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        process = builder.start();
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    static LeaderProcess start(List<String> leader, Map<String, String> environment) throws IOException {
        return new LeaderProcess(leader, environment);
    }

    /** With SIGINT as a terminal's programs have it, which a build that is started behind an & has not. */
    static LeaderProcess onATerminal(List<String> leader, Map<String, String> environment) throws IOException {
        String quoted = leader.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" ", "exec env --default-signal=INT ", ""));
        return new LeaderProcess(List.of("script", "-qec", quoted, "/dev/null"), environment);
    }

    /** The command line of a leader. */
    static List<String> leader(String mode, int worldSize, List<String> worker) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> words = new ArrayList<>(
                Programs.java("-cp", classPath, PoolLeader.class.getName(), mode, Integer.toString(worldSize)));
        words.addAll(worker);
        return words;
    }

    /** Waits until the pool lives, or sits in its init. */
    void awaitReady(int workers) throws IOException {
        String line = out.readLine();
        while (line != null && !line.strip().equals("ready")) {
            line = out.readLine();
        }
        assertThat(line).as("the leader is ready").isNotNull();
        assertThat(Processes.with(mark).stream()
                        .filter(process -> process.commandLine().contains("--worker")
                                || process.commandLine().startsWith("neuron: rank "))
                        .count())
                .isEqualTo(workers);
    }

    long pid() {
        return process.pid();
    }

    /** Those of its processes, and of its workers', whose command line has these words. */
    List<Processes.Running> processes(String words) {
        return Processes.with(mark).stream()
                .filter(process -> process.commandLine().contains(words))
                .toList();
    }

    void kill() {
        process.destroyForcibly();
    }

    void typeControlC() throws IOException {
        process.getOutputStream().write(3);
        process.getOutputStream().flush();
    }

    /** The next line that it says. */
    String line() throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return out.readLine();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .get(LINE.toSeconds(), TimeUnit.SECONDS);
    }

    /** What it says until it ends. */
    List<String> rest() throws IOException {
        List<String> lines = new ArrayList<>();
        String line = out.readLine();
        while (line != null) {
            lines.add(line.strip());
            line = out.readLine();
        }
        return lines;
    }

    /** Waits until nothing of the leader and its workers is left, and says for how long. */
    Duration awaitNothingLeft(Duration atMost) {
        Instant began = Instant.now();
        Awaitility.await()
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(Processes.with(mark)).isEmpty());
        return Duration.between(began, Instant.now());
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        out.close();
        awaitNothingLeft(Duration.ofSeconds(20));
    }
}
