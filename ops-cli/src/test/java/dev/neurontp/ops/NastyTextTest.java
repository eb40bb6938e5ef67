package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.api.Json;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** A daemon that is not ours puts what drives a terminal, or looks like another line, into every text that it sends. */
@Tag("long")
class NastyTextTest {
    private static final String ID = "k3vd7q2m";
    private static final String NASTY = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\n]]";
    private static final String FORGED = "::error::forged";
    private static final List<List<String>> COMMANDS = List.of(
            List.of("ls", "--all"),
            List.of("ls", "-o", "json"),
            List.of("status"),
            List.of("status", "-o", "json"),
            List.of("ping"),
            List.of("ping", "-o", "json"),
            List.of("init", "--timeout", "1s"),
            List.of("init", "--timeout", "1s", "-o", "json"),
            List.of("sanity", "--timeout", "1s"),
            List.of("shutdown", "--all", "--timeout", "1s"),
            List.of("shutdown", "--all", "--timeout", "1s", "-o", "json"),
            List.of("kill", "--all", "--timeout", "1s"),
            List.of("kill", "--all", "--timeout", "1s", "-o", "json"),
            List.of("events"),
            List.of("events", "-o", "json"),
            List.of("logs"),
            List.of("logs", "-o", "json"),
            List.of("logs", "-t", "--tail", "5"),
            List.of("ls", "--all", "-o", "wide"),
            List.of("ls", "--all", "-o", "yaml"),
            List.of("ls", "--all", "-o", "name"),
            List.of("ls", "--all", "-q"),
            List.of("describe"),
            List.of("describe", "-o", "json"),
            List.of("top"),
            List.of("top", "-o", "json"),
            List.of("devices"),
            List.of("devices", "-o", "json"),
            List.of("wait", "--for", "ready", "--timeout", "1s"),
            List.of("wait", "--for", "gone", "--timeout", "1s"),
            List.of("restart", "--timeout", "1s"),
            List.of("restart", "--timeout", "1s", "--wait", "-o", "json"),
            List.of("delete", "--all", "--yes", "--timeout", "1s"),
            List.of("create", "-n", "1", "--timeout", "1s"),
            List.of("create", "-n", "1", "--timeout", "1s", "--wait", "-o", "json"),
            List.of("dashboard", "--no-open"),
            List.of("status", "no-such-id"));

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    /** The same tree with {@code change} made to every text. Times, which are checked for their shape, stay. */
    private static JsonNode changed(JsonNode node, UnaryOperator<String> change) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode copy = Json.mapper().createObjectNode();
                object.forEachEntry((name, value) -> copy.set(name, changed(value, change)));
                copy.put(change.apply("a_field_to_come"), change.apply("x"));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = Json.mapper().createArrayNode();
                array.forEach(value -> copy.add(changed(value, change)));
                yield copy;
            }
            case StringNode text
            when !text.stringValue().matches("\\d{4}-.*T.*Z") -> StringNode.valueOf(change.apply(text.stringValue()));
            default -> node;
        };
    }

    private static String changed(String json, UnaryOperator<String> change) {
        return Json.text(changed(Json.mapper().readTree(json), change));
    }

    private void sayEverywhere(UnaryOperator<String> change, int status) {
        String error = "{\"error\":{\"type\":\"busy\",\"message\":\"m\",\"detail\":null}}";
        UnaryOperator<String> body = json -> changed(status == 200 ? json : error, change);
        String event = body.apply("""
                {"id":"i-1","seq":1,"time":"2026-03-01T09:30:03.001Z","type":"pool_state","pool":"k3vd7q2m","state":"ready",
                 "reason":"r","op":"ping"}""");
        String lines = body.apply("""
                {"lines":[{"seq":1,"time":"2026-03-01T09:30:00.523Z","rank":1,"text":"a"}],"last_seq":1,"dropped":7}""");
        daemon.anything(exchange -> {
            String path = exchange.getRequestURI().getPath();
            String method = exchange.getRequestMethod();
            String json = switch (method + " " + path.substring(path.lastIndexOf('/') + 1)) {
                case "GET pools" ->
                    changed(
                            Examples.pools(Examples.summary(ID, "failed", "x"), Examples.summary("other", "gone", "y")),
                            text -> text.equals(ID) && status != 200 ? text : change.apply(text));
                case "GET events" ->
                    "id: " + change.apply("1").lines().findFirst().orElse("") + "\nevent: x\ndata: " + event + "\n\n";
                case "GET logs" -> lines;
                case "POST ping" -> body.apply(Examples.pong(ID));
                case "GET health" -> body.apply("""
                        {"uptime_secs":1,"devices":[{"index":0,"vram_used_mb":1,"vram_free_mb":2,"utilization_pct":3}],
                         "devices_read":null,"devices_problem":"p"}""");
                case "GET discovery" -> body.apply("""
                        {"version":"1","wire_contract":"1.0","hostname":"h","os":"o","kernel":"k","cuda_version":"12",
                         "driver_version":"1","devices":[{"index":0,"name":"n","compute_capability":"9"}],"harnesses":["h"]}""");
                case "POST links" -> body.apply("{\"path\":\"/#code=x\",\"expires_s\":60}");
                case "POST shutdown" -> body.apply(Examples.bye(ID, true));
                case "POST init", "POST sanity" ->
                    body.apply(
                            Examples.operation(ID, "init", "done", "{\"took_ms\":2.1,\"sum\":3,\"ranks\":[]}", "null"));
                default ->
                    method.equals("DELETE") ? body.apply(Examples.bye(ID, true)) : body.apply(Examples.failedPool(ID));
            };
            FakeDaemon.send(exchange, path.equals("/pools") ? 200 : status, "application/json", json);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b]0;title\u0007", "\u001b[2J\u001b[31m", "\u009b2J", "\u007f", "\r\n::error::forged",
                        "\n::error::forged",
                "\u2028::error::forged", "\u0085::error::forged", "\u202etxt.exe", "\u2066\u200b\ufeff", "\b\b\b", "\0",
                "../../x?y#z%00 <\"'\\`$(id)"
            })
    void noCommandPassesItOn(String nasty) {
        for (int status : List.of(200, 409)) {
            sayEverywhere(text -> text + nasty, status);
            for (List<String> command : COMMANDS) {
                CommandResult ran = CommandResult.against(daemon, command.toArray(String[]::new));
                assertThat(ran.out() + ran.err())
                        .as("%s, status %d: %s", command, status, ran.all())
                        .doesNotContainPattern(NASTY)
                        .doesNotContain("Exception", "java.", "because")
                        .isNotBlank();
                if (!command.getFirst().equals("status")) {
                    assertThat((ran.out() + ran.err()).lines())
                            .as(ran.all())
                            .noneMatch(line -> line.startsWith(FORGED));
                }
            }
        }
    }

    /** In front of it stands the daemon's address: what follows must not make it another one, which a browser would open. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "@evil.example/#code=x",
                ".evil.example/#code=x",
                "0/#code=x",
                "/#code=",
                "/#code=x y",
                "/x#code=x",
                ""
            })
    void aLinkOfTheDashboardLeadsToTheDaemonAlone(String path) {
        daemon.on("POST /dashboard/links", 201, "{\"path\":\"" + path + "\",\"expires_s\":60}");
        CommandResult ran = CommandResult.against(daemon, "dashboard");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("is no neuron daemon of this version", "it is no DashboardLink");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../..", ".", "a/b?c#d", "%2e%2e", "\u00e4 \ud83d\ude80", "\\"})
    void anIdThatIsNoneIsAskedForNowhere(String id) {
        daemon.on(
                "GET /pools",
                200,
                Examples.pools(changed(Examples.summary(ID, "joined", null), text -> text.equals(ID) ? id : text)));
        CommandResult ran = CommandResult.against(daemon, "status");
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err())
                .contains("is no neuron daemon of this version", "id is not as the interface says")
                .doesNotContain("Exception", "Illegal");
        assertThat(daemon.asked()).last().asString().isEqualTo("GET /pools");
    }
}
