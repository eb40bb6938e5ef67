package dev.neurontp.harness.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker's words in the log of a job. */
class CiCommandsTest {
    @ParameterizedTest
    @CsvSource({
        "::error::no,?:error::no",
        "'  ::stop-commands::x','  ?:stop-commands::x'",
        "rank 1 ::error::x,rank 1 ::error::x",
        "x ##[error]no,x #?[error]no",
        "###[error]no,##?[error]no",
        "a##vso[task.complete result=Succeeded;]b,a#?vso[task.complete result=Succeeded;]b",
        "##teamcity[testFailed name='x'],#?teamcity[testFailed name='x']",
        "## a heading,## a heading",
        "'\u3000::error::x','\u3000?:error::x'",
        "'\u00A0\u2003\u1680\u205F\u0085\uFEFF\u200B::error::x','\u00A0\u2003\u1680\u205F\u0085\uFEFF\u200B?:error::x'",
        "a#\u034F#vso[task.complete]b,a#\u034F?vso[task.complete]b",
        "a##\u034Fvso[task.complete]b,a#?\u034Fvso[task.complete]b"
    })
    void noneIsLeft(String said, String shown) {
        assertThat(CiCommands.harmless(said)).isEqualTo(shown);
    }

    @Test
    void eachLineIsLookedAt() {
        assertThat(CiCommands.harmless("one\n::error::two\n ::three")).isEqualTo("one\n?:error::two\n ?:three");
    }

    @Test
    void onlyAJobHasThem() {
        assertThat(CiCommands.areObeyed(Map.of("GITHUB_ACTIONS", "true"))).isTrue();
        assertThat(CiCommands.areObeyed(Map.of("TF_BUILD", "True"))).isTrue();
        assertThat(CiCommands.areObeyed(Map.of("CI", "true"))).isFalse();
    }
}
