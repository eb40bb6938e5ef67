package dev.neurontp.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A long life of one packaged worker. The figures of the soak tests are those of docs/operating.md and docs/security.md. */
@Tag("long")
class WorkerLoadIT {
    private static final int BATCH = 1000;
    private static final String PING = "{\"op\":\"ping\"}";
    private static final String PONG = "{\"op\":\"pong\",\"rank\":0,\"world_size\":1,\"cuda_device\":0}";
    private static final byte[] SPARE =
            "{}[]\":,\\/ \t\r\u0000\u001b0123456789-+.eEuop_x\u00e9\ud83d\ude00".getBytes(UTF_8);

    @Test
    void twoHundredThousandPingsDoNotGrowIt() throws IOException {
        pingsDoNotGrowIt(200);
    }

    @Test
    @Tag("soak")
    void fourMillionPingsDoNotGrowIt() throws IOException {
        pingsDoNotGrowIt(4000);
    }

    @Test
    void fiveThousandFuzzedLinesGetOneReplyEach() throws IOException {
        fuzzedLinesGetOneReplyEach(5);
    }

    @Test
    @Tag("soak")
    void aHundredAndTwentyThousandFuzzedLinesGetOneReplyEach() throws IOException {
        fuzzedLinesGetOneReplyEach(120);
    }

    private static void pingsDoNotGrowIt(int batches) throws IOException {
        byte[] batch = (PING + "\n").repeat(BATCH).getBytes(UTF_8);
        // Garbage that waits to be collected would hide what is never collected.
        Map<String, String> littleGarbage = Map.of("NEURON_JAVA_OPTS", "-Xmn8m");
        try (ProgramProcess worker = ProgramProcess.neuron(littleGarbage, "--worker")) {
            long before = 0;
            for (int round = 0; round <= batches; round++) {
                worker.sendBytes(batch);
                for (int i = 0; i < BATCH; i++) {
                    assertThat(worker.line()).isEqualTo(PONG);
                }
                if (round == 0) {
                    before = residentKib(worker);
                }
            }
            assertThat(residentKib(worker) - before).as("KiB more").isLessThan(10 << 10);
        }
    }

    /** F4. The last line of each batch is told apart from all others, so that a reply too many or too few is noticed there. */
    private static void fuzzedLinesGetOneReplyEach(int batches) throws IOException {
        Random random = new Random(13);
        try (ProgramProcess worker = ProgramProcess.neuron("--worker")) {
            for (int round = 0; round < batches; round++) {
                ByteArrayOutputStream batch = new ByteArrayOutputStream();
                int replies = 0;
                for (int i = 0; i < BATCH; i++) {
                    byte[] line = fuzzed(random);
                    batch.writeBytes(line);
                    batch.write('\n');
                    replies += isBlank(line) ? 0 : 1;
                }
                batch.writeBytes(("{\"op\":\"last of batch " + round + "\"}\n").getBytes(UTF_8));
                worker.sendBytes(batch.toByteArray());
                for (int i = 0; i < replies; i++) {
                    assertThat(worker.line())
                            .as("reply %s of batch %s", i, round)
                            .startsWith("{\"op\":\"")
                            .doesNotContain("last of batch");
                }
                assertThat(worker.line()).contains("last of batch " + round);
            }
            assertThat(worker.ask(PING)).isEqualTo(PONG);
        }
    }

    /** A request, changed in up to ten places; none becomes a shutdown by that. */
    private static byte[] fuzzed(Random random) {
        String[] requests = {
            PING, "{\"op\":\"nccl_sanity_check\"}", "{\"op\":\"init\",\"comm_id\":\"00ff\",\"x\":[1e3,{}]}", "\t"
        };
        byte[] line = requests[random.nextInt(requests.length)].getBytes(UTF_8);
        for (int changes = random.nextInt(11); changes > 0; changes--) {
            line = changed(line, random);
        }
        return line;
    }

    private static byte[] changed(byte[] line, Random random) {
        int at = random.nextInt(line.length + 1);
        int skipped = Math.min(random.nextInt(3), line.length - at);
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        changed.write(line, 0, at);
        if (random.nextBoolean()) {
            int any = random.nextInt(256);
            changed.write(random.nextBoolean() && any != '\n' ? any : SPARE[random.nextInt(SPARE.length)]);
        }
        changed.write(line, at + skipped, line.length - at - skipped);
        return changed.toByteArray();
    }

    /** F3: of white space alone. */
    private static boolean isBlank(byte[] line) {
        for (byte one : line) {
            if (one != ' ' && one != '\t' && one != '\r') {
                return false;
            }
        }
        return true;
    }

    private static long residentKib(ProgramProcess worker) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(worker.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
