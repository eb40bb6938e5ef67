package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds no thread, since the host gave none, holds no place of those that may wait either. */
@Timeout(120)
class BoundedAccessLimitIT {
    private static final LimitedUser USER =
            "root".equals(System.getProperty("user.name")) ? LimitedUser.of(65529) : new LimitedUser(List.of());

    @Test
    void whereTheHostGivesNoThreadItsPlaceIsFreeAgain() throws Exception {
        try (ProgramProcess program = USER.start(BoundedAccessProgram.class)) {
            assertThat(program.line()).isEqualTo("done");
            USER.limit(program, 1);
            program.send("3");
            for (int i = 0; i < 3; i++) {
                assertThat(program.line()).contains("limit on processes and threads is reached");
            }
            USER.limit(program, 4096);
            assertThat(program.ask("1")).isEqualTo("done");
            program.closeStdin();
            assertThat(program.exitCode()).isZero();
        }
    }
}
