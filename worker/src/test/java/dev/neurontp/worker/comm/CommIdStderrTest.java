package dev.neurontp.worker.comm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.ErrorKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommIdStderrTest {
    @Test
    void itsLeaderReadsWhatItHasSaid() {
        CommunicatorException refusal =
                new CommunicatorException(ErrorKind.CUDA_FEATURE_NOT_ENABLED, "this host cannot do NCCL: (no) libnccl");

        assertThat(CommIdStderr.refusal(CommIdStderr.line(refusal)))
                .hasValueSatisfying(read -> assertThat(read)
                        .hasMessage(refusal.getMessage())
                        .extracting(CommunicatorException::kind)
                        .isEqualTo(refusal.kind()));
        assertThat(CommIdStderr.saysSimulation(CommIdStderr.simulation())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "NCCL INFO Bootstrap",
                "neuron: no comm_id can be created (of_others): what is that",
                "neuron: no comm_id can be created: of an earlier version"
            })
    void allElseIsNoRefusal(String line) {
        assertThat(CommIdStderr.refusal(line)).isEmpty();
        assertThat(CommIdStderr.saysSimulation(line)).isFalse();
    }
}
