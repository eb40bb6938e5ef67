package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EnvironTest {
    private static final Set<String> NAMES = Set.of("MARK", "OTHER");

    @TempDir
    Path folder;

    @Test
    void theseVariablesAndNoOthersAreKept() throws Exception {
        assertThat(of("A=MARK=1\0MARK=2\0MARKED=3\0OTHER=\0MARK"))
                .isEqualTo(new Environ(false, List.of("MARK=2", "OTHER=")));
        assertThat(of("A=1\0").isEmpty()).isFalse();
        assertThat(of("")).isEqualTo(new Environ(true, List.of()));
    }

    /** One that is the last may have no NUL behind it, and any of them can be cut by the end of a read. */
    @Test
    void theyAreFoundWhereverTheyStand() throws Exception {
        for (int before = 16_300; before < 16_400; before++) {
            assertThat(of("A=" + "x".repeat(before) + "\0MARK=the value").entries())
                    .containsExactly("MARK=the value");
        }
    }

    /** As prctl has it shown. Whoever started it could have given it another environment just as well. */
    @Test
    void oneThatDoesNotEndIsReadInPart() throws Exception {
        Path file = folder.resolve("environ");
        Files.writeString(file, "MARK=1\0");
        try (RandomAccessFile grows = new RandomAccessFile(file.toFile(), "rw")) {
            grows.setLength(1L << 40);
        }
        assertThat(Environ.read(file, NAMES).entries()).containsExactly("MARK=1");
    }

    @Test
    void aVariableThatDoesNotEndIsNotKept() throws Exception {
        assertThat(of("MARK=" + "x".repeat(600) + "\0OTHER=1\0").entries()).containsExactly("OTHER=1");
        assertThat(of("MARK=1\0".repeat(1000)).entries()).hasSizeLessThan(100);
    }

    private Environ of(String content) throws IOException {
        return Environ.read(Files.writeString(folder.resolve("environ"), content, StandardCharsets.ISO_8859_1), NAMES);
    }
}
