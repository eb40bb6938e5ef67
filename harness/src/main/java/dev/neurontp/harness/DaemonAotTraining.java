package dev.neurontp.harness;

import dev.neurontp.harness.api.ApiVersion;
import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.SocketTraining;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the daemon and a thread that brings up one pool, asks what tpctl asks until that pool is gone, and ends it by SIGTERM. The build runs it
 * to create the daemon's AOT cache, which holds what is loaded and linked here. All that is in a cache is loaded at
 * every start, so the thread speaks HTTP without a client's classes.
 */
final class DaemonAotTraining {
    private static final List<String> GETS = List.of("/livez", "/readyz?verbose", "/pools", "/metrics", "/health");
    private static final List<String> OF_A_POOL = List.of("", "/events?since=0&follow=false", "/logs");
    private static final List<String> STEPS =
            List.of("/ping", "/init?wait=30s", "/sanity?wait=30s", "/shutdown?wait=30s");
    private static final Pattern ID = Pattern.compile("\"id\":\"([a-z2-7]{8})\"");
    private static final long LOOK_MILLIS = 20;

    private final URI url;
    private final String token;

    private DaemonAotTraining(DaemonFile daemon) throws IOException {
        this.url = URI.create(daemon.url());
        this.token = Files.readString(Path.of(daemon.tokenFile())).strip();
    }

    /**
     * Takes no arguments. NEURON_RUNTIME_DIR must name a folder without a daemon's file, {@code .local/state/neurontp} of a home, and stdin
     * holds a line feed.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        SocketTraining.run();
        DaemonThread.start("training", DaemonAotTraining::askAndEnd);
        NeuronMain.main(new String[] {"--port", "0", "--stop-on-stdin-eof"});
    }

    private static void askAndEnd() {
        try {
            new DaemonAotTraining(listening()).live();
            // The shell's own: a small root has no program of that name.
            new ProcessBuilder(
                            "/bin/sh", "-c", "kill " + ProcessHandle.current().pid())
                    .inheritIO()
                    .start();
        } catch (IOException | InterruptedException e) {
            System.err.println("training failed: " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static DaemonFile listening() throws InterruptedException {
        // As a daemon finds it where the variable is not set: as a file of the home, three folders above.
        Path named = Path.of(System.getenv(RuntimeFolder.VARIABLE));
        Path home = RuntimeFolders.homeOf(named);
        Map<String, String> environment = Map.of("HOME", home.toString());
        RuntimeFolder folder = RuntimeFolders.of(environment, home).own().stream()
                .filter(own -> own.path().equals(named))
                .findFirst()
                .orElseThrow();
        List<DaemonFile> daemons = folder.liveDaemons();
        while (daemons.isEmpty()) {
            Thread.sleep(LOOK_MILLIS);
            daemons = folder.liveDaemons();
        }
        return daemons.getFirst();
    }

    private void live() throws IOException {
        String pool =
                "/pools/" + id(ask("POST", "/pools?wait=30s", "{\"world_size\":2,\"communicator\":\"loopback\"}"));
        for (String path : GETS) {
            ask("GET", path, "");
        }
        for (String path : OF_A_POOL) {
            ask("GET", pool + path, "");
        }
        for (String step : STEPS) {
            ask("POST", pool + step, "");
        }
        ask("DELETE", pool, "");
    }

    private static String id(String answer) {
        Matcher id = ID.matcher(answer);
        if (!id.find()) {
            throw new IllegalStateException("no pool was created: " + answer);
        }
        return id.group(1);
    }

    private String ask(String method, String path, String body) throws IOException {
        String request = """
                %s %s HTTP/1.1
                Host: %s
                Authorization: Bearer %s
                %s: %s
                Content-Type: application/json
                Content-Length: %d
                Connection: close

                %s""".formatted(
                method, path, url.getAuthority(), token, ApiVersion.HEADER, ApiVersion.CURRENT, body.length(), body);
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 2")) {
                throw new IOException(method + " " + path + " was answered: " + answer);
            }
            return answer;
        }
    }
}
