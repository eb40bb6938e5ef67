package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.worker.comm.CommunicatorException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommIdMakerTest {
    /** As where an installation is replaced while its daemon runs; of these tests no launcher has said where it is. */
    @Test
    void aProgramThatIsNotThereIsToldInItsWords() {
        assertThatThrownBy(() -> CommIdMaker.here(Map.of(), PoolOptions.DEFAULT).serve())
                .isInstanceOf(CommunicatorException.class)
                .hasMessageStartingWith("the path of neuron is not known");
    }
}
