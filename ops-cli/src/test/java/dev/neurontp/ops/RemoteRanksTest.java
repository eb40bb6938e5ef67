package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A rank on another host than its daemon: every sentence and table names that host, and nothing of the daemon's GPUs is told of it. */
class RemoteRanksTest {
    private static final String ID = "k3vd7q2m";
    private static final String END = """
            {"rank":1,"pid":4712,"host":"gpu-2","bye":false,"exit_code":null,"gone":false,"lost":true,
             "lease_ends":"2026-03-01T09:31:20Z","steps":["stdin closed"],"out_of_memory":false,"left_behind":[],
             "took_ms":55.2,"text":"its launcher: exit 255; lost: nothing was heard of its end"}""";

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    @Test
    void topShowsTheHostAndNoGpuOfTheDaemonsOwn() {
        live();
        CommandResult ran = CommandResult.against(daemon, "top");
        assertThat(ran.code()).as(ran.all()).isZero();
        assertThat(ran.out().lines().toList().getFirst()).matches("POOL +RANK +HOST +PID .*");
        assertThat(ran.out().lines().toList().get(1)).matches("k3vd7q2m +1 +gpu-2 +4712 +0 +joined +- +- +50 MiB .*");
        assertThat(CommandResult.against(daemon, "top", "-o", "json").out())
                .contains("\"host\":\"gpu-2\"", "\"gpu\":null");
    }

    @Test
    void aRankOnAnotherHostHoldsNoGpuOfThisOne() {
        live();
        CommandResult ran = CommandResult.against(daemon, "devices");
        assertThat(ran.code()).as(ran.all()).isZero();
        assertThat(ran.out()).contains("NVIDIA H100", "x (pid 4712)").doesNotContain(ID);
    }

    @Test
    void eventsNameTheHost() {
        daemon.streaming(
                "GET /pools/" + ID + "/events",
                event("\"type\":\"rank_state\",\"state\":\"ready\",\"rank\":1,\"pid\":4712")
                        + event("\"type\":\"rank_failed\",\"rank\":1,\"pid\":0,\"reason\":\"nothing was heard\""));
        String out = CommandResult.against(daemon, "events", ID).out();
        assertThat(out)
                .contains(
                        "2026-03-01T09:30:00.000Z  " + ID,
                        "rank 1 (pid 4712 on gpu-2) is ready",
                        "rank 1 (on gpu-2) failed: nothing was heard");
    }

    @Test
    void aLostRankIsToldWithItsHostAndTheEndOfItsLease() {
        lost();
        CommandResult status = CommandResult.against(daemon, "status");
        assertThat(status.code()).isEqualTo(ExitCode.FAILED);
        assertThat(status.err())
                .contains("Nothing shows that rank 1 ended.")
                .contains("By 2026-03-01T09:31:20Z its lease had ended it, unless an agent stood still.");
        assertThat(CommandResult.against(daemon, "describe").out()).contains("Last lines of rank 1 on gpu-2:");
        daemon.streaming("GET /pools/" + ID + "/events", "");
        assertThat(CommandResult.against(daemon, "wait", "--for", "gone").err())
                .contains("nobody saw the end of rank 1 (pid 4712 on gpu-2)");
    }

    @Test
    void theEndsOfAShutdownHaveTheHosts() {
        daemon.on(
                "POST /pools/" + ID + "/shutdown",
                200,
                Examples.operation(
                        ID,
                        "shutdown",
                        "done",
                        "{\"took_ms\":58.0,\"clean\":false,\"gone\":false,\"ends\":[" + END + "]}",
                        "null"));
        CommandResult ran = CommandResult.against(daemon, "shutdown", ID);
        assertThat(ran.out()).containsPattern("RANK +HOST +PID").contains("gpu-2");
        assertThat(ran.err()).contains("Look for it on gpu-2");
    }

    @Test
    void theLastPongOfARoundIsThatOfAHost() {
        daemon.on("POST /pools/" + ID + "/ping", 200, Examples.operation(ID, "ping", "done", """
                {"took_ms":0.44,"ranks":[{"rank":0,"pid":4711,"took_ms":0.41},
                 {"rank":1,"pid":4712,"host":"gpu-2","took_ms":0.44}]}""", "null"));
        assertThat(CommandResult.against(daemon, "ping", ID).out()).contains("the last was rank 1 on gpu-2");
    }

    @Test
    void aHostOnWhichNothingWasStartedIsToBeLookedAt() {
        daemon.on("POST /pools/" + ID + "/ping", 409, """
                {"error":{"type":"pool_failed","message":"spawn failed","detail":{"failure":{"text":"spawn failed on rank 1 (on gpu-2)",
                 "ranks":[{"rank":1,"pid":0,"host":"gpu-2","op":"spawn","elapsed_ms":2,"reason":"the connection to it ended","end":"exit 255",
                  "error_kind":null,"error_message":null,"stderr":[]}]}}}}""");
        assertThat(CommandResult.against(daemon, "ping", ID).err())
                .contains("What to do on a host: tpctl preflight --hosts gpu-2:0 --launcher NAME");
    }

    private static String event(String fields) {
        return "id: i-1\nevent: x\ndata: {\"id\":\"i-1\",\"seq\":1,\"time\":\"2026-03-01T09:30:00Z\",\"pool\":\"" + ID
                + "\",\"epoch\":1,\"host\":\"gpu-2\"," + fields + "}\n\n";
    }

    private void live() {
        daemon.on(
                "GET /pools",
                200,
                Examples.pools(Examples.summary(ID, "joined", null).replace("loopback", "nccl")));
        daemon.on("GET /discovery", 200, """
                {"version":"0.1.0","wire_contract":"1.0","hostname":"node-1","os":"Linux","kernel":"6.1","cuda_version":"12.4",
                 "driver_version":"550.1","devices":[
                   {"index":0,"name":"NVIDIA H100","vram_total_mb":81559,"compute_capability":"9.0"}],"harnesses":[]}""");
        daemon.on("GET /health", 200, """
                {"uptime_secs":5,"devices":[
                   {"index":0,"vram_used_mb":512,"vram_free_mb":81047,"utilization_pct":93,"temp_c":61,"processes":[
                      {"pid":4712,"name":"x","vram_used_mb":null}]}],
                 "devices_read":"2026-03-01T09:30:00Z","devices_problem":null}""");
        daemon.on("GET /pools/" + ID, 200, pool("joined", "nccl", "null", "null"));
    }

    private void lost() {
        daemon.on("GET /pools", 200, Examples.pools(Examples.summary(ID, "lost", null)))
                .on("GET /pools/" + ID, 200, pool("lost", "nccl", "\"2026-03-01T09:31:00Z\"", END));
    }

    private static String pool(String state, String communicator, String ended, String end) {
        return """
                {"id":"%s","epoch":1,"state":"%s","world_size":2,"communicator":"%s","command":["neuron"],
                 "launcher":"ssh","created":"2026-03-01T09:30:00.123Z","ended":%s,"busy":null,"reason":null,"failure":null,
                 "ranks":[{"rank":1,"pid":4712,"host":"gpu-2","start_ticks":1,"boot_id":"b","started":"2026-03-01T09:30:00Z",
                   "device":0,"state":"%s","last_pong":null,"round_trip_ms":0.4,
                   "memory":{"rss_bytes":52428800,"gpu_used_mb":null},"stderr":["a line"],"end":%s}]}""".formatted(ID, state, communicator, ended, state, end);
    }
}
