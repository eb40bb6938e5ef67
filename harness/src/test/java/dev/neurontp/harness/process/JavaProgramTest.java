package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProgramTest {
    @TempDir
    private Path folder;

    /** Says that it runs, and waits for the end of its stdin. */
    static final class Waits {
        private Waits() {}

        @SuppressWarnings("SystemOut") // its leader reads it
        public static void main(String[] arguments) throws IOException {
            System.out.println("here");
            System.in.read();
        }
    }

    @Test
    void aCrashLeavesNoFile() throws IOException {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && ulimit -c 0 && exec \"$@\"", folder.toString()));
        command.addAll(JavaProgram.command(Waits.class));
        try (ProgramProcess program = ProgramProcess.command(Map.of(), command)) {
            assertThat(program.line()).isEqualTo("here");
            program.signal("SEGV");
            assertThat(program.exitCode()).isEqualTo(128 + 6);
        }
        assertThat(folder).isEmptyDirectory();
    }
}
