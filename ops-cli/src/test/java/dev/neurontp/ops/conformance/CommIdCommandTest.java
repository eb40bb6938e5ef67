package dev.neurontp.ops.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommIdCommandTest {
    @Test
    void ranksOfAnotherHostAreNotAskedToJoinAtTheLoopbackOfThisOne() {
        assertThat(CommIdCommand.of(null, true).words()).isEmpty();
        assertThat(CommIdCommand.of("ssh gpu-1 neuron --comm-id", true).words())
                .containsExactly("/bin/sh", "-c", "ssh gpu-1 neuron --comm-id");
    }
}
