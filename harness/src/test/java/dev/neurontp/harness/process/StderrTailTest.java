package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StderrTailTest {
    private final List<String> passed = new ArrayList<>();

    @Test
    void everyLineIsPassedOnAndTheLastFiftyAreKept() {
        String text = IntStream.range(0, 80).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        StderrTail tail = read(text.getBytes(StandardCharsets.UTF_8));
        assertThat(passed).hasSize(80).first().isEqualTo("line 0");
        assertThat(tail.lastLines()).hasSize(50).first().isEqualTo("line 30");
        assertThat(tail.lastLines()).last().isEqualTo("line 79");
    }

    @Test
    void aLongLineIsCutAndTheNextOneIsWhole() {
        read(("x".repeat(1_000_000) + "\nnext\n").getBytes(StandardCharsets.UTF_8));
        assertThat(passed).containsExactly("x".repeat(4096) + "…", "next");
    }

    @Test
    void aLastLineWithoutABreakCounts() {
        read("a\n\nb".getBytes(StandardCharsets.UTF_8));
        assertThat(passed).containsExactly("a", "", "b");
    }

    @Test
    void bytesThatAreNoTextAreMadeHarmless() {
        read(new byte[] {(byte) 0xFF, 27, '[', '3', '1', 'm', 0, '\r', '\n'});
        assertThat(passed).containsExactly("\uFFFD?[31m?");
    }

    private StderrTail read(byte[] bytes) {
        StderrTail tail = new StderrTail(3, new ByteArrayInputStream(bytes), (rank, line) -> {
            assertThat(rank).isEqualTo(3);
            passed.add(line);
        });
        tail.run();
        return tail;
    }
}
