package dev.neurontp.ops.live;

import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.ops.CommandResult;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.testing.Processes;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The packaged programs with a runtime folder of their own, a new one for each test. Every process that they start inherits the folder's name in
 * its environment, so that what is left behind can be found.
 */
final class LiveDaemonFixture implements BeforeEachCallback, AfterEachCallback {
    /** What tpctl up says once its pool is there. */
    static final String UP = "Ctrl-C takes it down";

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern PID = Pattern.compile("\"rank\":(\\d+),\"pid\":(\\d+)");

    private final Map<String, String> environment = new HashMap<>();
    private Path folder;

    /** A variable of every process that is started from now on. */
    LiveDaemonFixture with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext test) throws IOException {
        folder = Files.createTempDirectory("site");
    }

    /** A test that failed leaves nothing to the next one. */
    @Override
    public void afterEach(ExtensionContext test) throws IOException {
        processes().forEach(Processes.Running::kill);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    /** For the test's own files. */
    Path folder() {
        return folder;
    }

    Path runtime() {
        return folder.resolve("run");
    }

    /** Runs it as a process, to the end. */
    CommandResult tpctl(String... arguments) throws IOException, InterruptedException {
        return start(arguments).end();
    }

    /** Runs it inside this process: the same, but for the launcher and how a process ends, and much faster. */
    CommandResult call(String... arguments) throws InterruptedException {
        CommandResult ran = CommandResult.tpctl(RuntimeFolder.at(runtime()), arguments);
        Daemon.closeAll();
        return ran;
    }

    Live start(String... arguments) throws IOException {
        return start(
                Stream.concat(Stream.of(Programs.tpctl()), Stream.of(arguments)).toList());
    }

    /** With a variable, which the daemon and its workers get too. */
    Live startWith(String variable, String value, String... arguments) throws IOException {
        return start(Stream.concat(Stream.of("env", variable + "=" + value, Programs.tpctl()), Stream.of(arguments))
                .toList());
    }

    /** In a terminal of its own: what is written to its stdin is typed there. */
    Live inATerminal(String... arguments) throws IOException {
        String line = "'" + Programs.tpctl() + "' " + String.join(" ", arguments);
        return start(List.of("script", "-qec", line, "/dev/null"));
    }

    /** Runs a line of bash to the end, in which {@code $0} is tpctl. */
    CommandResult shell(String line) throws IOException, InterruptedException {
        return start(List.of("bash", "-c", line, Programs.tpctl())).end();
    }

    Live neuron(String... arguments) throws IOException {
        return start(Stream.concat(Stream.of(Programs.neuron()), Stream.of(arguments))
                .toList());
    }

    private Live start(List<String> command) throws IOException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("NEURON_RUNTIME_DIR", runtime().toString());
        builder.environment().put("NEURON_STATE_DIR", folder.resolve("state").toString());
        builder.environment().remove("TPCTL_UP");
        return new Live(builder.start(), out, err);
    }

    /** A command under way. It writes to files: what it leaves running would keep a pipe open. */
    record Live(Process process, Path out, Path err) {
        CommandResult end() throws InterruptedException {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("not over after " + LIMIT + "\n" + said());
            }
            return new CommandResult(process.exitValue(), read(out), read(err));
        }

        String said() {
            return read(out) + read(err);
        }

        /** Waits until it has said {@code words}. */
        Live awaiting(String words) {
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> {
                if (!process.isAlive() && !said().contains(words)) {
                    throw new AssertionError("it ended without saying '" + words + "':\n" + said());
                }
                return said().contains(words);
            });
            return this;
        }

        void type(String keys) throws IOException {
            process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }
    }

    /** {@code tpctl up} of a pool over loopback, once it is up. */
    Live upInForeground() throws IOException {
        return start("up", "--communicator", "loopback").awaiting(UP);
    }

    /** Brings up a pool in the background; its id. */
    String up(String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("up", "-d", "--communicator", "loopback"));
        arguments.addAll(List.of(more));
        CommandResult ran = tpctl(arguments.toArray(String[]::new));
        if (ran.code() != 0) {
            throw new AssertionError(ran.all());
        }
        return ran.out().strip();
    }

    /** The pid of a rank of the only pool, as tpctl says it. */
    long pid(int rank) throws InterruptedException {
        Matcher matcher = PID.matcher(call("status", "-o", "json").out());
        while (matcher.find()) {
            if (Integer.parseInt(matcher.group(1)) == rank) {
                return Long.parseLong(matcher.group(2));
            }
        }
        throw new AssertionError("no rank " + rank);
    }

    /** The pids of the daemons that have a runtime file. */
    List<Long> daemons() throws IOException {
        if (Files.notExists(runtime())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(runtime())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("daemon-\\d+\\.json"))
                    .map(name -> Long.valueOf(name.replaceAll("\\D", "")))
                    .toList();
        }
    }

    /** Waits until no process of this site is left, and no file but the token and the history of pools. */
    void awaitNothingLeft() throws IOException {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> processes().isEmpty());
        requireOnlyHistory();
        if (Files.notExists(runtime())) {
            return; // nobody asked for a daemon
        }
        try (Stream<Path> files = Files.list(runtime())) {
            List<String> left = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("token"))
                    .toList();
            if (!left.isEmpty()) {
                throw new AssertionError("files are left: " + left);
            }
        }
    }

    private void requireOnlyHistory() throws IOException {
        Path state = folder.resolve("state");
        if (Files.notExists(state)) {
            return;
        }
        try (Stream<Path> files = Files.walk(state)) {
            List<String> left = files.map(file -> state.relativize(file).toString())
                    .filter(name -> !name.matches("|history|history/pool-[a-z2-7]{8}\\.(json|events|log)"))
                    .toList();
            if (!left.isEmpty()) {
                throw new AssertionError("files are left in the state folder: " + left);
            }
        }
    }

    /** What runs with this site's folder in its environment. */
    List<Processes.Running> processes() {
        return Processes.with("NEURON_RUNTIME_DIR=" + runtime());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
