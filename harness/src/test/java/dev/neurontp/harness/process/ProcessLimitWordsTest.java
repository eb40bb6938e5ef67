package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessLimitWordsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/opt/neuron/bin/neuron: 18: Cannot fork",
                "sh: can't fork: Resource temporarily unavailable",
                "/opt/neuron/bin/neuron: fork: Resource temporarily unavailable",
                "java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached",
                "Cannot create VM thread. Out of system resources."
            })
    void theLimitAndTheRemedyFollow(String words) {
        assertThat(ProcessLimitWords.remedy(List.of("first", words)))
                .startsWith("; the host's limit on processes and threads is reached (ulimit -u is ")
                .contains("pids.max is ")
                .endsWith("). Raise the limit or end other processes");
        assertThat(ProcessLimitWords.remedyElsewhere(List.of(words)))
                .startsWith("; its host's limit on processes and threads is reached. Raise it there");
    }

    /** A crash report's frames follow what it was for. */
    @Test
    void javaGoesOnForAFewLines() {
        assertThat(ProcessLimitWords.remedy(List.of(
                        "Error occurred during initialization of VM", "Cannot create VM thread.", "", "at a", "at b")))
                .isNotEmpty();
    }

    @Test
    void otherLastWordsAreLeftAlone() {
        assertThat(ProcessLimitWords.remedy(List.of())).isEmpty();
        assertThat(ProcessLimitWords.remedy(List.of("sh: 1: Cannot fork", "it went on")))
                .isEmpty();
        assertThat(ProcessLimitWords.remedyElsewhere(List.of("cannot find fork.conf")))
                .isEmpty();
    }
}
