package dev.neurontp.harness.daemon.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many GPUs a worker sees, by what the host has and CUDA_VISIBLE_DEVICES. */
class VisibleGpusTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                "-;-;-",
                "4;-;4",
                "4;'';0",
                "4;-1;0",
                "4;'1,3';2",
                "4;'0,-1,2';1",
                "4;'0,4,1';1",
                "-;'5,6';2",
                "1;'MIG-a, MIG-b';2",
                "2;'GPU-8d7e,x';1",
                "4;'99999999999';0"
            })
    void theListEndsWhereItNamesNone(Integer present, String list, Integer count) {
        assertThat(VisibleGpus.count(
                        Optional.ofNullable(present), list == null ? Map.of() : Map.of("CUDA_VISIBLE_DEVICES", list)))
                .isEqualTo(Optional.ofNullable(count));
    }
}
