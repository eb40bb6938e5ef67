package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcStatTest {
    @TempDir
    private Path folder;

    /** The kernel takes it from the file, whatever its language, and 15 bytes of it, also where that cuts a character. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            schläfer         | schläfer
            (läuft) R 1      | (läuft) R 1
            14 bytes, thenä  | 14 bytes, then\uFFFD""")
    void theNameOfAProcessIsUtf8(String file, String name) throws Exception {
        Path program = Files.copy(Path.of("/bin/sleep"), folder.resolve(file));
        Process process = new ProcessBuilder(program.toString(), "1000").start();
        try {
            assertThat(ProcStat.read(process.pid()).orElseThrow().name()).isEqualTo(name);
        } finally {
            process.destroyForcibly();
        }
    }
}
