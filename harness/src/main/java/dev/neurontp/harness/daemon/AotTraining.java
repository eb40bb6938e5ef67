package dev.neurontp.harness.daemon;

import dev.neurontp.harness.NeuronMain;
import dev.neurontp.harness.OwnCommand;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.model.CandleHarness;
import dev.neurontp.harness.model.HarnessRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A daemon with one pool, asked what tpctl asks, and then the one-shot check, in one process. The build runs it to make
 * the AOT cache of {@code neuron}: what is loaded and linked here, they find ready.
 */
final class AotTraining {
    private static final List<String> GETS = List.of("/livez", "/readyz?verbose", "/pools", "/metrics", "/health");

    private final HttpClient client;
    private final String url;
    private final String token;

    private AotTraining(HttpClient client, Daemon daemon) throws IOException {
        this.client = client;
        this.url = daemon.url();
        this.token = Files.readString(daemon.folder().tokenFile()).strip();
    }

    /** Takes one argument: an empty folder for the daemon's runtime files. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Settings settings = Settings.defaults()
                .with(DaemonSettings.HTTP_PORT, 0)
                .with(DaemonSettings.RUNTIME_DIR, Optional.of(Path.of(arguments[0])))
                .with(DaemonSettings.COMMUNICATOR, "loopback");
        Daemon daemon = Daemon.start(settings, Map.of(), HarnessRegistry.of(new CandleHarness()), OwnCommand.neuron());
        try (HttpClient client = HttpClient.newHttpClient()) {
            new AotTraining(client, daemon).live();
        } finally {
            daemon.stop();
        }
        NeuronMain.main(new String[] {"--tp-smoke", "--tp-size", "2", "--communicator", "loopback"});
    }

    private void live() throws IOException, InterruptedException {
        ask("POST", "/pools?wait=30s", "{\"world_size\":2}");
        for (String path : GETS) {
            ask("GET", path, "");
        }
    }

    private void ask(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(method + " " + path + " was answered " + answer.statusCode() + ": " + answer.body());
        }
    }
}
