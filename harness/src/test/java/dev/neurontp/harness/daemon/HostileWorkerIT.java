package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.api.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that say as much as the wire allows, and what must not be said: the daemon lives, and passes little of it on. */
@Tag("long")
@Timeout(300)
class HostileWorkerIT {
    private static final int POOLS = 12;
    private static final String NASTY = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\n]]";

    @TempDir
    Path folder;

    private static HttpReply withoutToken(String url) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
            return new HttpReply(response.statusCode(), response.headers().map(), response.body());
        }
    }

    private DaemonProcess allowing(List<String> command) {
        return DaemonProcess.listening(
                folder,
                Map.of(
                        "NEURON_POOLS__COMMANDS", Json.text(List.of(command)),
                        "NEURON_POOLS__COMMANDS_ARE_WORKERS", "true",
                        "NEURON_JAVA_OPTS", "-Xmx128m"));
    }

    private static String initFails(DaemonProcess neuron, List<String> command) throws Exception {
        HttpReply created =
                neuron.send("POST", "/pools?wait=30s", "{\"world_size\":2,\"command\":" + Json.text(command) + "}");
        assertThat(created.status()).isEqualTo(201);
        String id = created.json().get("id").stringValue();
        HttpReply init = neuron.send("POST", "/pools/" + id + "/init?wait=60s", "");
        assertThat(init.error()).isEqualTo("pool_failed");
        return id;
    }

    @Test
    void errorsOf14MegabytesDoNotGrowTheDaemonItsLogOrItsPages() throws Exception {
        List<String> command = TestDaemon.command("huge@1#2");
        try (DaemonProcess neuron = allowing(command)) {
            for (int i = 0; i < POOLS; i++) {
                initFails(neuron, command);
            }
            assertThat(neuron.program.process().isAlive()).isTrue();
            HttpReply ready = withoutToken(neuron.url() + "/readyz");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.text()).hasSizeLessThan(48 * 1024);
            assertThat(ready.json().at("/error/detail/checks")).hasSize(POOLS + 1);
            assertThat(withoutToken(neuron.url() + "/readyz?verbose").text()).hasSizeLessThan(48 * 1024);
            assertThat(neuron.send("GET", "/pools", "").text()).hasSizeLessThan(POOLS * 6 * 1024);
            assertThat(neuron.send("GET", "/events?since=0&follow=false", "").text())
                    .contains("it answered with the error kkk")
                    .hasSizeLessThan(POOLS * 20 * 1024);
            neuron.terminate();
            assertThat(neuron.program.exitCode()).isZero();
            assertThat(neuron.program.stderr()).hasSizeLessThan(POOLS * 12 * 1024);
        }
    }

    @Test
    void whatWouldDriveATerminalReachesNoLogAndNoAnswer() throws Exception {
        List<String> command = TestDaemon.command("nasty@1#2");
        try (DaemonProcess neuron = allowing(command)) {
            String id = initFails(neuron, command);
            HttpReply pool = neuron.send("GET", "/pools/" + id, "");
            assertThat(pool.json().get("reason").stringValue())
                    .contains("k?]0;x?\\nk: ?[2J")
                    .doesNotContain("\n");
            for (String path :
                    List.of("/pools/" + id, "/pools", "/readyz", "/readyz?verbose", "/events?follow=false&since=0")) {
                assertThat(neuron.send("GET", path, "").text())
                        .as(path)
                        .doesNotContainPattern(NASTY)
                        .doesNotContain("\\u00");
            }
            neuron.terminate();
            assertThat(neuron.program.exitCode()).isZero();
            assertThat(neuron.program.stderr())
                    .contains("has failed: init failed on rank 1")
                    .doesNotContainPattern(NASTY);
            assertThat(neuron.program.stderr().lines())
                    .as("each log record is one line that begins with its time")
                    .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT.*"));
        }
    }

    @Test
    void whatIsAnsweredInPlaceOfByeIsToldWithTheEndAndOnce() throws Exception {
        List<String> command = TestDaemon.command("nasty@1#2");
        try (DaemonProcess neuron = allowing(command)) {
            HttpReply created =
                    neuron.send("POST", "/pools?wait=30s", "{\"world_size\":2,\"command\":" + Json.text(command) + "}");
            String id = created.json().get("id").stringValue();
            neuron.send("POST", "/pools/" + id + "/shutdown?wait=30s", "");
            String words = "it answered with the error k?]0;x?\\nk: ?[2J";
            assertThat(neuron.send("GET", "/pools/" + id, "")
                            .json()
                            .at("/ranks/1/end/text")
                            .stringValue())
                    .contains("; at shutdown: " + words);
            neuron.program.awaitLog("rank 1 of pool " + id + " (pid ");
            assertThat(neuron.program.stderr())
                    .containsOnlyOnce(" did not leave in order: " + words)
                    .doesNotContainPattern(NASTY);
        }
    }
}
