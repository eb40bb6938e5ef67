package dev.neurontp.harness.daemon;

import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The packaged daemon, and requests to it. */
final class DaemonProcess implements AutoCloseable {
    final ProgramProcess program;
    private final Path runtime;
    private final HttpClient client = HttpClient.newHttpClient();
    private String url;

    private DaemonProcess(List<String> before, Path folder, Map<String, String> environment, String... arguments) {
        runtime = folder.resolve("run");
        Map<String, String> all = new HashMap<>(Map.of(
                "NEURON_RUNTIME_DIR",
                runtime.toString(),
                "NEURON_STATE_DIR",
                folder.resolve("state").toString(),
                "NEURON_POOLS__COMMUNICATOR",
                "loopback"));
        all.putAll(environment);
        List<String> command = new ArrayList<>(before);
        command.add(Programs.neuron());
        command.addAll(List.of(arguments));
        program = ProgramProcess.command(all, command);
    }

    /** Runs it with these arguments, whatever comes of it. */
    static DaemonProcess run(Path folder, Map<String, String> environment, String... arguments) {
        return new DaemonProcess(List.of(), folder, environment, arguments);
    }

    /** A daemon that listens, on a free port. */
    static DaemonProcess listening(Path folder, Map<String, String> environment) {
        return listeningBehind(List.of(), folder, environment);
    }

    /** The same, started by another command such as {@code timeout 600}, with more options. */
    static DaemonProcess listeningBehind(
            List<String> command, Path folder, Map<String, String> environment, String... options) {
        List<String> arguments = new ArrayList<>(List.of("--port", "0"));
        arguments.addAll(List.of(options));
        DaemonProcess daemon = new DaemonProcess(command, folder, environment, arguments.toArray(String[]::new));
        daemon.url = daemon.program.line().substring("url=".length());
        daemon.program.awaitLine("status=listening");
        return daemon;
    }

    /** Sends SIGTERM and leaves the pipes open. */
    void terminate() {
        program.signal("TERM");
    }

    /** After {@link #terminate}, a signal of its own: not so soon that it would count as the same one. */
    void terminateAgain() {
        await().pollInterval(Signals.ONE_SIGNAL.multipliedBy(3).dividedBy(2))
                .until(() -> !program.process().isAlive()
                        || !program.process().toHandle().destroy());
    }

    String url() {
        return url;
    }

    String token() throws IOException {
        return Files.readString(runtime.resolve("token")).strip();
    }

    HttpReply send(String method, String path, String body) throws IOException, InterruptedException {
        return send(method, path, body, token());
    }

    HttpReply send(String method, String path, String body, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return new HttpReply(response.statusCode(), response.headers().map(), response.body());
    }

    /** The pids of a new pool of two that is ready. */
    List<Long> pool(List<String> command) throws IOException, InterruptedException {
        String body = "{\"world_size\":2" + (command.isEmpty() ? "" : ",\"command\":" + Json.text(command)) + "}";
        HttpReply created = send("POST", "/pools?wait=30s", body);
        if (created.status() != 201) {
            throw new IOException(created.toString());
        }
        List<Long> pids = new ArrayList<>();
        created.json().get("ranks").forEach(rank -> pids.add(rank.get("pid").longValue()));
        return pids;
    }

    /** The id of the first pool. */
    String poolId() throws IOException, InterruptedException {
        return send("GET", "/pools", "").json().at("/pools/0/id").stringValue();
    }

    @Override
    public void close() {
        client.shutdownNow();
        program.close();
    }
}
