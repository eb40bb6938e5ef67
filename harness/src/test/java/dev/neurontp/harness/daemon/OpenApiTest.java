package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.SettingsReader;
import dev.neurontp.harness.model.Harness;
import dev.neurontp.harness.model.ModelSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Holds docs/openapi.yaml to the running daemon: every path, method and status is documented, answered and of its shape. */
class OpenApiTest {
    private static final String SUM =
            "{\"collective\":\"all_reduce\",\"type\":\"int64\",\"redop\":\"sum\",\"count\":3,\"timeout_ms\":20000}";

    @TempDir
    Path folder;

    private final OpenApiDocument document = new OpenApiDocument();
    private final SortedSet<String> answered = new TreeSet<>();

    OpenApiTest() throws IOException {}

    /** A harness that takes what is asked of it: the one of this program never does. */
    private static final class Obliging implements Harness {
        @Override
        public String name() {
            return "obliging";
        }

        @Override
        public void load(ModelSpec spec) {
            assertThat(spec.modelId()).isNotEmpty();
        }
    }

    /** Of a pool that is being started, while the kernel holds a launcher that got SIGKILL: no test can have one. */
    private static final Set<String> UNKILLABLE = Set.of("DELETE /pools/{id} 409", "POST /pools/{id}/shutdown 409");

    private HttpReply hold(String method, String path, HttpReply answer) {
        OpenApiDocument.Operation operation = document.find(method, path);
        assertThat(document.problems(operation, answer))
                .as(method + " " + path + " " + answer)
                .isEmpty();
        answered.add(name(operation, answer.status()));
        return answer;
    }

    private static String name(OpenApiDocument.Operation operation, int status) {
        return operation.method() + " " + operation.path() + " " + status;
    }

    private HttpReply get(TestDaemon daemon, String template, String path) throws Exception {
        return hold("GET", template, daemon.get(path));
    }

    private HttpReply post(TestDaemon daemon, String template, String path) throws Exception {
        return hold("POST", template, daemon.post(path));
    }

    private HttpReply collective(TestDaemon daemon, String path, String body) throws Exception {
        return hold("POST", "/pools/{id}/collective", daemon.post(path, body));
    }

    private HttpReply create(TestDaemon daemon, String query, String body) throws Exception {
        return hold("POST", "/pools", daemon.post("/pools" + query, body));
    }

    @Test
    void theExamplesAreOfTheShapeThatTheyAreExamplesOf() {
        assertThat(document.wrongExamples()).isEmpty();
    }

    @Test
    void theTypesOfErrorsAreThoseThatTheDaemonHas() {
        List<String> documented = new ArrayList<>();
        document.schema("ErrorBody").at("/properties/type/enum").forEach(word -> documented.add(word.stringValue()));
        // Nobody shall count on a defect.
        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ErrorType.values())
                        .filter(type -> type != ErrorType.INTERNAL)
                        .map(ErrorType::label)
                        .toList());
    }

    @Test
    void aStreamOfLinesIsOfItsShape() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("none");
            daemon.post("/pools/" + id + "/shutdown?wait=20s");
            Map<String, String> shapes = Map.of("log", "LogLine", "end", "PoolSummary");
            String stream = daemon.get("/pools/" + id + "/logs?follow=true").text();
            Matcher events = Pattern.compile("event: (.*)\ndata: (.*)\n").matcher(stream);
            Set<String> seen = new TreeSet<>();
            while (events.find()) {
                JsonNode data = Json.mapper().readTree(events.group(2));
                assertThat(document.judge(document.schema(shapes.get(events.group(1))), data))
                        .as(events.group())
                        .isEmpty();
                seen.add(events.group(1));
            }
            assertThat(seen).isEqualTo(shapes.keySet());
        }
    }

    @Test
    void everyDocumentedAnswerIsGivenAndEveryGivenAnswerIsDocumented() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(
                folder,
                settings -> settings.with(DaemonSettings.WAITING, 1)
                        .with(DaemonSettings.STREAMS, 1)
                        .with(DaemonSettings.POOLS, 6),
                new Obliging())) {
            refusalsOfTheGate(daemon);
            node(daemon);
            life(daemon);
            apply(daemon);
            failures(daemon);
            unfinished(daemon);
            crowded(daemon);
            streams(daemon);
        }
        earlier();
        starting();
        reloading();
        stopping();
        SortedSet<String> documented = new TreeSet<>();
        for (OpenApiDocument.Operation operation : document.operations()) {
            operation.statuses().forEach(status -> documented.add(name(operation, status)));
        }
        // As two short lists: a log that is cut must still tell which.
        assertThat(documented.stream().filter(answer -> !answered.contains(answer) && !UNKILLABLE.contains(answer)))
                .as("documented, and never given")
                .isEmpty();
        assertThat(answered.stream().filter(answer -> !documented.contains(answer)))
                .as("given, and not documented")
                .isEmpty();
    }

    private void refusalsOfTheGate(TestDaemon daemon) throws Exception {
        String id = daemon.pool("none");
        for (OpenApiDocument.Operation operation : document.operations()) {
            String path = operation.path().replace("{id}", id).replace("{operation}", "op-1");
            HttpRequest.BodyPublisher nothing = HttpRequest.BodyPublishers.noBody();
            hold(
                    operation.method(),
                    operation.path(),
                    daemon.send(daemon.request(path)
                            .header("Origin", "http://evil.example")
                            .method(operation.method(), nothing)));
            if (operation.open()) {
                continue;
            }
            hold(
                    operation.method(),
                    operation.path(),
                    daemon.send(daemon.request(path)
                            .setHeader("Authorization", "Bearer no")
                            .method(operation.method(), nothing)));
            hold(
                    operation.method(),
                    operation.path(),
                    daemon.send(daemon.request(path + "?nonsense=1").method(operation.method(), nothing)));
            if (path.contains(id)) {
                hold(
                        operation.method(),
                        operation.path(),
                        daemon.send(daemon.request(path.replace(id, "nosuchid")).method(operation.method(), nothing)));
            }
        }
        assertThat(daemon.state(id)).isEqualTo("ready");
        hold("GET", "/pools/{id}/operations/{operation}", daemon.get("/pools/" + id + "/operations/op-99"));
        hold("DELETE", "/pools/{id}", daemon.delete("/pools/" + id));
        await().until(() -> !daemon.get("/pools/" + id).json().get("ended").isNull());
        hold("DELETE", "/pools/{id}", daemon.delete("/pools/" + id));
    }

    private void node(TestDaemon daemon) throws Exception {
        for (String path : List.of(
                "/livez",
                "/readyz",
                "/livez?verbose",
                "/readyz?verbose",
                "/discovery",
                "/health",
                "/models",
                "/pools",
                "/metrics")) {
            assertThat(get(daemon, path.replace("?verbose", ""), path).status()).isEqualTo(200);
        }
        hold("POST", "/dashboard/links", daemon.post("/dashboard/links"));
        String sessions = "/dashboard/sessions";
        hold("POST", sessions, daemon.post(sessions, "{\"token\":\"" + daemon.token + "\"}"));
        hold("POST", sessions, daemon.post(sessions, "{\"code\":\"x\"}"));
        hold("DELETE", sessions, daemon.delete(sessions));
        String load = "/models/load";
        hold("POST", load, daemon.post(load, "{\"model_id\":\"m\",\"harness\":\"obliging\"}"));
        for (String path : List.of(load, "/pools", sessions)) {
            hold("POST", path, daemon.post(path, "{"));
            hold("POST", path, daemon.post(path, "{}"));
            hold("POST", path, daemon.post(path, " ".repeat(70_000)));
            hold("POST", path, daemon.post(path));
        }
        hold("POST", load, daemon.post(load, "{\"model_id\":\"m\"}"));
    }

    private void life(TestDaemon daemon) throws Exception {
        create(daemon, "", "{\"world_size\":2,\"command\":[\"/bin/false\"]}");
        String id = create(daemon, "?wait=30s", "{\"world_size\":2}")
                .json()
                .get("id")
                .stringValue();
        String path = "/pools/" + id;
        post(daemon, "/pools/{id}/ping", path + "/ping");
        post(daemon, "/pools/{id}/sanity", path + "/sanity?wait=20s");
        post(daemon, "/pools/{id}/device", path + "/device?wait=20s");
        collective(daemon, path + "/collective?wait=20s", SUM);
        post(daemon, "/pools/{id}/init", path + "/init?wait=20s");
        post(daemon, "/pools/{id}/init", path + "/init?wait=20s");
        post(daemon, "/pools/{id}/sanity", path + "/sanity?wait=20s");
        collective(daemon, path + "/collective?wait=20s", SUM);
        for (String body : List.of("{", "{}", " ".repeat(70_000))) {
            collective(daemon, path + "/collective", body);
        }
        post(daemon, "/pools/{id}/collective", path + "/collective");
        get(daemon, "/pools/{id}", path);
        get(daemon, "/pools/{id}/operations/{operation}", path + "/operations/op-1");
        get(daemon, "/pools/{id}/logs", path + "/logs");
        post(daemon, "/pools/{id}/shutdown", path + "/shutdown?wait=20s");
        get(daemon, "/pools/{id}", path);
        post(daemon, "/pools/{id}/ping", path + "/ping");
        post(daemon, "/pools/{id}/device", path + "/device?wait=20s");
        daemon.delete(path);
    }

    private HttpReply put(TestDaemon daemon, String path, String body) throws Exception {
        return hold("PUT", "/pools/{id}", daemon.put(path, body));
    }

    private void apply(TestDaemon daemon) throws Exception {
        for (String body : List.of("{", "{}", " ".repeat(70_000))) {
            put(daemon, "/pools/applied", body);
        }
        create(daemon, "?dry_run=true", "{\"world_size\":2}");
        put(daemon, "/pools/applied?dry_run=true", "{\"world_size\":2}");
        put(daemon, "/pools/applied?wait=30s", TestDaemon.poolOf("exit3@1"));
        put(daemon, "/pools/applied?wait=30s", "{\"world_size\":2}");
        put(daemon, "/pools/applied?wait=30s", "{\"world_size\":2}");
        put(daemon, "/pools/applied", "{\"world_size\":1}");
        post(daemon, "/pools/{id}/restart", "/pools/applied/restart?wait=30s");
        String again =
                post(daemon, "/pools/{id}/restart", "/pools/applied/restart").header("Location");
        for (JsonNode pool : daemon.get("/pools").json().get("pools")) {
            String path = "/pools/" + pool.get("id").stringValue();
            if (!path.equals(again) && pool.get("name").stringValue("").equals("applied")) {
                post(daemon, "/pools/{id}/restart", path + "/restart");
            }
        }
        hold("DELETE", "/pools/{id}", daemon.delete("/pools/applied?wait=20s"));
    }

    private void failures(TestDaemon daemon) throws Exception {
        String late =
                create(daemon, "", TestDaemon.poolOf("none")).json().get("id").stringValue();
        daemon.delete("/pools/" + late + "?wait=20s");
        HttpReply failed = create(daemon, "?wait=30s", TestDaemon.poolOf("exit3@1"));
        String path = failed.header("Location");
        get(daemon, "/pools/{id}", path);
        get(daemon, "/pools", "/pools");
        post(daemon, "/pools/{id}/ping", path + "/ping");
        String used = "/pools/" + daemon.pool("killed@1#2");
        post(daemon, "/pools/{id}/ping", used + "/ping");
        get(daemon, "/readyz", "/readyz");
        get(daemon, "/readyz", "/readyz?verbose");
        daemon.post(used + "/shutdown?wait=20s");
        daemon.delete(used);
        post(daemon, "/pools/{id}/shutdown", path + "/shutdown?wait=20s");
        await().until(() -> !daemon.get(path).json().get("ended").isNull());
        daemon.delete(path);
    }

    /** What is answered before it is done: by pools of which one rank never does it, so that no host is too slow to see it. */
    private void unfinished(TestDaemon daemon) throws Exception {
        for (String asked : List.of("ping?wait=0s", "device")) {
            String path = "/pools/" + daemon.pool("silent@1#2");
            assertThat(post(daemon, "/pools/{id}/" + asked.replaceFirst("\\?.*", ""), path + "/" + asked)
                            .status())
                    .isEqualTo(202);
            daemon.delete(path + "?wait=20s");
        }
        for (String asked : List.of("sanity", "collective")) {
            String path = "/pools/" + daemon.pool("silent@1#3");
            daemon.post(path + "/init?wait=20s");
            HttpReply begun = asked.equals("collective")
                    ? collective(daemon, path + "/collective", SUM)
                    : post(daemon, "/pools/{id}/sanity", path + "/sanity");
            assertThat(begun.status()).isEqualTo(202);
            daemon.delete(path + "?wait=20s");
        }
        String mute = create(daemon, "", TestDaemon.poolOf("silent@1#1")).header("Location");
        assertThat(daemon.get(mute).json().get("ended").isNull()).isTrue();
        HttpReply again = post(daemon, "/pools/{id}/restart", mute + "/restart");
        assertThat(again.status()).isEqualTo(202);
        daemon.delete(again.header("Location") + "?wait=20s");
        assertThat(put(daemon, "/pools/mute", TestDaemon.poolOf("silent@1#1")).status())
                .isEqualTo(202);
        daemon.delete("/pools/mute?wait=20s");
        String deaf = "/pools/" + daemon.pool("deaf@1,silent@1#2");
        assertThat(hold("DELETE", "/pools/{id}", daemon.delete(deaf)).status()).isEqualTo(202);
        await().until(() -> !daemon.get(deaf).json().get("ended").isNull());
        for (JsonNode pool : daemon.get("/pools").json().get("pools")) {
            daemon.delete("/pools/" + pool.get("id").stringValue() + "?wait=20s");
        }
    }

    private void crowded(TestDaemon daemon) throws Exception {
        String id = daemon.pool("silent@1#2");
        String path = "/pools/" + id;
        post(daemon, "/pools/{id}/init", path + "/init");
        CompletableFuture<?> waiting = daemon.client.sendAsync(
                daemon.request(path + "/init?wait=60s")
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        await().until(() -> daemon.get(path + "/operations/op-3").status() == 200);
        for (String operation : List.of("ping", "init", "sanity", "device")) {
            post(daemon, "/pools/{id}/" + operation, path + "/" + operation + "?wait=60s");
        }
        collective(daemon, path + "/collective?wait=60s", SUM);
        get(daemon, "/pools/{id}", path);
        get(daemon, "/pools/{id}/operations/{operation}", path + "/operations/op-2");
        post(daemon, "/pools/{id}/shutdown", path + "/shutdown");
        waiting.get(30, TimeUnit.SECONDS);
        // A restart needs a place of its own only when what it replaces has given its place back.
        await().until(() -> !daemon.get(path).json().get("ended").isNull());
        for (int tries = 0; tries < 10; tries++) {
            HttpReply answer = create(daemon, "", "{\"world_size\":2}");
            if (answer.status() == 429) {
                put(daemon, "/pools/one-too-many", "{\"world_size\":2}");
                post(daemon, "/pools/{id}/restart", path + "/restart");
                return;
            }
        }
        throw new AssertionError("the limit of 6 pools was not held");
    }

    private void streams(TestDaemon daemon) throws Exception {
        String id = daemon.get("/pools").json().at("/pools/0/id").stringValue();
        List<String> templates = List.of("/events", "/pools/{id}/events", "/pools/{id}/logs");
        for (String template : templates) {
            String path = template.replace("{id}", id);
            get(daemon, template, path + (template.endsWith("logs") ? "" : "?since=0&follow=false"));
        }
        for (String line :
                daemon.get("/events?since=0&follow=false").text().lines().toList()) {
            if (line.startsWith("data: ")) {
                JsonNode event = Json.mapper().readTree(line.substring("data: ".length()));
                assertThat(document.judge(document.schema("Event"), event))
                        .as(line)
                        .isEmpty();
            }
        }
        HttpResponse<InputStream> open = await().until(
                        () -> daemon.client.send(
                                daemon.request("/events").build(), HttpResponse.BodyHandlers.ofInputStream()),
                        stream -> stream.statusCode() == 200);
        for (String template : templates) {
            get(daemon, template, template.replace("{id}", id) + "?follow=true");
        }
        open.body().close();
    }

    /** What the daemon before it has written down. */
    private void earlier() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            JsonNode pools = get(daemon, "/pools", "/pools?all=true").json().get("pools");
            assertThat(pools)
                    .isNotEmpty()
                    .allMatch(pool -> !pool.get("recorded").isNull());
            for (JsonNode pool : pools) {
                String path = "/pools/" + pool.get("id").stringValue();
                assertThat(get(daemon, "/pools/{id}", path).status()).isEqualTo(200);
                get(daemon, "/pools/{id}/logs", path + "/logs");
                get(daemon, "/pools/{id}/logs", path + "/logs?follow=true");
                get(daemon, "/pools/{id}/events", path + "/events?since=0");
            }
        }
    }

    /** A pool of which nothing is there yet: what would be an agent on another host says nothing. */
    private void starting() throws Exception {
        String mark = "silent " + UUID.randomUUID();
        try (TestDaemon daemon = TestDaemon.start(
                folder.resolve("fourth"),
                settings -> settings.with("launchers.far.preset", "exec")
                        .with("launchers.far.start", List.of("sh", "-c", "while read -r line; do :; done", mark)))) {
            CompletableFuture<?> created = daemon.client.sendAsync(
                    daemon.request("/pools")
                            .header("Content-Type", "application/json")
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            "{\"world_size\":1,\"communicator\":\"nccl\",\"hosts\":[\"a:0\"],\"launcher\":\"far\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            JsonNode pool = await().until(() -> daemon.get("/pools").json().at("/pools/0"), found -> found.has("id"));
            get(daemon, "/pools", "/pools");
            String path = "/pools/" + pool.get("id").stringValue();
            assertThat(get(daemon, "/pools/{id}", path).status()).isEqualTo(200);
            assertThat(get(daemon, "/pools/{id}/logs", path + "/logs").status()).isEqualTo(200);
            assertThat(get(daemon, "/pools/{id}/events", path + "/events?follow=false")
                            .status())
                    .isEqualTo(200);
            assertThat(get(daemon, "/pools/{id}/operations/{operation}", path + "/operations/op-1")
                            .status())
                    .isEqualTo(409);
            assertThat(post(daemon, "/pools/{id}/ping", path + "/ping").status())
                    .isEqualTo(409);
            // Where none of its launchers has begun yet there is no pool that could be shut down.
            assertThat(post(daemon, "/pools/{id}/shutdown", path + "/shutdown?wait=60s")
                            .status())
                    .isIn(200, 409);
            assertThat(created).succeedsWithin(Duration.ofSeconds(60));
        }
    }

    private void reloading() throws Exception {
        Path file = folder.resolve("neuron.toml");
        Path runtime = folder.resolve("third");
        String usual = "http.port = 0\nruntime_dir = \"" + runtime + "\"\n";
        Files.writeString(file, usual);
        try (TestDaemon daemon =
                TestDaemon.start(runtime, () -> SettingsReader.read(Optional.of(file), Map.of(), List.of()))) {
            Files.writeString(file, usual + "limits.pools = 5\nlimits.connections = 50\n");
            hold("POST", "/reload", daemon.post("/reload"));
            Files.writeString(file, usual + "limits.pools = 0\n");
            hold("POST", "/reload", daemon.post("/reload"));
        }
    }

    private void stopping() throws Exception {
        TestDaemon daemon = TestDaemon.start(Files.createDirectory(folder.resolve("second")));
        String id = daemon.pool("deaf@1,silent@1#2");
        Thread stop = Thread.ofVirtual().start(daemon::close);
        HttpClient own = HttpClient.newHttpClient();
        await().until(() -> plain(own, daemon.request("/readyz").build()).status() == 503);
        for (String template : List.of(
                "/pools",
                "/models/load",
                "/pools/{id}/ping",
                "/pools/{id}/init",
                "/pools/{id}/sanity",
                "/pools/{id}/device",
                "/pools/{id}/restart",
                "/pools/{id}/collective")) {
            HttpRequest request = daemon.request(template.replace("{id}", id))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            hold("POST", template, plain(own, request));
        }
        HttpRequest apply = daemon.request("/pools/" + id)
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        hold("PUT", "/pools/{id}", plain(own, apply));
        stop.join();
    }

    private static HttpReply plain(HttpClient client, HttpRequest request) throws Exception {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return new HttpReply(response.statusCode(), response.headers().map(), response.body());
    }
}
