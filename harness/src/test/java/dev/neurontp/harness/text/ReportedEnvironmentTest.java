package dev.neurontp.harness.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NCCL_PASS          | geheim",
                "NEURON_PWD         | geheim",
                "NEURON_PASSPHRASE  | geheim",
                "NVIDIA_X_CRED      | geheim",
                "NEURON_BEARER      | geheim",
                "NEURON_JAVA_OPTS   | -Xmx1g -Dfoo.password=geheim -Dx=y",
                "NEURON_URL2        | https://h/?token=geheim&x=1",
                "NCCL_CONNECT       | user=bob password='geheim two'",
                "NEURON_HEADER      | Authorization: Bearer geheim",
                "NEURON_HF          | hf_geheim123",
                "CUDA_X             | a,ghp_geheim1234,b",
                "NCCL_JSON          | {\"api_key\": \"geheim\"}",
            })
    void noSecretIsReported(String name, String value) {
        assertThat(ReportedEnvironment.of(Map.of(name, value)).get(name))
                .contains("(masked)")
                .doesNotContain("geheim", "two");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NCCL_SOCKET_IFNAME | =eth0,^docker0",
                "NCCL_IB_HCA        | mlx5_0:1,mlx5_1:1",
                "NCCL_TOPO_FILE     | /etc/nccl/topo.xml",
                "NEURON_JAVA_OPTS   | -Xmx1g -Dfoo=bar",
                "CUDA_VISIBLE_DEVICES | GPU-6d1f04c2-1111-2222-3333-444455556666",
            })
    void whatIsNoSecretIsReportedAsItIs(String name, String value) {
        assertThat(ReportedEnvironment.of(Map.of(name, value))).containsExactly(Map.entry(name, value));
    }

    /** What a report of a run leaks is as public as what an archive for a bug leaks. */
    @Test
    void aPasswordInAnAddressIsMaskedToo() {
        assertThat(ReportedEnvironment.of(Map.of("NEURON_PROXY", "http://me:hunter4@proxy/x", "NCCL_AUTH", "z")))
                .containsExactly(
                        Map.entry("NCCL_AUTH", "(masked)"), Map.entry("NEURON_PROXY", "http://(masked)@proxy/x"));
    }
}
