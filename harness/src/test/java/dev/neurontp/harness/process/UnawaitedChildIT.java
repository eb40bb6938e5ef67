package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A child that Java could start, but not the thread that waits for it, is no zombie of this process. */
@Timeout(120)
class UnawaitedChildIT {
    private static final LimitedUser USER = LimitedUser.of(65527);

    private static void room(ProgramProcess program, int room) throws Exception {
        long threads;
        try (var tasks = Files.list(Path.of("/proc", String.valueOf(program.pid()), "task"))) {
            threads = tasks.count();
        }
        USER.limit(program, threads + room);
    }

    @Test
    void itIsEndedAndReaped() throws Exception {
        // No thread of the compiler comes and goes.
        try (ProgramProcess program =
                USER.start(UnawaitedChildProgram.class, "-Xint", "--enable-native-access=ALL-UNNAMED")) {
            assertThat(program.line()).isEqualTo("ready");
            List<String> said = new ArrayList<>();
            for (int room = 0; room < 6 && !said.contains("started"); room++) {
                room(program, room);
                said.add(program.ask("start"));
            }
            assertThat(said).contains("unawaited []", "started").allMatch(one -> one.matches("\\w+( \\[])?"));
            program.closeStdin();
            assertThat(program.exitCode()).isZero();
        }
    }
}
