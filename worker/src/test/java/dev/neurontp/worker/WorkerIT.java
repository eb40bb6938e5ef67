package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract's rules on a worker's frames and operations, on the packaged program. */
class WorkerIT {
    private static final String PING = "{\"op\":\"ping\"}";
    private static final String SANITY = "{\"op\":\"nccl_sanity_check\"}";
    private static final String PONG = "{\"op\":\"pong\",\"rank\":1,\"world_size\":2,\"cuda_device\":7}";
    private static final String INIT = "{\"op\":\"init\",\"comm_id\":\"\"}";

    private static ProgramProcess worker(String... more) {
        return worker(Map.of(), more);
    }

    private static ProgramProcess worker(Map<String, String> environment, String... more) {
        String[] arguments = {"--worker", "--rank", "1", "--tp-size", "2", "--cuda-device", "7"};
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return ProgramProcess.neuron(environment, all);
    }

    @Test
    void pingIsAnsweredWithTheIdentityOfTheCommandLine() {
        try (ProgramProcess worker = worker()) {
            assertThat(worker.ask(PING)).isEqualTo(PONG);
        }
    }

    @Test
    void rankFiveOfTwoStarts() {
        try (ProgramProcess worker = ProgramProcess.neuron("--worker", "--rank=5", "--tp-size=2")) {
            assertThat(worker.ask(PING)).contains("\"rank\":5,\"world_size\":2");
        }
    }

    @Test
    void stage7aIRefusesInitAndSanityWhateverTheCommId() {
        try (ProgramProcess worker = worker("--stage", "7a-i")) {
            assertThat(worker.ask(INIT)).contains("\"kind\":\"not_implemented_7a_i\"");
            assertThat(worker.ask(SANITY)).contains("\"kind\":\"not_implemented_7a_i\"");
            assertThat(worker.ask("{\"op\":\"init\"}")).contains("\"kind\":\"bad_request\"");
            assertThat(worker.ask(PING)).isEqualTo(PONG);
        }
    }

    @Test
    void withoutNcclTheAnswerSaysWhatWasLookedForAndWhere() {
        Map<String, String> environment = Map.of("NEURON_NCCL_LIBRARY", "/no/such/libnccl.so.2");
        try (ProgramProcess worker = ProgramProcess.neuron(environment, "--worker")) {
            assertThat(worker.ask(INIT))
                    .contains("\"kind\":\"cuda_feature_not_enabled\"")
                    .contains("no file /no/such/libnccl.so.2 (NEURON_NCCL_LIBRARY)")
                    .contains("libcuda.so.1");
            assertThat(worker.ask(SANITY)).contains("\"kind\":\"cuda_feature_not_enabled\"");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrderHoweverManyThereAre() {
        int count = 5000;
        String lines = IntStream.range(0, count)
                .mapToObj(i -> i % 2 == 0 ? PING : "{\"op\":\"x_" + i + "\"}")
                .collect(Collectors.joining("\n", "", "\n"));
        try (ProgramProcess worker = worker()) {
            worker.sendBytes(lines.getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < count; i++) {
                assertThat(worker.line()).isEqualTo(i % 2 == 0 ? PONG : unknown("x_" + i));
            }
        }
    }

    private static String unknown(String op) {
        return "{\"op\":\"error\",\"kind\":\"bad_request\",\"message\":\"unknown op '" + op
                + "': this worker knows ping, init, nccl_sanity_check, x_nccl_check, x_device, x_collective and shutdown\"}";
    }

    @Test
    void brokenLinesAreAnsweredAndServingGoesOn() {
        List<byte[]> broken = List.of(
                "no json\n".getBytes(StandardCharsets.UTF_8),
                new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"', '\n'},
                "\uFEFF{\"op\":\"ping\"}\n".getBytes(StandardCharsets.UTF_8),
                ("[".repeat(100_000) + "\n").getBytes(StandardCharsets.UTF_8));
        try (ProgramProcess worker = worker()) {
            for (byte[] line : broken) {
                assertThat(worker.sendBytes(line).line()).contains("\"kind\":\"bad_request\"");
            }
            assertThat(worker.send("", " \t\r", PING).line()).isEqualTo(PONG);
        }
    }

    @Test
    void aFrameOfTheFullSizeIsTakenAndALongerOneRefusedInBoundedMemory() {
        int limit = 16 * 1024 * 1024;
        String start = "{\"op\":\"ping\",\"x\":\"";
        String full = start + "ä".repeat((limit - start.length() - 2) / 2);
        byte[] tooLong = new byte[20 * limit];
        Arrays.fill(tooLong, (byte) 'x');
        tooLong[tooLong.length - 1] = '\n';
        try (ProgramProcess worker = worker()) {
            assertThat(worker.ask(full + " ".repeat(full.length() % 2) + "\"}")).isEqualTo(PONG);
            assertThat(worker.sendBytes(tooLong).line())
                    .contains("\"kind\":\"bad_request\"")
                    .contains("16777216");
            assertThat(worker.ask(PING)).isEqualTo(PONG);
        }
    }

    @Test
    void theLogIsLinesWithARankAndNoColourInAPipe() {
        try (ProgramProcess worker = worker()) {
            worker.ask("{\"op\":\"init\",\"comm_id\":\"\"}");
            worker.closeStdin();
            assertThat(worker.exitCode()).isZero();
            assertThat(worker.stderr().lines())
                    .isNotEmpty()
                    .allMatch(line -> line.matches("\\S+Z error rank=1 [^\\e]+"));
        }
    }

    @Test
    void theLogIsSilentWhereItIsSwitchedOff() {
        try (ProgramProcess worker = ProgramProcess.neuron(Map.of("NEURON_LOG", "off"), "--worker")) {
            worker.ask("{\"op\":\"init\",\"comm_id\":\"\"}");
            worker.closeStdin();
            assertThat(worker.exitCode()).isZero();
            assertThat(worker.stderr()).isEmpty();
        }
    }
}
