package dev.neurontp.ops.doctor.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RedactionTest {
    @Test
    void onlyWhatConcernsTheGpusLeavesAndNoSecretDoes() {
        String lines = Redaction.environment(Map.of(
                "NCCL_DEBUG", "INFO",
                "CUDA_VISIBLE_DEVICES", "0,1\u001b[2J",
                "NEURON_TOKEN", "hunter2",
                "NVIDIA_API_KEY", "hunter3",
                "NEURON_PROXY", "http://me:hunter4@proxy/x",
                "AWS_SECRET_ACCESS_KEY", "hunter5",
                "HOME", "/home/me"));
        assertThat(lines.lines())
                .containsExactly(
                        "CUDA_VISIBLE_DEVICES=0,1?[2J",
                        "NCCL_DEBUG=INFO",
                        "NEURON_PROXY=http://(masked)@proxy/x",
                        "NEURON_TOKEN=(masked)",
                        "NVIDIA_API_KEY=(masked)");
    }
}
