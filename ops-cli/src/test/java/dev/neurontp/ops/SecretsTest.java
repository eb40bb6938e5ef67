package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.text.ReportedEnvironment;
import dev.neurontp.harness.text.Secrets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge shares no code with the harness, and masks the same: the rule is written twice. */
class SecretsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "http://bob:geheim@h/p?token=geheim&x=1",
                "postgres://geheim@h",
                "password='a b' user=bob",
                "\"api_key\": \"geheim\"",
                "Authorization: Bearer geheim",
                "hf_geheim1",
                "ghp_geheim1 github_pat_geheim glpat-geheim AKIAGEHEIM xoxb-geheim sk-geheim eyJgeheim",
                "-Ddb.password=geheim",
                "KEY",
                "--key",
                "NCCL_SESSION_KEY",
                "monkey=1",
                "a\nsecret=b\nc",
                "x=password=geheim",
                "a=\"password=geheim\"",
                "'api-key' : 'ge heim', b",
                "key=\"geheim",
                "key==geheim",
                "KEY KEY = geheim & TOKEN=geheim;c",
                "a.key=geheim,b.token:geheim"
            })
    void theSameTextsAreMasked(String text) {
        assertThat(dev.neurontp.conformance.process.Secrets.masked(text)).isEqualTo(Secrets.masked(text));
        List<String> command = List.of("program", text, "value", "--" + text, "value", "-x", text);
        assertThat(dev.neurontp.conformance.process.Secrets.masked(command)).isEqualTo(Secrets.masked(command));
        String name = "NCCL_" + text.replaceAll("\\W", "_");
        Map<String, String> environment = Map.of(name, text.replaceAll("\n", " "));
        assertThat(Map.of(name, dev.neurontp.conformance.process.Secrets.masked(name, environment.get(name))))
                .isEqualTo(ReportedEnvironment.of(environment));
    }
}
