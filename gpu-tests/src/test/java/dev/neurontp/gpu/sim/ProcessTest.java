package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranks in processes of their own, as in life: they die, print, and have each its own environment. */
@SimTest
class ProcessTest {
    private static final int KILLED = 128 + 9;

    private final RankProcesses processes = new RankProcesses();

    @TempDir
    private Path folder;

    @AfterEach
    void endAll() throws InterruptedException {
        processes.killAll();
    }

    @Test
    void processesAddUpAndPrintNothing() throws Exception {
        List<RankProcesses.Ended> ranks = processes.runAll(3, Map.of());

        assertThat(ranks).allSatisfy(rank -> {
            assertThat(rank.told()).containsEntry("sum", "3").containsEntry("ended", "0");
            assertThat(rank.stdout()).isEmpty();
            assertThat(rank.exit()).isZero();
        });
    }

    @Test
    void aProcessThatDiesInInitEndsTheInitOfTheOthers() throws Exception {
        List<RankProcesses.Ended> ranks = processes.runAll(3, Map.of("NEURONTP_SIM_FAULT", "die@init:1"));

        assertThat(ranks.get(1).exit()).isEqualTo(KILLED);
        assertThat(List.of(ranks.get(0), ranks.get(2)))
                .allSatisfy(rank -> assertThat(rank.told()).containsEntry("joined", "6"));
    }

    @Test
    void aProcessThatDiesInACollectiveFailsItForTheOthersByItsNumber() throws Exception {
        List<RankProcesses.Ended> ranks = processes.runAll(3, Map.of("NEURONTP_SIM_FAULT", "die@collective:1"));

        assertThat(ranks.get(1).exit()).isEqualTo(KILLED);
        assertThat(List.of(ranks.get(0), ranks.get(2))).allSatisfy(rank -> {
            assertThat(rank.told()).containsEntry("state", "6");
            assertThat(rank.told().get("error")).contains("Connection closed by rank 1");
        });
    }

    @Test
    void rankZeroMayDieToo() throws Exception {
        List<RankProcesses.Ended> ranks = processes.runAll(2, Map.of("NEURONTP_SIM_FAULT", "die@collective:0"));

        assertThat(ranks.get(0).exit()).isEqualTo(KILLED);
        assertThat(ranks.get(1).told()).containsEntry("state", "6");
    }

    @Test
    void aDebugSettingMakesItPrintOnStdout() throws Exception {
        RankProcesses.Ended rank =
                processes.runAll(1, Map.of("NCCL_DEBUG", "INFO")).getFirst();

        assertThat(rank.stdout())
                .contains("NCCL version 2.28.9+cuda12.8 (neurontp simulation)")
                .contains("NCCL INFO comm")
                .contains("Init COMPLETE (neurontp simulation)");
    }

    @Test
    void theSettingMayComeFromAFile() throws Exception {
        Path conf = Files.writeString(folder.resolve("any.conf"), "# a comment\nNCCL_DEBUG=VERSION\n");
        Files.writeString(folder.resolve(".nccl.conf"), "NCCL_DEBUG=INFO\n");

        assertThat(processes
                        .runAll(1, Map.of("NCCL_CONF_FILE", conf.toString()))
                        .getFirst()
                        .stdout())
                .isEqualTo("NCCL version 2.28.9+cuda12.8 (neurontp simulation)\n");
        assertThat(processes
                        .runAll(1, Map.of("HOME", folder.toString()))
                        .getFirst()
                        .stdout())
                .contains("NCCL INFO");
        assertThat(processes
                        .runAll(1, Map.of("HOME", folder.toString(), "NCCL_DEBUG", "NONE"))
                        .getFirst()
                        .stdout())
                .isEmpty();
    }

    @Test
    void whatItPrintsMayGoToAFile() throws Exception {
        Path log = folder.resolve("nccl.log");

        RankProcesses.Ended rank = processes
                .runAll(1, Map.of("NCCL_DEBUG", "INFO", "NCCL_DEBUG_FILE", log.toString()))
                .getFirst();

        assertThat(rank.stdout()).isEmpty();
        assertThat(log).content().contains("Init COMPLETE");
    }

    @Test
    void visibleDevicesAreCountedAndNumberedAnew() throws Exception {
        assertThat(processes
                        .runOne(Map.of("NEURONTP_SIM_DEVICES", "3"), "devices")
                        .told())
                .containsEntry("count", "3");
        assertThat(processes
                        .runOne(Map.of("CUDA_VISIBLE_DEVICES", "5,2"), "devices")
                        .told())
                .containsEntry("count", "2");
        assertThat(processes
                        .runOne(Map.of("NEURONTP_SIM_DEVICES", "0"), "devices")
                        .told())
                .containsEntry("init", "100");
        assertThat(processes
                        .runOne(Map.of("CUDA_VISIBLE_DEVICES", ""), "devices")
                        .told())
                .containsEntry("init", "100");
    }

    @Test
    void aGpuIsTheSameOneUnderAnyNumber() throws Exception {
        String id = processes.serveId();
        Process first = processes.start(Map.of("CUDA_VISIBLE_DEVICES", "4"), "0", "2", "0", id);
        Process second = processes.start(Map.of("CUDA_VISIBLE_DEVICES", "1,4"), "1", "2", "1", id);

        assertThat(RankProcesses.end(first).told()).containsEntry("joined", "5");
        assertThat(RankProcesses.end(second).told().get("error"))
                .contains("Duplicate GPU detected", "CUDA device 5000");
    }

    @Test
    void ranksThatNameDifferentHostsMayShareAGpu() throws Exception {
        String id = processes.serveId();
        Process first = processes.start(Map.of("NCCL_HOSTID", "a"), "0", "2", "0", id);
        Process second = processes.start(Map.of("NCCL_HOSTID", "b"), "1", "2", "0", id);

        assertThat(RankProcesses.end(first).told()).containsEntry("sum", "2");
        assertThat(RankProcesses.end(second).told()).containsEntry("sum", "2");
    }

    @Test
    void anIdWhoseCreatorIsGoneIsAConnectionRefused() throws Exception {
        String id = processes.serveId();
        processes.first().destroyForcibly().waitFor();

        RankProcesses.Ended rank = processes.runOne(Map.of(), "0", "1", "0", id);

        assertThat(rank.told()).containsEntry("joined", "2");
        assertThat(rank.told().get("error")).contains("Connection refused");
    }
}
