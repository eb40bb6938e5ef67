package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectiveTest {
    /** The factors of nccl-tests, doc/PERFORMANCE.md. */
    @ParameterizedTest
    @CsvSource({
        "all_reduce, 8, 1.75",
        "all_gather, 8, 0.875",
        "reduce_scatter, 8, 0.875",
        "alltoall, 8, 0.875",
        "gather, 8, 0.875",
        "scatter, 8, 0.875",
        "broadcast, 8, 1",
        "reduce, 8, 1",
        "sendrecv, 8, 1",
        "all_reduce, 1, 0",
        "broadcast, 1, 0",
        "all_gather, 1, 0"
    })
    void theBusFactorIsThatOfNcclTests(String name, int ranks, double factor) {
        assertThat(Collective.named(name).orElseThrow().busFactor(ranks)).isCloseTo(factor, within(1e-9));
    }

    /** A size of all ranks together is divided among them, in parts of 16 bytes. */
    @ParameterizedTest
    @CsvSource({
        "all_reduce, 1024, 4, 8, 256, 1024",
        "all_gather, 1024, 4, 8, 32, 1024",
        "all_gather, 1000, 4, 3, 80, 960",
        "all_gather, 8, 4, 3, 1, 12",
        "alltoall, 33554432, 4, 8, 1048576, 33554432",
        "sendrecv, 7, 2, 4, 3, 6",
        "broadcast, 1, 8, 2, 1, 8"
    })
    void aSizeBecomesACount(String name, long bytes, int element, int ranks, long count, long shown) {
        Collective collective = Collective.named(name).orElseThrow();
        assertThat(collective.count(bytes, element, ranks)).isEqualTo(count);
        assertThat(collective.bytes(count, element, ranks)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "8, 8",
        "64K, 65536",
        "1G, 1073741824",
        "1g, 1073741824",
        "3MB, 3145728",
        "1KiB, 1024",
        "2T, 2199023255552"
    })
    void aSizeIsRead(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"8", "1K", "1000", "64M", "3G", "0"})
    void aSizeIsWrittenAsItIsRead(String text) {
        assertThat(ByteSize.format(ByteSize.parse(text))).isEqualTo(text);
    }

    @Test
    void whatIsNoSizeIsRefused() {
        for (String text : new String[] {"", "-1", "K", "1.5G", "1X", "9999999999999999999", "999999999999999T"}) {
            assertThatThrownBy(() -> ByteSize.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
