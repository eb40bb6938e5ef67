package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What must hold on one GPU, real or simulated: only the place where the ranks run differs. */
abstract class NcclScenarios {
    private static final String INIT_OK = "{\"op\":\"init_ok\"}";
    private static final Duration EXIT = Duration.ofSeconds(10);

    abstract NcclHost host();

    @Test
    void aWorldOfOneJoinsAndReduces() throws IOException, InterruptedException {
        try (NcclGroup group = NcclGroup.of(host(), 1).start()) {
            assertThat(group.sanity()).singleElement().asString().contains("nccl_not_initialised");
            assertThat(group.init()).containsExactly(INIT_OK);
            assertThat(group.sanity()).containsExactly("{\"op\":\"nccl_sanity_result\",\"observed_sum\":1}");
            assertThat(group.check())
                    .containsExactly("{\"op\":\"x_nccl_check_result\",\"sum_of_ones\":1,\"sum_of_ranks\":1,"
                            + "\"rank_bits\":\"00000001\"}");
            assertThat(group.init()).singleElement().asString().contains("nccl_already_initialised");
            assertThat(group.sanity()).containsExactly("{\"op\":\"nccl_sanity_result\",\"observed_sum\":1}");
            assertThat(group.end(EXIT)).containsExactly(0);
        }
    }

    @Test
    void twoRanksOnOneGpuAreRefusedInWords() throws IOException, InterruptedException {
        twoRanksOnOneGpuAreRefusedInWords(host());
    }

    /**
     * Which words NCCL has for it depends on its version, and in 2.30.3 and 2.30.4 one rank alone hears them: the other
     * waits, and its own timeout ends that.
     */
    static void twoRanksOnOneGpuAreRefusedInWords(NcclHost host) throws IOException, InterruptedException {
        try (NcclGroup group = NcclGroup.of(host, 2).onOneGpu().initTimeout(8).start()) {
            List<String> replies = group.init();

            assertThat(replies)
                    .allSatisfy(reply -> assertThat(reply).contains("\"nccl_init_failed\"", "on CUDA device 0"));
            assertThat(replies).anyMatch(reply -> reply.contains("ncclInvalidUsage"));
            assertThat(group.ping()).allMatch(reply -> reply.startsWith("{\"op\":\"pong\""));
            assertThat(group.end(EXIT)).containsExactly(0, 0);
        }
    }

    @Test
    void aMissingPeerIsEndedByTheDeadline() throws IOException, InterruptedException {
        try (NcclGroup group = NcclGroup.of(host(), 2).initTimeout(4).start(1)) {
            long start = System.nanoTime();
            List<String> replies = group.init();

            assertThat(replies)
                    .singleElement()
                    .asString()
                    .contains(
                            "\"nccl_init_failed\"",
                            "timed out waiting for the other ranks, 4.0 s are allowed",
                            "the last step of rank 0 was waiting for all ranks to join (ncclCommInitRankConfig)",
                            "NCCL's RAS port",
                            "start a new worker");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(20));
            assertThat(group.init()).singleElement().asString().contains("cannot join a group any more");
            assertThat(group.end(EXIT)).containsExactly(0);
        }
    }

    @Test
    void aPeerKilledWhileAllJoinIsNotWaitedForWithoutEnd() throws IOException, InterruptedException {
        try (NcclGroup group =
                NcclGroup.of(host(), 3).sharingOneGpu().initTimeout(6).start(2)) {
            group.ping();
            group.beginInit();
            group.rank(1).signal("KILL");

            assertThat(group.rank(0).line(NcclGroup.TIMEOUT)).contains("\"nccl_init_failed\"", "rank 0");
            group.rank(0).closeStdin();
            assertThat(group.rank(0).exitCode(EXIT)).isZero();
        }
    }

    @Test
    void twoRanksShareAGpuByTheRecipe() throws IOException, InterruptedException {
        try (NcclGroup group = NcclGroup.of(host(), 2).sharingOneGpu().start()) {
            assertThat(group.init()).containsExactly(INIT_OK, INIT_OK);
            assertThat(group.sanity()).allMatch(reply -> reply.endsWith("\"observed_sum\":2}"));
            assertThat(group.check()).allMatch(reply -> reply.contains("\"rank_bits\":\"00000003\""));
            assertThat(group.end(EXIT)).containsExactly(0, 0);
        }
    }

    @Test
    void aPeerKilledInTheGroupFailsTheNextCollective() throws IOException, InterruptedException {
        try (NcclGroup group =
                NcclGroup.of(host(), 2).sharingOneGpu().timeout(4).start()) {
            assertThat(group.init()).containsExactly(INIT_OK, INIT_OK);
            group.rank(1).signal("KILL");
            group.rank(1).exitCode(EXIT);
            group.rank(0).send("{\"op\":\"nccl_sanity_check\"}");

            assertThat(group.rank(0).line(NcclGroup.TIMEOUT)).contains("\"nccl_sanity_failed\"", "rank 0");
            group.rank(0).closeStdin();
            assertThat(group.rank(0).exitCode(EXIT)).isZero();
        }
    }
}
