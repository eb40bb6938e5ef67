package dev.neurontp.ops.live;

import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium, spoken to by the DevTools protocol. One thread uses it. */
final class Browser implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> NAMES =
            List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome");

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<String> addresses = new CopyOnWriteArrayList<>();
    private final String target;

    private Browser(Process process, URI address) throws Exception {
        this.process = process;
        this.socket =
                http.newWebSocketBuilder().buildAsync(address, new Reader()).get(30, TimeUnit.SECONDS);
        String page = call("", "Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .stringValue();
        this.target = call("", "Target.attachToTarget", Map.of("targetId", page, "flatten", true))
                .get("sessionId")
                .stringValue();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            command(domain + ".enable", Map.of());
        }
    }

    /** The program's path; empty where this host has none. */
    static Optional<Path> program() {
        return NAMES.stream().map(Programs::onPath).flatMap(Optional::stream).findFirst();
    }

    static Browser start(Path program, Path folder) throws Exception {
        Path log = folder.resolve("browser.log");
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder.resolve("profile"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        String listening = "DevTools listening on ";
        await().atMost(Duration.ofMinutes(1))
                .until(() -> Files.readString(log).contains(listening) || !process.isAlive());
        String url = Files.readString(log)
                .lines()
                .filter(line -> line.contains(listening))
                .findFirst()
                .orElseThrow(() -> new IOException("the browser did not start"))
                .replaceFirst(".*" + listening, "");
        return new Browser(process, URI.create(url.strip()));
    }

    /** What the script gives; a script that throws is an error. */
    JsonNode script(String script) throws Exception {
        JsonNode answer =
                command("Runtime.evaluate", Map.of("expression", script, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(answer.get("exceptionDetails").toString());
        }
        return answer.at("/result/value");
    }

    /** The text that a person sees. */
    String text() throws Exception {
        return script("document.body?.innerText ?? ''").asString("");
    }

    void open(String url) throws Exception {
        command("Page.navigate", Map.of("url", url));
    }

    void key(String key) throws Exception {
        Map<String, Object> press = Map.of(
                "type",
                "keyDown",
                "key",
                key,
                "code",
                key,
                "windowsVirtualKeyCode",
                key.equals("Tab") ? 9 : 13,
                "text",
                key.equals("Enter") ? "\r" : "");
        command("Input.dispatchKeyEvent", press);
        command("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key));
    }

    /** As it is in that scheme of colours, dark or light, with that width. */
    void screenshot(Path file, String scheme, int width, int height) throws Exception {
        command(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        String png = command("Page.captureScreenshot", Map.of("format", "png"))
                .get("data")
                .stringValue();
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(png));
    }

    private JsonNode command(String method, Map<String, Object> parameters) throws Exception {
        return call(target, method, parameters);
    }

    private JsonNode call(String session, String method, Map<String, Object> parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        Map<String, Object> message = session.isEmpty()
                ? Map.of("id", id, "method", method, "params", parameters)
                : Map.of("id", id, "method", method, "params", parameters, "sessionId", session);
        socket.sendText(JSON.writeValueAsString(message), true).get(30, TimeUnit.SECONDS);
        JsonNode said = answer.get(60, TimeUnit.SECONDS);
        if (said.has("error")) {
            throw new AssertionError(method + ": " + said.get("error"));
        }
        return said.get("result");
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Errors on the page and in its console, such as what a policy has refused, and every address that it asked for. */
    private void note(JsonNode said) {
        JsonNode about = said.path("params");
        switch (said.path("method").asString("")) {
            case "Runtime.exceptionThrown" ->
                problems.add(about.at("/exceptionDetails").toString());
            case "Log.entryAdded" -> problems.add(about.at("/entry").toString());
            case "Network.requestWillBeSent" ->
                addresses.add(about.at("/request/url").asString(""));
            default -> {
                // Other events tell nothing that is asked for.
            }
        }
    }

    List<String> problems() {
        return problems;
    }

    List<String> addresses() {
        return addresses;
    }

    private final class Reader implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                JsonNode said = JSON.readTree(message.toString());
                message.setLength(0);
                note(said);
                CompletableFuture<JsonNode> waiting =
                        answers.remove(said.path("id").asInt(0));
                if (waiting != null) {
                    waiting.complete(said);
                }
            }
            from.request(1);
            return null;
        }
    }
}
