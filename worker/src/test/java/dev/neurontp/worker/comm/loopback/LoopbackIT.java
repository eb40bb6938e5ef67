package dev.neurontp.worker.comm.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups of real processes: sums move between them, and a death is told by its rank. */
class LoopbackIT {
    private static final String SANITY = "{\"op\":\"nccl_sanity_check\"}";
    private static final int WORLD = 3;

    private final List<ProgramProcess> started = new ArrayList<>();
    private String init;

    @BeforeEach
    void makeCommId() {
        ProgramProcess creator = ProgramProcess.neuron("--comm-id", "--communicator", "loopback");
        started.add(creator);
        init = "{\"op\":\"init\",\"comm_id\":\"" + creator.line() + "\"}";
    }

    @AfterEach
    void end() {
        started.forEach(ProgramProcess::close);
    }

    private List<ProgramProcess> ranks(String fault) {
        List<ProgramProcess> ranks = new ArrayList<>();
        for (int r = 0; r < WORLD; r++) {
            ranks.add(ProgramProcess.worker(Map.of("NEURON_LOOPBACK_FAULT", fault), "loopback", r, WORLD, 0));
        }
        started.addAll(ranks);
        ranks.forEach(rank -> rank.send(init));
        return ranks;
    }

    @Test
    void everyRankReportsTheWorldSizeAsOftenAsItIsAsked() {
        List<ProgramProcess> ranks = ranks("");
        for (ProgramProcess rank : ranks) {
            assertThat(rank.line()).isEqualTo("{\"op\":\"init_ok\"}");
        }
        for (int i = 0; i < 3; i++) {
            ranks.forEach(rank -> rank.send(SANITY));
            for (ProgramProcess rank : ranks) {
                assertThat(rank.line()).isEqualTo("{\"op\":\"nccl_sanity_result\",\"observed_sum\":3}");
            }
        }
    }

    @Test
    void aRankThatDiesInInitFailsTheInitOfTheOthers() {
        List<ProgramProcess> ranks = ranks("rank=2,at=init,do=die");
        assertThat(ranks.get(2).exitCode()).isEqualTo(Fault.EXIT_CODE);
        for (int r = 0; r < 2; r++) {
            assertThat(ranks.get(r).line())
                    .contains("\"kind\":\"nccl_init_failed\"")
                    .contains("rank 2");
            assertThat(ranks.get(r).ask(SANITY)).contains("\"kind\":\"nccl_not_initialised\"");
        }
    }

    @Test
    void aRankThatDiesInTheAllReduceFailsItOnTheOthers() {
        List<ProgramProcess> ranks = ranks("rank=1,at=all-reduce,do=die");
        ranks.forEach(rank -> assertThat(rank.line()).contains("init_ok"));
        ranks.forEach(rank -> rank.send(SANITY));
        for (int r : new int[] {0, 2}) {
            assertThat(ranks.get(r).line())
                    .contains("\"kind\":\"nccl_sanity_failed\"")
                    .contains("rank 1 has gone");
        }
    }

    /**
     * One of the JVM's own, which wait for the network on behalf of virtual threads, never comes back from there: each end
     * of such a process would take 300 ms longer.
     */
    @Test
    void noThreadWaitsForTheNetworkThatTheEndWouldWaitFor() throws IOException {
        List<ProgramProcess> ranks = ranks("");
        ranks.forEach(rank -> assertThat(rank.line()).contains("init_ok"));
        // The creator of the comm_id has no such thread any more: nobody needs it once all are linked.
        for (ProgramProcess rank : ranks) {
            assertThat(threads(rank.pid())).anyMatch(name -> name.startsWith("loopback-"));
        }
        for (ProgramProcess process : started) {
            assertThat(threads(process.pid())).noneMatch(name -> name.contains("Poller"));
        }
    }

    private static List<String> threads(long pid) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                try {
                    names.add(Files.readString(task.resolve("comm")).strip());
                } catch (NoSuchFileException _) {
                    // It has ended since it was listed.
                }
            }
        }
        return names;
    }

    @Test
    void killingTheCreatorFailsAPendingInit() {
        ProgramProcess alone = ProgramProcess.worker(Map.of("NEURON_LOG", "debug"), "loopback", 0, 2, 0);
        started.add(alone);
        alone.send(init);
        alone.awaitLog("joining");
        started.getFirst().signal("KILL");
        assertThat(alone.line()).contains("nccl_init_failed").contains("the creator of the comm_id");
    }

    @Test
    void theCreatorEndsWithItsInput() {
        ProgramProcess creator = started.getFirst();
        creator.send("anything");
        creator.closeStdin();
        assertThat(creator.exitCode()).isZero();
        creator.expectEndOfStdout();
    }
}
