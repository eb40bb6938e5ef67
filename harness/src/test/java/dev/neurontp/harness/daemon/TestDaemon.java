package dev.neurontp.harness.daemon;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.LiveSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.daemon.settings.SettingsException;
import dev.neurontp.harness.daemon.settings.SettingsSource;
import dev.neurontp.harness.model.CandleHarness;
import dev.neurontp.harness.model.Harness;
import dev.neurontp.harness.model.HarnessRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real daemon in this process, on a free port, whose workers are scripts that break the wire on demand. */
final class TestDaemon implements AutoCloseable {
    final Path runtime;
    final Daemon daemon;
    final String token;
    final HttpClient client = HttpClient.newHttpClient();

    private TestDaemon(Path runtime, LiveSettings live, Harness... more) throws IOException, InterruptedException {
        this.runtime = runtime;
        Harness[] harnesses = Arrays.copyOf(more, more.length + 1);
        harnesses[more.length] = new CandleHarness();
        Map<String, String> environment =
                Map.of("NEURON_STATE_DIR", runtime.resolveSibling("state").toString());
        this.daemon = Daemon.start(live, environment, HarnessRegistry.of(harnesses), command("none"));
        this.token = Files.readString(daemon.folder().tokenFile()).strip();
    }

    static TestDaemon start(Path folder) throws IOException, InterruptedException {
        return start(folder, settings -> settings);
    }

    static TestDaemon start(Path folder, UnaryOperator<Settings> change, Harness... more)
            throws IOException, InterruptedException {
        Path runtime = folder.resolve("run");
        Settings usual = Settings.defaults()
                .with(DaemonSettings.HTTP_PORT, 0)
                .with(DaemonSettings.RUNTIME_DIR, Optional.of(runtime))
                .with(DaemonSettings.COMMUNICATOR, "loopback")
                .withDefault(DaemonSettings.NVIDIA_SMI, "/nonexistent/nvidia-smi")
                .with(DaemonSettings.PING, Duration.ofSeconds(20))
                .with(DaemonSettings.COMMANDS, FAULTS)
                .with(DaemonSettings.COMMANDS_ARE_WORKERS, true);
        Settings settings = change.apply(usual);
        return start(runtime, () -> settings, more);
    }

    /** One whose settings are read again at each reload. */
    static TestDaemon start(Path runtime, SettingsSource source, Harness... more)
            throws IOException, InterruptedException {
        try {
            return new TestDaemon(runtime, LiveSettings.read(source), more);
        } catch (SettingsException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The commands that the daemon allows in addition to its own. */
    private static final List<List<String>> FAULTS = Stream.of(
                    "exit3@1",
                    "killed@1#2",
                    "silent@1#2",
                    "late@1#2",
                    "noise@1#2",
                    "error@1#2",
                    "wrong-sum@1#3",
                    "late@1#1",
                    "silent@1#1",
                    "deaf@1,silent@1#2",
                    "flood@1",
                    "silent@1#3",
                    "late@1#3",
                    "dies-behind-it@1#1")
            .map(TestDaemon::command)
            .collect(Collectors.collectingAndThen(Collectors.toList(), commands -> {
                // A program that ends before it has said a word.
                commands.add(List.of("/bin/false"));
                return List.copyOf(commands);
            }));

    static List<String> command(String faults) {
        try {
            Path script =
                    Path.of(TestDaemon.class.getResource("/faulty-worker.sh").toURI());
            return List.of("/bin/sh", script.toString(), faults);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static String poolOf(String faults) {
        return "{\"world_size\":2,\"command\":" + Json.text(command(faults)) + "}";
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(daemon.url() + path))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(60));
    }

    HttpReply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("received no bytes")) {
                throw e;
            }
            // The daemon closed a kept connection just as this client took it up again: nothing was asked yet.
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
        return new HttpReply(response.statusCode(), response.headers().map(), response.body());
    }

    HttpReply get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    HttpReply delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    HttpReply post(String path) throws IOException, InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** The same by another client, once. */
    HttpReply post(HttpClient own, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = own.send(
                request(path).POST(HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
        return new HttpReply(response.statusCode(), response.headers().map(), response.body());
    }

    HttpReply post(String path, String json) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    HttpReply put(String path, String json) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** A pool that is ready, by its id. */
    String pool(String faults) throws IOException, InterruptedException {
        HttpReply created = post("/pools?wait=30s", poolOf(faults));
        if (created.status() != 201) {
            throw new IllegalStateException(created.toString());
        }
        return created.json().get("id").stringValue();
    }

    String state(String id) throws IOException, InterruptedException {
        return get("/pools/" + id).json().get("state").stringValue();
    }

    /** One message as it stands on the wire, sent as it is; the answer until the daemon closes. */
    String raw(byte[] message) throws IOException {
        URI url = URI.create(daemon.url());
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(message);
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        try {
            daemon.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
