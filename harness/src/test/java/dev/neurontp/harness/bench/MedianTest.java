package dev.neurontp.harness.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class MedianTest {
    @Test
    void ofAnOddNumberItIsTheOneInTheMiddle() {
        assertThat(Median.of(DoubleStream.of(9, 1, 5))).isEqualTo(5);
    }

    @Test
    void ofAnEvenNumberItIsNotTheWorseOfTheTwo() {
        assertThat(Median.of(DoubleStream.of(9, 1, 5, 2))).isEqualTo(3.5);
    }
}
