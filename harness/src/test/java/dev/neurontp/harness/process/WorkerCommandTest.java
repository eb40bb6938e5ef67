package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Together;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerCommandTest {
    /** As the ranks of a pool over many hosts do. */
    @Test
    void aHundredLooksAtOnceFindTheProgram() throws Exception {
        Together.run(
                100,
                () -> assertThat(WorkerCommand.of(List.of("sh", "-c", ":")).words())
                        .hasSize(3));
    }
}
