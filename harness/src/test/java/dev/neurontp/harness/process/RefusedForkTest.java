package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedForkTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/opt/neuron/bin/neuron: 18: Cannot fork",
                "sh: can't fork: Resource temporarily unavailable",
                "/opt/neuron/bin/neuron: fork: Resource temporarily unavailable"
            })
    void theLimitAndTheRemedyFollow(String words) {
        assertThat(RefusedFork.remedy(List.of("first", words)))
                .startsWith("; the host's limit on processes and threads is reached (ulimit -u is ")
                .contains("pids.max is ")
                .endsWith("). Raise the limit or end other processes");
        assertThat(RefusedFork.remedyElsewhere(List.of(words)))
                .startsWith("; its host's limit on processes and threads is reached. Raise it there");
    }

    @Test
    void otherLastWordsAreLeftAlone() {
        assertThat(RefusedFork.remedy(List.of())).isEmpty();
        assertThat(RefusedFork.remedy(List.of("sh: 1: Cannot fork", "it went on")))
                .isEmpty();
        assertThat(RefusedFork.remedyElsewhere(List.of("cannot find fork.conf")))
                .isEmpty();
    }
}
