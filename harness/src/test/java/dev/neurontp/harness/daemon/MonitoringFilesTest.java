package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of docs/monitoring, held to a running daemon, to promtool and to Prometheus itself. */
class MonitoringFilesTest {
    private static final Path FILES = Programs.root().resolve("docs/monitoring");
    /** Not those of NVML's events, which XidMetricIT holds to the stand-in for NVML. */
    private static final Pattern NAME = Pattern.compile(
            "\\b(?!neuron_gpu_xid_)(?:neuron|process|jvm)_[a-z_]+(?:_total|_bytes|_seconds|_bucket)?\\b");

    @TempDir
    private Path folder;

    private static void needs(String program) {
        assumeTrue(
                Programs.onPath(program).isPresent(),
                "SKIPPED: there is no " + program + " here (apt-get install prometheus)");
    }

    @Test
    void everyMetricThatTheFilesNameIsThere() throws Exception {
        Path smi = Files.writeString(folder.resolve("nvidia-smi"), """
                #!/bin/sh
                case $1 in
                --query-gpu=index,name,*) echo '0, NVIDIA H200, 143771, 9.0, 570.86.15, GPU-a, 00000000:1B:00.0' ;;
                --query-gpu=index,memory*) echo '0, 1024, 142747, 37, 41, 0' ;;
                esac
                """);
        assertThat(smi.toFile().setExecutable(true)).isTrue();
        try (TestDaemon daemon =
                TestDaemon.start(folder, settings -> settings.with(DaemonSettings.NVIDIA_SMI, smi.toString()))) {
            daemon.pool("none");
            await().until(() ->
                    !daemon.get("/health").json().get("devices_read").isNull());
            String metrics = daemon.get("/metrics").text();
            Set<String> missing = new TreeSet<>();
            int named = 0;
            for (String file : List.of("alerts.yml", "grafana-dashboard.json")) {
                for (String name : NAME.matcher(Files.readString(FILES.resolve(file)))
                        .results()
                        .map(found -> found.group())
                        .collect(Collectors.toSet())) {
                    named++;
                    if (!Pattern.compile("(?m)^" + name + "[{ ]")
                            .matcher(metrics)
                            .find()) {
                        missing.add(file + " " + name);
                    }
                }
            }
            assertThat(missing).isEmpty();
            assertThat(named).isGreaterThan(15);
        }
    }

    @Test
    void promtoolFindsTheRulesRightAndTheirTestsPass() throws Exception {
        needs("promtool");
        for (List<String> command : List.of(
                List.of("promtool", "check", "rules", "alerts.yml"),
                List.of("promtool", "test", "rules", "alerts_test.yml"),
                List.of("promtool", "check", "config", "--syntax-only", "prometheus.yml"))) {
            Process promtool = new ProcessBuilder(command)
                    .directory(FILES.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(promtool.waitFor()).as(said).isZero();
        }
    }

    /** As printed, but for the port and the place of the token. */
    @Tag("long")
    @Test
    void prometheusScrapesADaemonWithThatConfiguration() throws Exception {
        needs("prometheus");
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            String config = Files.readString(FILES.resolve("prometheus.yml"))
                    .replace("127.0.0.1:13131", URI.create(daemon.daemon.url()).getAuthority())
                    .replace(
                            "/run/neurontp/token",
                            daemon.daemon.folder().tokenFile().toString())
                    .replace("15s", "1s");
            Files.copy(FILES.resolve("alerts.yml"), folder.resolve("alerts.yml"));
            Path file = Files.writeString(folder.resolve("prometheus.yml"), config);
            Process prometheus = new ProcessBuilder(
                            "prometheus",
                            "--config.file=" + file,
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            try {
                await().atMost(Duration.ofMinutes(1)).until(() -> scraped(port, "up"), value -> value.equals("1"));
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> scraped(port, "neuron_pools{state=\"ready\"}"), value -> value.equals("0"));
            } finally {
                prometheus.destroy();
                prometheus.waitFor();
            }
        }
    }

    /** The value of a query; empty while there is none, and while Prometheus listens but is not ready (503 in plain text). */
    private static String scraped(int port, String query) throws InterruptedException {
        URI url = URI.create("http://127.0.0.1:" + port + "/api/v1/query?query="
                + query.replace("{", "%7B").replace("}", "%7D").replace("\"", "%22"));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? Json.mapper()
                            .readTree(answer.body())
                            .at("/data/result/0/value/1")
                            .asString("")
                    : "";
        } catch (IOException _) {
            return "";
        }
    }
}
