package dev.neurontp.ops.bench;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.bench.BenchFolder;
import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.Token;
import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.ExitWords;
import dev.neurontp.harness.process.NeuronLauncher;
import dev.neurontp.harness.process.ResidentMemory;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.WaitedTime;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.ExitHook;
import dev.neurontp.worker.os.Stderr;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A daemon for a measurement, in a folder of its own that goes away with it. It ends with this process. */
final class BenchDaemon implements AutoCloseable {
    private static final int CREATED = 201;
    private static final Duration START = Duration.ofSeconds(60);
    private static final long END_SECONDS = 25;
    private static final long LOOK_MILLIS = 10;

    private static final String LOG = "log";
    private static final int LAST_LINES = 20;

    private final Path folder;
    private final ChildProcess child;
    private final ExitHook atExit = new ExitHook("bench-daemon", this::end);
    private DaemonFile file;

    private BenchDaemon(Path folder, ChildProcess child) {
        this.folder = folder;
        this.child = child;
        atExit.install();
    }

    /**
     * Starts it, with its settings as they are when nobody has set any, and waits until it listens.
     *
     * @throws CommandException when it does not within a minute
     * @throws IOException when there is no room for its folder, or no process can be started
     */
    static BenchDaemon start() throws IOException, InterruptedException {
        return start(NeuronLauncher.neuron());
    }

    /** The same of this program. */
    static BenchDaemon start(List<String> neuron) throws IOException, InterruptedException {
        Path folder = BenchFolder.create();
        BenchDaemon daemon;
        try {
            daemon = new BenchDaemon(folder, process(neuron, folder));
        } catch (IOException | RuntimeException e) {
            BenchFolder.removeAtExit(folder);
            throw e;
        }
        try {
            daemon.listen();
            return daemon;
        } catch (CommandException | IOException | InterruptedException e) {
            daemon.close();
            throw e;
        }
    }

    private static ChildProcess process(List<String> neuron, Path folder) throws IOException {
        List<String> command = new ArrayList<>(neuron);
        command.addAll(List.of("--port", "0", "--stop-on-stdin-eof"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(folder.resolve(LOG).toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("NEURON_") && !name.equals("NEURON_JAVA_OPTS"));
        builder.environment().put(RuntimeFolder.VARIABLE, folder.toString());
        builder.environment().put("NEURON_STATE_DIR", folder.resolve("state").toString());
        return ChildProcess.start(builder);
    }

    private void listen() throws IOException, InterruptedException {
        WaitedTime waited = new WaitedTime();
        RuntimeFolder runtime = RuntimeFolder.at(folder);
        Optional<DaemonFile> found = runtime.liveDaemons().stream().findFirst();
        while (found.isEmpty()) {
            if (child.process().waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                throw notStarted("ended at its start; its end: exit "
                        + ExitWords.ofChild(child.process().exitValue()) + lastWords());
            }
            if (waited.left(START) <= 0) {
                throw notStarted("did not listen within " + START.toSeconds() + " s" + lastWords());
            }
            found = runtime.liveDaemons().stream().findFirst();
        }
        file = found.get();
    }

    private static CommandException notStarted(String how) {
        return new CommandException(
                ExitCode.COULD_NOT_RUN, "the daemon " + how, "Start bin/neuron in this terminal to see more.");
    }

    /** The end of its log, a line each; it is short as long as it does not listen. */
    private String lastWords() throws IOException {
        List<String> lines = new String(Files.readAllBytes(folder.resolve(LOG)), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()).stream()
                .map(line -> "\n  " + ForeignText.of(line, ForeignText.MESSAGE))
                .collect(Collectors.joining());
    }

    KeptConnection connect() throws IOException {
        return new KeptConnection(URI.create(file.url()), token().header());
    }

    private Token token() throws IOException {
        return Token.read(Path.of(file.tokenFile()));
    }

    /** The id of a new pool over loopback, whose ranks have all answered. */
    String create(int size) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(file.url() + "/pools?wait=60s"))
                .header("Authorization", token().header())
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(2))
                .POST(BodyPublishers.ofString(Json.text(Map.of("world_size", size, "communicator", "loopback"))))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != CREATED) {
                throw new IOException("the daemon makes no pool of " + size + " ranks: " + answer.body());
            }
            return Json.mapper().readTree(answer.body()).path("id").asString();
        }
    }

    /** Resident memory in bytes; 0 where it is not known. */
    long resident() {
        return ResidentMemory.of(child.process().pid()).orElse(0L);
    }

    /** Ends it with its pools, in order where it can, and removes its folder. */
    @Override
    public void close() {
        atExit.remove();
        end();
    }

    private void end() {
        try {
            child.process().getOutputStream().close();
            if (!child.process().waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                child.process().destroyForcibly();
            }
            BenchFolder.removeAtExit(folder);
        } catch (IOException e) {
            Stderr.say(
                    "the end of the daemon (pid " + child.process().pid() + ") was not waited for: " + e.getMessage());
        } catch (InterruptedException _) {
            // Its stdin is closed, so it stops.
            Thread.currentThread().interrupt();
        }
    }
}
