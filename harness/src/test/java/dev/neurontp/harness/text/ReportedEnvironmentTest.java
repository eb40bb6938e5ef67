package dev.neurontp.harness.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportedEnvironmentTest {
    @Test
    void ofTheEnvironmentOnlyWhatMattersIsReported() {
        assertThat(ReportedEnvironment.of(Map.of(
                        "NCCL_DEBUG", "INFO",
                        "HOME", "/root",
                        "AWS_SECRET", "x",
                        "NEURON_TOKEN", "y",
                        "CUDA_VISIBLE_DEVICES", "0,1")))
                .containsExactly(
                        Map.entry("CUDA_VISIBLE_DEVICES", "0,1"),
                        Map.entry("NCCL_DEBUG", "INFO"),
                        Map.entry("NEURON_TOKEN", "(masked)"));
    }

    /** What a report of a run leaks is as public as what an archive for a bug leaks. */
    @Test
    void aPasswordInAnAddressIsMaskedToo() {
        assertThat(ReportedEnvironment.of(Map.of("NEURON_PROXY", "http://me:hunter4@proxy/x", "NCCL_AUTH", "z")))
                .containsExactly(
                        Map.entry("NCCL_AUTH", "(masked)"), Map.entry("NEURON_PROXY", "http://(masked)@proxy/x"));
    }
}
