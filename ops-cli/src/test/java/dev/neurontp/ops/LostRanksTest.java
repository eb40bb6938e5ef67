package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon that does not know whether a worker has ended: no command says more, and each exits with 1. */
class LostRanksTest {
    private static final String ID = "k3vd7q2m";
    private static final String END = """
            {"rank":1,"pid":4712,"bye":false,"exit_code":255,"gone":false,"lost":true,"steps":["SIGTERM"],
             "out_of_memory":false,"left_behind":[],"took_ms":55.2,"text":"exit 255; SIGTERM sent; lost: nobody knows"}""";

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    @Test
    void lsShowsALostPool() {
        daemon.on("GET /pools", 200, Examples.pools(Examples.summary(ID, "lost", null)));
        assertThat(CommandResult.against(daemon, "ls").out()).contains(ID, "lost");
    }

    @Test
    void statusNamesTheRanksThatAreLost() {
        pool();
        CommandResult ran = CommandResult.against(daemon, "status");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.out()).contains("is lost", "lost: nobody knows");
        assertThat(ran.err()).contains("Nothing shows that rank 1 ended.");
        assertThat(CommandResult.against(daemon, "describe").code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void nobodyWaitsForTheEndOfALostRank() {
        pool();
        daemon.streaming("GET /pools/" + ID + "/events", "");
        CommandResult ran = CommandResult.against(daemon, "wait", "--for", "gone");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err()).contains("is over, and nobody saw the end of rank 1 (pid 4712)");
        assertThat(CommandResult.against(daemon, "wait", "--for", "ready").code())
                .isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aShutdownWithALostRankHasNotDoneWhatWasAsked() {
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
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.out()).contains("lost: nobody knows");
        assertThat(ran.err()).contains("Not every worker was seen to end.").doesNotContain("kill -KILL");
    }

    private void pool() {
        daemon.on("GET /pools", 200, Examples.pools(Examples.summary(ID, "lost", null)))
                .on("GET /pools/" + ID, 200, """
                        {"id":"%s","epoch":1,"state":"lost","world_size":2,"communicator":"loopback","command":["ssh"],
                         "created":"2026-03-01T09:30:00.123Z","ended":"2026-03-01T09:31:00Z","busy":null,
                         "reason":null,"failure":null,
                         "ranks":[{"rank":1,"pid":4712,"start_ticks":1,"boot_id":"b","started":"2026-03-01T09:30:00Z",
                           "device":0,"state":"lost","last_pong":null,"round_trip_ms":null,
                           "memory":{"rss_bytes":null,"gpu_used_mb":null},"stderr":[],"end":%s}]}""".formatted(ID, END));
    }
}
