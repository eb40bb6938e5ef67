package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Xids from the driver to the metrics of a real daemon, over the stand-in for NVML. */
@Tag("long")
class XidMetricIT {
    private static final Path NVML = Path.of("target/sim/libnvidia-ml.so.1").toAbsolutePath();
    private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    @RegisterExtension
    private final LiveDaemonFixture site =
            new LiveDaemonFixture().with("NEURON_NVML_LIBRARY", NVML.toString()).with("NEURONTP_SIM_DEVICES", "2");

    @BeforeEach
    void needsTheStandIn() {
        assumeTrue(Files.exists(NVML), "SKIPPED: there is no stand-in at " + NVML + ": it needs gcc");
    }

    @Test
    void anXidIsCountedAndAGpuThatTellsNothingIsNot() throws Exception {
        LiveDaemonFixture.Live daemon = daemon("xid@0=79,no_events@1");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(metrics(daemon))
                        .contains("neuron_gpu_xid_errors_total{gpu=\"0\"} 1.0", "neuron_gpu_xid_last{gpu=\"0\"} 79.0"));
        assertThat(metrics(daemon)).doesNotContain("neuron_gpu_xid_errors_total{gpu=\"1\"}");
        daemon.awaiting("GPU 0 reported Xid 79: tpctl doctor --only xid");
        daemon.process().destroy();
        assertThat(daemon.end().code()).isZero();
        site.awaitNothingLeft();
    }

    @Test
    void whereNobodyTellsThemTheLogSaysSoAndNoNumberDoes() throws Exception {
        LiveDaemonFixture.Live daemon = daemon("no_events@0,no_events@1");
        daemon.awaiting("the Xids of the GPUs are not counted: NVML tells the events of none of its 2 GPUs");
        assertThat(metrics(daemon)).doesNotContain("neuron_gpu_xid");
    }

    @Test
    void theProgramThatWaitsForThemEndsWithADaemonThatIsKilled() throws Exception {
        LiveDaemonFixture.Live daemon = daemon("");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(metrics(daemon)).contains("neuron_gpu_xid_errors_total{gpu=\"1\"} 0.0"));
        assertThat(site.processes()).hasSizeGreaterThan(1);
        daemon.process().destroyForcibly();
        await().atMost(Duration.ofSeconds(20)).until(() -> site.processes().isEmpty());
    }

    private LiveDaemonFixture.Live daemon(String nvml) throws IOException {
        Path smi = Files.writeString(site.folder().resolve("nvidia-smi"), """
                #!/bin/sh
                case $1 in
                --query-gpu=index,name,*) echo '0, NVIDIA H200, 143771, 9.0, 570.86.15, GPU-a, 00000000:1B:00.0' ;;
                --query-gpu=index,memory*) echo '0, 1024, 142747, 37, 41, 0' ;;
                esac
                """);
        assertThat(smi.toFile().setExecutable(true)).isTrue();
        Path config = Files.writeString(
                site.folder().resolve("neuron.toml"), "http.port = 0\ndevices.nvidia_smi = \"" + smi + "\"\n");
        return site.with("NEURONTP_SIM_NVML", nvml)
                .neuron("--config", config.toString())
                .awaiting("status=listening");
    }

    private String metrics(LiveDaemonFixture.Live daemon) throws IOException, InterruptedException {
        Matcher url = URL.matcher(daemon.said());
        assertThat(url.find()).as(daemon.said()).isTrue();
        String token = Files.readString(site.runtime().resolve("token")).strip();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url.group() + "/metrics"))
                                    .header("Authorization", "Bearer " + token)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
