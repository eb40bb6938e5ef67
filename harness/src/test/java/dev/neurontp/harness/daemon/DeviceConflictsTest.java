package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.testing.FrozenProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPUs that a pool cannot have. */
class DeviceConflictsTest {
    @TempDir
    Path folder;

    /** Of workers that another command starts, so that this host needs no NCCL. */
    private static String pool(String communicator, String devices, String more) {
        return "{\"world_size\":2,\"devices\":" + devices + ",\"communicator\":\"" + communicator + "\",\"command\":"
                + Json.text(TestDaemon.command("late@1#3")) + more + "}";
    }

    @Test
    void twoLivePoolsDoNotHaveOneGpuUnlessItIsAskedFor() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            HttpReply first = daemon.post("/pools?wait=30s", pool("nccl", "[0,1]", ",\"name\":\"a\""));
            assertThat(first.status()).as(first.text()).isEqualTo(201);
            String id = first.json().get("id").stringValue();

            HttpReply taken = daemon.post("/pools?wait=30s", pool("nccl", "[1,2]", ""));
            assertThat(taken.status()).isEqualTo(409);
            assertThat(taken.error()).isEqualTo("device_taken");
            assertThat(taken.message()).contains("pool " + id + " 'a' has the GPU 1", "share_devices");
            assertThat(taken.json().at("/error/detail/pool").stringValue()).isEqualTo(id);

            HttpReply shared = daemon.post("/pools?wait=30s", pool("nccl", "[1,2]", ",\"share_devices\":true"));
            assertThat(shared.status()).as(shared.text()).isEqualTo(201);
            assertThat(shared.json().get("share_devices").booleanValue()).isTrue();
            HttpReply third = daemon.post("/pools?wait=30s", pool("nccl", "[2,3]", ""));
            assertThat(third.error()).isEqualTo("device_taken");

            daemon.delete("/pools/a?wait=20s");
            assertThat(daemon.post("/pools?wait=30s", pool("nccl", "[0,3]", "")).status())
                    .isEqualTo(201);
        }
    }

    @Test
    void aPoolThatIsReplacedMakesRoomForItsSuccessorAndStaysWhereThatCannotBe() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            daemon.post("/pools?wait=30s", pool("nccl", "[4,5]", ""));
            assertThat(daemon.put("/pools/a?wait=30s", pool("nccl", "[0,1]", ""))
                            .json()
                            .get("result")
                            .stringValue())
                    .isEqualTo("created");
            for (String query : List.of("?wait=30s", "?dry_run=true")) {
                assertThat(daemon.put("/pools/a" + query, pool("nccl", "[1,4]", ""))
                                .error())
                        .isEqualTo("device_taken");
                assertThat(daemon.put("/pools/b" + query, pool("nccl", "[1,2]", ""))
                                .error())
                        .isEqualTo("device_taken");
            }
            assertThat(daemon.state("a")).isEqualTo("ready");
            assertThat(daemon.put("/pools/a?wait=30s", pool("nccl", "[1,2]", ""))
                            .json()
                            .get("result")
                            .stringValue())
                    .isEqualTo("replaced");
        }
    }

    /** As one that waits inside a driver: it is lost, and its GPU is nobody's as long as its process is there. */
    @Tag("long")
    @Test
    void theGpuOfAWorkerThatNotEvenSigkillEndsIsKept() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.post("/pools?wait=30s", pool("nccl", "[0,1]", ""))
                    .json()
                    .get("id")
                    .stringValue();
            long pid = daemon.get("/pools/" + id).json().at("/ranks/1/pid").longValue();
            try (FrozenProcess frozen = FrozenProcess.of(pid)) {
                daemon.delete("/pools/" + id + "?wait=30s");
                HttpReply taken = daemon.post("/pools?wait=30s", pool("nccl", "[1,2]", ""));
                assertThat(taken.error()).as(taken.text()).isEqualTo("device_taken");
                assertThat(taken.message())
                        .contains(
                                "the device 1 may still be held: rank 1 of the pool " + id + " was lost", "pid " + pid);
                assertThat(daemon.post("/pools?wait=30s", pool("nccl", "[0,2]", ""))
                                .status())
                        .isEqualTo(201);
                assertThat(daemon.get("/metrics").text()).contains("neuron_ranks_lost_total{host=\"\"} 1");
                frozen.thaw();
                await().until(() -> daemon.post("/pools?wait=30s", pool("nccl", "[1,3]", ""))
                                .status()
                        == 201);
            }
        }
    }

    @Test
    void oneGpuTwiceInAPoolIsAskedForToo() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            HttpReply twice = daemon.post("/pools?wait=30s", pool("nccl", "[3,3]", ""));
            assertThat(twice.status()).isEqualTo(422);
            assertThat(twice.message()).contains("the GPU 3 to rank 0 and to rank 1", "share_devices");
            assertThat(daemon.post("/pools?wait=30s", pool("nccl", "[3,3]", ",\"share_devices\":true"))
                            .status())
                    .isEqualTo(201);
        }
    }

    @Test
    void withoutGpusTheNumbersAreNumbers() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            for (String devices : List.of("[0,0]", "[0,99]", "[0,1]")) {
                assertThat(daemon.post("/pools?wait=30s", pool("loopback", devices, ""))
                                .status())
                        .as(devices)
                        .isEqualTo(201);
            }
            assertThat(daemon.post("/pools?wait=30s", pool("nccl", "[0,1]", "")).status())
                    .isEqualTo(201);
        }
    }

    @Test
    void aGpuThatTheHostDoesNotHaveIsRefused() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(
                folder,
                settings -> settings.with(DaemonSettings.NVIDIA_SMI, twoGpus().toString()))) {
            HttpReply none = daemon.post(
                    "/pools", "{\"world_size\":2,\"communicator\":\"nccl\",\"devices\":[7,9],\"share_devices\":true}");
            assertThat(none.status()).isEqualTo(422);
            assertThat(none.error()).isEqualTo("no_such_device");
            assertThat(none.message()).contains("rank 0 would have the GPU 7", "sees 0 to 1");
            // The numbers of another host are not known here.
            assertThat(daemon.post("/pools?wait=30s", pool("nccl", "[7,9]", "")).status())
                    .isEqualTo(201);
        }
    }

    private Path twoGpus() {
        try {
            Path script = Files.writeString(folder.resolve("nvidia-smi"), """
                    #!/bin/sh
                    case "$1" in
                    --query-gpu=index,name,*) printf '0, NVIDIA H200, 143771, 9.0, 570.86.15, GPU-a, 00000000:1B:00.0\\n1, NVIDIA H200, 143771, 9.0, 570.86.15, GPU-b, 00000000:1C:00.0\\n' ;;
                    --query-gpu=index,memory*) printf '0, 1024, 142747, 37, 41\\n1, 1024, 142747, 37, 41\\n' ;;
                    esac
                    """);
            return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
