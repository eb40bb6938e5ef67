package dev.neurontp.harness.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SecretsTest {
    @Test
    void theValueOfAnOptionThatIsNamedLikeASecretIsMasked() {
        assertThat(Secrets.masked(List.of(
                        "vllm",
                        "--api-key",
                        "geheim",
                        "--hf-token=geheim",
                        "--port",
                        "80",
                        "--url",
                        "http://a:b@h/",
                        "hf_geheim1")))
                .containsExactly(
                        "vllm",
                        "--api-key",
                        "(masked)",
                        "--hf-token=(masked)",
                        "--port",
                        "80",
                        "--url",
                        "http://(masked)@h/",
                        "(masked)");
    }

    @Test
    void aCommandWithoutSecretsStaysAsItIs() {
        List<String> command = List.of("python3", "-m", "worker", "--tp-size=2", "/opt/a b/c");
        assertThat(Secrets.masked(command)).isEqualTo(command);
    }
}
