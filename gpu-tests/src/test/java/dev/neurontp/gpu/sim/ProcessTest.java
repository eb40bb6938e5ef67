package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranks in processes of their own, as in life: they die, print, and have each its own environment. */
@SimTest
class ProcessTest {
    private static final int KILLED = 128 + 9;

    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path folder;

    /** What a process wrote, and how it ended. */
    private record Ended(int exit, String stdout, Map<String, String> told) {}

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void processesAddUpAndPrintNothing() throws Exception {
        List<Ended> ranks = runAll(3, Map.of());

        assertThat(ranks).allSatisfy(rank -> {
            assertThat(rank.told()).containsEntry("sum", "3").containsEntry("ended", "0");
            assertThat(rank.stdout()).isEmpty();
            assertThat(rank.exit()).isZero();
        });
    }

    @Test
    void aProcessThatDiesInInitEndsTheInitOfTheOthers() throws Exception {
        List<Ended> ranks = runAll(3, Map.of("NEURONTP_SIM_FAULT", "die@init:1"));

        assertThat(ranks.get(1).exit()).isEqualTo(KILLED);
        assertThat(List.of(ranks.get(0), ranks.get(2)))
                .allSatisfy(rank -> assertThat(rank.told()).containsEntry("joined", "6"));
    }

    @Test
    void aProcessThatDiesInACollectiveFailsItForTheOthersByItsNumber() throws Exception {
        List<Ended> ranks = runAll(3, Map.of("NEURONTP_SIM_FAULT", "die@collective:1"));

        assertThat(ranks.get(1).exit()).isEqualTo(KILLED);
        assertThat(List.of(ranks.get(0), ranks.get(2))).allSatisfy(rank -> {
            assertThat(rank.told()).containsEntry("state", "6");
            assertThat(rank.told().get("error")).contains("Connection closed by rank 1");
        });
    }

    @Test
    void rankZeroMayDieToo() throws Exception {
        List<Ended> ranks = runAll(2, Map.of("NEURONTP_SIM_FAULT", "die@collective:0"));

        assertThat(ranks.get(0).exit()).isEqualTo(KILLED);
        assertThat(ranks.get(1).told()).containsEntry("state", "6");
    }

    @Test
    void aDebugSettingMakesItPrintOnStdout() throws Exception {
        Ended rank = runAll(1, Map.of("NCCL_DEBUG", "INFO")).getFirst();

        assertThat(rank.stdout())
                .contains("NCCL version 2.28.9+cuda12.8 (neurontp simulation)")
                .contains("NCCL INFO comm")
                .contains("Init COMPLETE (neurontp simulation)");
    }

    @Test
    void theSettingMayComeFromAFile() throws Exception {
        Path conf = Files.writeString(folder.resolve("any.conf"), "# a comment\nNCCL_DEBUG=VERSION\n");
        Files.writeString(folder.resolve(".nccl.conf"), "NCCL_DEBUG=INFO\n");

        assertThat(runAll(1, Map.of("NCCL_CONF_FILE", conf.toString()))
                        .getFirst()
                        .stdout())
                .isEqualTo("NCCL version 2.28.9+cuda12.8 (neurontp simulation)\n");
        assertThat(runAll(1, Map.of("HOME", folder.toString())).getFirst().stdout())
                .contains("NCCL INFO");
        assertThat(runAll(1, Map.of("HOME", folder.toString(), "NCCL_DEBUG", "NONE"))
                        .getFirst()
                        .stdout())
                .isEmpty();
    }

    @Test
    void whatItPrintsMayGoToAFile() throws Exception {
        Path log = folder.resolve("nccl.log");

        Ended rank = runAll(1, Map.of("NCCL_DEBUG", "INFO", "NCCL_DEBUG_FILE", log.toString()))
                .getFirst();

        assertThat(rank.stdout()).isEmpty();
        assertThat(log).content().contains("Init COMPLETE");
    }

    @Test
    void theRasPortSaysWhatARankIsAt() throws Exception {
        int port = freePort();
        Map<String, String> environment = Map.of(
                "NEURONTP_SIM_RAS", "1",
                "NCCL_RAS_ADDR", "localhost:" + port,
                "NEURONTP_SIM_FAULT", "hang@collective:0");
        Process rank = start(environment, "0", "1", "0", serveId());
        assertThat(rank.errorReader().readLine()).isEqualTo("joined=0");

        await().ignoreExceptionsInstanceOf(ConnectException.class)
                .until(() -> askRas(port), answer -> answer.contains("1 collectives begun"));

        assertThat(askRas(port))
                .startsWith("OK\nNCCL RAS report of process " + rank.pid() + " (neurontp simulation)\n")
                .contains("rank 0 of 1, device 0: in a collective, 1 collectives begun, 0 done, state ");
    }

    @Test
    void visibleDevicesAreCountedAndNumberedAnew() throws Exception {
        assertThat(runOne(Map.of("NEURONTP_SIM_DEVICES", "3"), "devices").told())
                .containsEntry("count", "3");
        assertThat(runOne(Map.of("CUDA_VISIBLE_DEVICES", "5,2"), "devices").told())
                .containsEntry("count", "2");
        assertThat(runOne(Map.of("NEURONTP_SIM_DEVICES", "0"), "devices").told())
                .containsEntry("init", "100");
        assertThat(runOne(Map.of("CUDA_VISIBLE_DEVICES", ""), "devices").told()).containsEntry("init", "100");
    }

    @Test
    void aGpuIsTheSameOneUnderAnyNumber() throws Exception {
        String id = serveId();
        Process first = start(Map.of("CUDA_VISIBLE_DEVICES", "4"), "0", "2", "0", id);
        Process second = start(Map.of("CUDA_VISIBLE_DEVICES", "1,4"), "1", "2", "1", id);

        assertThat(end(first).told()).containsEntry("joined", "5");
        assertThat(end(second).told().get("error")).contains("Duplicate GPU detected", "CUDA device 5000");
    }

    @Test
    void ranksThatNameDifferentHostsMayShareAGpu() throws Exception {
        String id = serveId();
        Process first = start(Map.of("NCCL_HOSTID", "a"), "0", "2", "0", id);
        Process second = start(Map.of("NCCL_HOSTID", "b"), "1", "2", "0", id);

        assertThat(end(first).told()).containsEntry("sum", "2");
        assertThat(end(second).told()).containsEntry("sum", "2");
    }

    @Test
    void anIdWhoseCreatorIsGoneIsAConnectionRefused() throws Exception {
        String id = serveId();
        started.getFirst().destroyForcibly().waitFor();

        Ended rank = runOne(Map.of(), "0", "1", "0", id);

        assertThat(rank.told()).containsEntry("joined", "2");
        assertThat(rank.told().get("error")).contains("Connection refused");
    }

    private static String askRas(int port) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream().write("timeout 1\nverbose status\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private List<Ended> runAll(int world, Map<String, String> environment) throws Exception {
        String id = serveId();
        List<Process> ranks = new ArrayList<>();
        for (int rank = 0; rank < world; rank++)
            ranks.add(start(environment, Integer.toString(rank), Integer.toString(world), Integer.toString(rank), id));
        List<Ended> ended = new ArrayList<>();
        for (Process rank : ranks) ended.add(end(rank));
        return ended;
    }

    private Ended runOne(Map<String, String> environment, String... arguments) throws Exception {
        return end(start(environment, arguments));
    }

    /** Of a process that goes on serving it. */
    private String serveId() throws IOException {
        return start(Map.of(), "serve").inputReader().readLine();
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(SimulatedLibraries.RANK.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("NCCL_") || name.startsWith("NEURONTP_SIM_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static Ended end(Process process) throws Exception {
        Map<String, String> told = process.errorReader()
                .lines()
                .filter(line -> line.contains("="))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (_, last) -> last));
        String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), stdout, told);
    }
}
