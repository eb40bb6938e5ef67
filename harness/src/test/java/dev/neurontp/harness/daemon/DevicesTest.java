package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.daemon.settings.DaemonSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Devices from an nvidia-smi that is a script: well, failing, hanging, gone. */
@Tag("long")
class DevicesTest {
    private static final String TWO_GPUS = """
            #!/bin/sh
            case "$1" in
            --query-gpu=index,name,*) printf '0, NVIDIA H200, 143771, 9.0, 570.86.15, GPU-a, 00000000:1B:00.0\\n1, NVIDIA H200, 143771, 9.0, 570.86.15, GPU-b, 00000000:1C:00.0\\n' ;;
            --query-gpu=index,memory*) printf '0, 1024, 142747, 37, 41, 2\\n1, [N/A], [N/A], [Not Supported], 40, [N/A]\\n' ;;
            --query-compute-apps*) : ;;
            -q) printf 'Driver Version                            : 570.86.15\\nCUDA Version                              : 12.8\\n' ;;
            esac
            """;

    @TempDir
    Path folder;

    private Path script(String text) throws IOException {
        Path next = folder.resolve("next");
        Files.writeString(next, text);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwx------"));
        return Files.move(
                next,
                folder.resolve("nvidia-smi"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private TestDaemon daemon(Path nvidiaSmi) throws Exception {
        return TestDaemon.start(
                folder,
                settings -> settings.with(DaemonSettings.NVIDIA_SMI, nvidiaSmi.toString())
                        .with(DaemonSettings.DEVICE_POLL, Duration.ofMillis(50))
                        .with(DaemonSettings.DEVICE_TIMEOUT, Duration.ofMillis(500)));
    }

    @Test
    void devicesAreDiscoveredAndRead() throws Exception {
        try (TestDaemon daemon = daemon(script(TWO_GPUS))) {
            await().until(() ->
                    !daemon.get("/health").json().get("devices_read").isNull());
            JsonNode discovery = daemon.get("/discovery").json();
            assertThat(discovery.get("cuda_version").stringValue()).isEqualTo("12.8");
            assertThat(discovery.get("driver_version").stringValue()).isEqualTo("570.86.15");
            assertThat(discovery.at("/devices/1/vram_total_mb").intValue()).isEqualTo(143771);
            assertThat(discovery.at("/devices/1/compute_capability").stringValue())
                    .isEqualTo("9.0");
            JsonNode health = daemon.get("/health").json();
            assertThat(health.at("/devices/0/utilization_pct").intValue()).isEqualTo(37);
            assertThat(health.at("/devices/1/vram_used_mb").isNull()).isTrue();
            assertThat(health.at("/devices/1/temp_c").intValue()).isEqualTo(40);
            assertThat(daemon.get("/metrics").text())
                    .contains(
                            "neuron_gpu_utilization_ratio{gpu=\"0\"} 0.37",
                            "neuron_gpu_memory_used_bytes{gpu=\"0\"} 1.073741824E9",
                            "neuron_gpu_temperature_celsius{gpu=\"1\"} 40",
                            "neuron_gpu_ecc_uncorrected{gpu=\"0\"} 2")
                    .as("a GPU that does not say")
                    .doesNotContain("neuron_gpu_ecc_uncorrected{gpu=\"1\"}", "neuron_gpu_memory_used_bytes{gpu=\"1\"}");
        }
    }

    @Test
    void aProgramThatSomebodyNamedAndThatIsNotThereIsAProblem() throws Exception {
        Path none = folder.resolve("no-such-program");
        try (TestDaemon daemon = daemon(none)) {
            await().untilAsserted(() -> assertThat(
                            daemon.get("/health").json().get("devices_problem").stringValue(""))
                    .isEqualTo("there is no program '" + none
                            + "' (devices.nvidia_smi): install it, or correct or remove the setting"));
            script(TWO_GPUS);
            assertThat(Files.move(folder.resolve("nvidia-smi"), none)).exists();
            await().until(() ->
                    daemon.get("/health").json().get("devices_problem").isNull());
        }
    }

    @Test
    void theMemoryOfARankIsThatOfItsProcess() throws Exception {
        try (TestDaemon daemon = daemon(script(TWO_GPUS))) {
            String id = daemon.pool("none");
            long pid = daemon.get("/pools/" + id).json().at("/ranks/1/pid").longValue();
            script(TWO_GPUS.replace("apps*) :", "apps*) echo " + pid + ", 512, 00000000:1C:00.0, neuron"));
            await().until(() -> daemon.get("/pools/" + id)
                            .json()
                            .at("/ranks/1/memory/gpu_used_mb")
                            .intValue(0)
                    == 512);
        }
    }

    /** A name with a comma, one that nvidia-smi hides, a program on two GPUs. */
    @Test
    void whatElseComputesOnAGpuIsTold() throws Exception {
        String programs = "apps*) printf '4711, 512, 00000000:1B:00.0, a, b\\n4711, [N/A], 00000000:1C:00.0, a, b\\n"
                + "4712, 7, 00000000:1C:00.0, [Insufficient Permissions]\\n'";
        try (TestDaemon daemon = daemon(script(TWO_GPUS.replace("apps*) :", programs)))) {
            await().until(() ->
                    !daemon.get("/health").json().get("devices_read").isNull());
            JsonNode health = daemon.get("/health").json();
            assertThat(health.at("/devices/0/processes"))
                    .hasToString("[{\"pid\":4711,\"name\":\"a, b\",\"vram_used_mb\":512}]");
            assertThat(health.at("/devices/1/processes"))
                    .hasToString("[{\"pid\":4711,\"name\":\"a, b\",\"vram_used_mb\":null},"
                            + "{\"pid\":4712,\"name\":\"[Insufficient Permissions]\",\"vram_used_mb\":7}]");
            assertThat(daemon.get("/discovery")
                            .json()
                            .at("/devices/1/pci_bus_id")
                            .stringValue())
                    .isEqualTo("00000000:1C:00.0");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            echo 'Failed to initialize NVML: Driver/library version mismatch'; echo 'NVML library version: 570.86'; exit 18 \
                | exit code 18: Failed to initialize NVML: Driver/library version mismatch; NVML library version: 570.86
            echo 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.' ; exit 9 \
                | exit code 9: NVIDIA-SMI has failed because it could not communicate
            echo 'libnvidia-ml.so.1: cannot open shared object file' >&2; exit 127 | exit code 127: libnvidia-ml.so.1: cannot
            exit 6                    | exit code 6 and no message
            echo 'No devices were found' | printed a line of another shape: 'No devices were found'
            exec sleep 100            | did not end within 500ms
            setsid sleep 3 & echo no handle >&2; exit 9 | failed with exit code 9: no handle
            sleep 100                 | did not end within 500ms
            echo nonsense             | 'nonsense'
            echo 'x, y, z, a, b'      | 'x, y, z, a, b'
            yes '0, '                 | did not end within 500ms
            head -c 5000000 /dev/zero | printed a line of another shape
            """)
    void aFailingPollKeepsTheLastReadingAndSaysWhy(String broken, String why) throws Exception {
        // One that hangs is said so again by the polls after the first.
        assertProblem(broken, why, why.startsWith("did not end") ? "still hangs from an earlier poll" : why);
    }

    /**
     * The program ended and its child holds stdout. Java ends the stream with the process when nobody reads at that moment, and
     * with the child otherwise; what the program itself said is there in both cases, and the poll ends.
     */
    @Test
    void aChildThatHoldsStdoutDoesNotHoldThePoll() throws Exception {
        assertProblem(
                "sleep 3 & echo '0, 1'", "has ended, and its stdout has not", "another shape: '0, 1'", "still hangs");
    }

    private void assertProblem(String broken, String... oneOf) throws Exception {
        try (TestDaemon daemon = daemon(script(TWO_GPUS))) {
            await().until(() ->
                    !daemon.get("/health").json().get("devices_read").isNull());
            script("#!/bin/sh\n" + broken + "\n");
            await().until(() ->
                    !daemon.get("/health").json().get("devices_problem").isNull());
            JsonNode health = daemon.get("/health").json();
            assertThat(health.get("devices")).hasSize(2);
            assertThat(health.get("devices_problem").stringValue())
                    .containsAnyOf(oneOf)
                    .hasSizeLessThan(600)
                    .doesNotContainPattern("\\p{Cntrl}");
            script(TWO_GPUS);
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            daemon.get("/health").json().get("devices_problem").isNull());
        }
    }

    @Test
    void aHostWithoutNvidiaSmiHasNoDevicesAndNoProblem() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            JsonNode discovery = daemon.get("/discovery").json();
            assertThat(discovery.get("devices")).isEmpty();
            assertThat(discovery.get("cuda_version").isNull()).isTrue();
            assertThat(discovery.get("hostname").stringValue()).isNotEmpty();
            assertThat(discovery.at("/harnesses/0").stringValue()).isEqualTo("candle");
            assertThat(daemon.get("/health").json().get("devices_problem").isNull())
                    .isTrue();
        }
    }
}
