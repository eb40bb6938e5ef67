package dev.neurontp.harness.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** A worker's error of 4 KiB took minutes, and another user's command line for ever. */
    @ParameterizedTest
    @Timeout(60)
    @ValueSource(
            strings = {"KEY", "a", "KEY=\"", "KEY='", "://", "://a", "KEY ", " ", "=", "key:", "sk-", "KEY\"  ", ".-"})
    void noTextTakesLongerThanItsLength(String part) {
        String text = "x" + part.repeat(300_000);
        assertThat(Secrets.masked(text)).isNotEmpty();
        assertThat(Secrets.masked(text + "\nPASSWORD = geheim")).doesNotContain("geheim");
        assertThat(Secrets.isNamed(text + "no"))
                .isEqualTo(part.toUpperCase(java.util.Locale.ROOT).contains("KEY"));
    }
}
