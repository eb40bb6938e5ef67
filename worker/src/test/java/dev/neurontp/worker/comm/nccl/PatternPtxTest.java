package dev.neurontp.worker.comm.nccl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.worker.collective.ElementType;
import dev.neurontp.worker.collective.KernelPattern;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PTX text without a GPU: it is run in Java, and assembled where NVIDIA's ptxas is installed. */
class PatternPtxTest {
    private static final long BASE = 1L << 40;
    private static final int COUNT = 61;
    private static final int GROUPS = 2;
    private static final int THREADS = 7;
    private static final PtxProgram PROGRAM = PtxProgram.parse(PatternModule.text());

    private final ByteBuffer memory = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());

    static Stream<KernelPattern> patterns() {
        return Stream.of(
                pattern(ElementType.INT8, Long.MAX_VALUE, 0, 0, 3, 1),
                pattern(ElementType.HALF, 10, 0, 0, 0, 1),
                pattern(ElementType.UINT32, 13, 26, 0, 0, 1),
                pattern(ElementType.UINT64, Long.MAX_VALUE, 0, 0, 5, 1),
                pattern(ElementType.INT8, Long.MAX_VALUE, 0, 0, 0, 9),
                pattern(ElementType.INT64, Long.MAX_VALUE, 1L << 33, 0, 0, 4),
                pattern(ElementType.FLOAT, Long.MAX_VALUE, 0, (1 << 24) / 3, 0, 3),
                pattern(ElementType.DOUBLE, Long.MAX_VALUE, 7, (1L << 53) / 2, 0, 2),
                pattern(ElementType.HALF, Long.MAX_VALUE, 0, 2048 / 5, 0, 5),
                pattern(ElementType.BFLOAT16, Long.MAX_VALUE, 0, 256 / 16, 0, 16));
    }

    private static KernelPattern pattern(ElementType type, long block, long offset, long most, int first, int ranks) {
        return new KernelPattern(type, COUNT, 0x8000_0000_1234_5678L, block, offset, most, first, ranks);
    }

    /** By the formula of docs/wire-contract.md. */
    private static long element(KernelPattern pattern, long index) {
        long g = 0x9e3779b97f4a7c15L;
        long sum = 0;
        for (int i = 0; i < pattern.ranks(); i++) {
            long rank = pattern.first() + index / pattern.block() + i;
            long place = pattern.offset() + index % pattern.block();
            long word = mix(mix(pattern.seed() + g * (rank + 1)) + g * (place + 1));
            sum += pattern.most() == 0 ? word : Long.remainderUnsigned(word, pattern.most()) + 1;
        }
        return switch (pattern.format()) {
            case 0 -> sum & (-1L >>> (64 - 8 * pattern.type().bytes()));
            case 1 -> Float.floatToIntBits((float) sum);
            case 2 -> Double.doubleToLongBits((double) sum);
            case 3 -> Float.floatToFloat16((float) sum);
            default -> Float.floatToIntBits((float) sum) >>> 16;
        };
    }

    private static long mix(long word) {
        long x = word;
        x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
        return x ^ (x >>> 31);
    }

    private void launch(String kernel, KernelPattern pattern, long last) {
        List<Long> arguments = PatternParameters.of(BASE + 16, pattern, last).values().stream()
                .map(Number::longValue)
                .toList();
        for (long group = 0; group < GROUPS; group++) {
            for (long thread = 0; thread < THREADS; thread++) {
                Map<String, Long> special = Map.of(
                        "%ctaid.x", group, "%ntid.x", (long) THREADS, "%nctaid.x", (long) GROUPS, "%tid.x", thread);
                new PtxRun(PROGRAM, memory, BASE, special).run(kernel, arguments);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void itFillsByTheFormulaAndNothingElse(KernelPattern pattern) {
        int size = pattern.type().bytes();
        launch("neurontp_fill", pattern, 0);
        for (int i = 0; i < COUNT; i++) {
            assertThat(pattern.type().get(memory, 16 + i * size))
                    .as("element " + i)
                    .isEqualTo(element(pattern, i));
        }
        assertThat(memory.getLong(8)).isZero();
        assertThat(memory.get(16 + COUNT * size)).isZero();
        launch("neurontp_fill", pattern, -1);
        assertThat(pattern.type().get(memory, 16)).isEqualTo(~element(pattern, 0) & (-1L >>> (64 - 8 * size)));
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void itCountsWhatIsWrongAndFindsTheFirst(KernelPattern pattern) {
        int size = pattern.type().bytes();
        launch("neurontp_fill", pattern, 0);
        assertThat(checked(pattern)).containsExactly(0, -1);
        for (int index : new int[] {COUNT - 1, 30, 17}) {
            memory.put(16 + index * size, (byte) ~memory.get(16 + index * size));
        }
        assertThat(checked(pattern)).containsExactly(3, 17);
    }

    private long[] checked(KernelPattern pattern) {
        memory.putLong(800, 0).putLong(808, -1);
        launch("neurontp_check", pattern, BASE + 800);
        return new long[] {memory.getLong(800), memory.getLong(808)};
    }

    @ParameterizedTest
    @ValueSource(strings = {"neurontp_fill", "neurontp_check"})
    void aKernelTakesWhatIsPassedToIt(String kernel) {
        List<String> passed = PatternParameters.of(0, pattern(ElementType.INT8, 1, 0, 0, 0, 1), 0).values().stream()
                .map(value -> value instanceof Long ? "u64" : "u32")
                .toList();

        assertThat(PROGRAM.functions().get(kernel).parameters().values()).containsExactlyElementsOf(passed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sm_75", "sm_90", "sm_100"})
    void ptxasTakesIt(String architecture, @TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("pattern.ptx"), PatternModule.text());
        Process ptxas;
        try {
            ptxas = new ProcessBuilder(
                            "ptxas", "-arch=" + architecture, "-o", folder + "/pattern.cubin", text.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "no ptxas, which is part of the CUDA toolkit: " + e.getMessage());
            return;
        }
        String output = new String(ptxas.getInputStream().readAllBytes(), UTF_8);
        assertThat(ptxas.waitFor()).as(output).isZero();
    }

    @Test
    void aTextWithAMistakeIsFound() {
        String text = PatternModule.text();
        for (String[] change : List.of(
                new String[] {"bra DONE", "bra NOWHERE"},
                new String[] {"[check_most]", "[check_least]"},
                new String[] {"call (%key), mix,", "call (%key), mux,"},
                new String[] {"add.u64 %sum, %sum, %word", "add.u64 %sum, %sum, %wrod"})) {
            assertThat(text).contains(change[0]);
            assertThatThrownBy(() -> PtxProgram.parse(text.replace(change[0], change[1])))
                    .as(change[1])
                    .isInstanceOf(AssertionError.class);
        }
    }
}
