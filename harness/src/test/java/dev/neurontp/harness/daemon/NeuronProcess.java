package dev.neurontp.harness.daemon;

import dev.neurontp.harness.api.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A daemon as a process of its own, started through bin/neuron. */
final class NeuronProcess implements AutoCloseable {
    final Process process;
    final Path stderr;
    final List<String> stdout = new ArrayList<>();
    private final Path runtime;
    private final BufferedReader reader;
    private final HttpClient client = HttpClient.newHttpClient();

    private NeuronProcess(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        Path neuron = Path.of(System.getProperty("neurontp.root", ".."), "bin", "neuron");
        List<String> command = new ArrayList<>(List.of(neuron.toString()));
        command.addAll(List.of(arguments));
        runtime = folder.resolve("run");
        stderr = Files.createTempFile(folder, "stderr", "");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(stderr.toFile());
        builder.environment().put("NEURON_RUNTIME_DIR", runtime.toString());
        builder.environment().put("NEURON_POOLS__COMMUNICATOR", "loopback");
        builder.environment().putAll(environment);
        process = builder.start();
        reader = process.inputReader();
    }

    /** Runs it with these arguments, whatever comes of it. */
    static NeuronProcess run(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        return new NeuronProcess(folder, environment, arguments);
    }

    /** A daemon that listens, on a free port. */
    static NeuronProcess listening(Path folder, Map<String, String> environment) throws IOException {
        NeuronProcess neuron = new NeuronProcess(folder, environment, "--port", "0");
        neuron.readUntil("status=listening");
        return neuron;
    }

    /** Reads stdout up to that line. */
    void readUntil(String last) throws IOException {
        String line = reader.readLine();
        while (line != null) {
            stdout.add(line);
            if (line.equals(last)) {
                return;
            }
            line = reader.readLine();
        }
        throw new IOException("it ended: " + stdout + Files.readString(stderr));
    }

    /** The exit code, once it has ended; stdout is read to its end. */
    int exit() throws IOException, InterruptedException {
        reader.lines().forEach(stdout::add);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IOException("it did not end: " + Files.readString(stderr));
        }
        return process.exitValue();
    }

    /** Sends SIGTERM and leaves the pipes open, which {@link Process#destroy} would not. */
    void terminate() {
        process.toHandle().destroy();
    }

    String url() {
        return stdout.getFirst().substring("url=".length());
    }

    String token() throws IOException {
        return Files.readString(runtime.resolve("token")).strip();
    }

    HttpReply send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .header("Authorization", "Bearer " + token())
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

    @Override
    public void close() {
        client.shutdownNow();
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
