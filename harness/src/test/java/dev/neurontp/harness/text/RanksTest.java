package dev.neurontp.harness.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RanksTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            3             | rank 3
            1 0           | ranks 0 and 1
            0 1 2         | ranks 0 to 2
            0 2           | ranks 0 and 2
            7 6 0 1 2 3 4 | ranks 0 to 4, 6 and 7
            0 1 3 4 5     | ranks 0, 1 and 3 to 5
            """)
    void numbersInARowAreARange(String ranks, String words) {
        List<Integer> numbers =
                Arrays.stream(ranks.split(" ")).map(Integer::valueOf).toList();
        assertThat(Ranks.words(numbers)).isEqualTo(words);
    }

    @Test
    void hostsOfManyRanksAreToldOnceAndNotWithoutEnd() {
        assertThat(Ranks.on(
                        List.of(Optional.of("gpu-1"), Optional.empty(), Optional.of("gpu-2"), Optional.of("gpu-1"))))
                .isEqualTo(" on gpu-1, gpu-2");
        assertThat(Ranks.on(List.of(Optional.empty(), Optional.empty()))).isEmpty();
        assertThat(Ranks.on(IntStream.range(0, 1024)
                        .mapToObj(host -> Optional.of("gpu-" + host))
                        .toList()))
                .endsWith(", gpu-15, 1008 more");
    }
}
