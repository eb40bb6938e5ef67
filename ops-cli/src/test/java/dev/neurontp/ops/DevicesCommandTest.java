package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code devices} and {@code top}: GPUs, and who is on them. */
class DevicesCommandTest {
    private static final String ID = "k3vd7q2m";

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    @BeforeEach
    void twoGpus() {
        daemon.on("GET /pools", 200, pool("nccl"));
        daemon.on("GET /discovery", 200, """
                {"version":"0.1.0","wire_contract":"1.0","hostname":"node-1","os":"Linux","kernel":"6.1","cuda_version":"12.4",
                 "driver_version":"550.1","devices":[
                   {"index":0,"name":"NVIDIA H100","vram_total_mb":81559,"compute_capability":"9.0"},
                   {"index":1,"name":"NVIDIA H100","vram_total_mb":81559,"compute_capability":"9.0"}],"harnesses":[]}""");
        daemon.on("GET /health", 200, """
                {"uptime_secs":5,"devices":[
                   {"index":0,"vram_used_mb":512,"vram_free_mb":81047,"utilization_pct":93,"temp_c":61,"processes":[
                      {"pid":4711,"name":"neuron","vram_used_mb":500},{"pid":99,"name":"python3","vram_used_mb":12},
                      {"pid":98,"name":"x","vram_used_mb":null}]},
                   {"index":1,"vram_used_mb":4,"vram_free_mb":81555,"utilization_pct":0,"temp_c":33}],
                 "devices_read":"2026-03-01T09:30:00Z","devices_problem":null}""");
        daemon.on("GET /pools/" + ID, 200, """
                {"id":"%s","epoch":1,"state":"joined","world_size":1,"communicator":"nccl","command":["neuron"],
                 "created":"2026-03-01T09:30:00.123Z","ended":null,"busy":null,"reason":null,"failure":null,
                 "ranks":[{"rank":0,"pid":4711,"start_ticks":1,"boot_id":"b","started":"2026-03-01T09:30:00Z","device":0,
                   "state":"joined","last_pong":null,"round_trip_ms":0.4,"memory":{"rss_bytes":52428800,"gpu_used_mb":500},
                   "stderr":[],"end":null}]}""".formatted(ID));
    }

    private static String pool(String communicator) {
        return Examples.pools(Examples.summary(ID, "joined", null).replace("loopback", communicator));
    }

    @Test
    void devicesSayWhichRanksAreOnThem() {
        CommandResult ran = CommandResult.against(daemon, "devices");
        assertThat(ran.code()).as(ran.all()).isZero();
        assertThat(ran.out().lines().toList().get(1))
                .matches("0 +NVIDIA H100 +512 of 81559 MiB +93% +61 C +\\S+ +k3vd7q2m rank 0 \\(pid 4711\\)"
                        + " +python3 \\(pid 99, 12 MiB\\), x \\(pid 98\\)");
        assertThat(ran.out().lines().toList().get(2)).matches("1 +NVIDIA H100 +4 of 81559 MiB +0% +33 C +\\S+ +- +-");
        assertThat(CommandResult.against(daemon, "devices", "-o", "json").out())
                .hasLineCount(2)
                .contains("\"ranks\":[{\"pool\":\"k3vd7q2m\",\"rank\":0,\"pid\":4711}]")
                .contains("\"others\":[{\"pid\":99,");
    }

    @Test
    void aRankWhoseCommunicatorUsesNoGpuIsOnNone() {
        daemon.on("GET /pools", 200, pool("loopback"));
        assertThat(CommandResult.against(daemon, "devices").out()).doesNotContain(ID);
        assertThat(CommandResult.against(daemon, "top").out().lines().toList().get(1))
                .startsWith(ID)
                .doesNotContain("93%");
    }

    @Test
    void aHostWithoutGpusSaysWhy() {
        daemon.on("GET /discovery", 200, """
                {"version":"0.1.0","wire_contract":"1.0","hostname":"node-1","os":"Linux","kernel":"6.1","cuda_version":null,
                 "driver_version":null,"devices":[],"harnesses":[]}""");
        daemon.on("GET /health", 200, """
                {"uptime_secs":5,"devices":[],"devices_read":null,"devices_problem":"nvidia-smi did not end within 3 s"}""");
        CommandResult ran = CommandResult.against(daemon, "devices");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("no GPU is known to daemon", "nvidia-smi did not end within 3 s");
    }

    @Test
    void topShowsEachRankOnceInAPipe() {
        CommandResult ran = CommandResult.against(daemon, "top");
        assertThat(ran.code()).as(ran.all()).isZero();
        assertThat(ran.out()).hasLineCount(2);
        assertThat(ran.out().lines().toList().get(1))
                .matches("k3vd7q2m +0 +4711 +0 +joined +93% +500 MiB +50 MiB +0.40 ms +-");
        assertThat(CommandResult.against(daemon, "top", "k3", "-o", "json").out())
                .contains("\"utilization_pct\":93", "\"round_trip_ms\":0.4");
        daemon.on("GET /pools", 200, Examples.pools());
        assertThat(CommandResult.against(daemon, "top").err()).contains("No pool lives");
        daemon.on("GET /pools", 200, Examples.pools(Examples.summary(ID, "starting", null)))
                .on(
                        "GET /pools/" + ID,
                        200,
                        Examples.failedPool(ID)
                                .replaceFirst("(?s)\"ranks\":\\[\\{\"rank\":0.*", "\"ranks\":[]}")
                                .replace("\"failed\"", "\"starting\""));
        assertThat(CommandResult.against(daemon, "top").err())
                .contains("No rank is there yet: k3vd7q2m (being started)");
    }

    @Test
    void aPoolThatCannotBeReadFailsAndHidesNoOther() {
        daemon.on("GET /pools/" + ID, 503, """
                {"error":{"type":"stopping","message":"this daemon is stopping","detail":null}}""");
        CommandResult ran = CommandResult.against(daemon, "top");
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err()).contains("this daemon is stopping");
    }
}
