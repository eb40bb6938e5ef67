package dev.neurontp.worker.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a folder in the place of {@code /proc/self}. */
class ProcessTitleTest {
    private static final String BEFORE = "0123456789abcdef";

    @TempDir
    Path self;

    @BeforeEach
    void aProcess() throws IOException {
        Files.writeString(self.resolve("comm"), "java\n");
        Files.writeString(self.resolve("mem"), BEFORE);
    }

    @Test
    void theTitleStandsInThePlaceOfTheArguments() throws IOException {
        stat("1 ".repeat(45) + "2 8 9 10 0");

        ProcessTitle.show(self, "rank 0 of 2", "a name of more than 15 characters", "short");

        assertThat(self.resolve("mem")).hasContent("01" + "rank \0" + BEFORE.substring(8));
        assertThat(self.resolve("comm")).hasContent("short");
    }

    @Test
    void aHostThatDoesNotTellThePlaceKeepsTheOldOne() throws IOException {
        stat("0 ".repeat(49) + "0");

        ProcessTitle.show(self, "rank 0 of 2", "short");

        assertThat(self.resolve("mem")).hasContent(BEFORE);
    }

    @Test
    void soDoesAHostWhoseStatIsShorter() throws IOException {
        stat("0 ".repeat(40) + "0");

        ProcessTitle.show(self, "rank 0 of 2", "short");

        assertThat(self.resolve("mem")).hasContent(BEFORE);
    }

    private void stat(String afterTheName) throws IOException {
        Files.writeString(self.resolve("stat"), "7 (java) " + afterTheName + "\n");
    }
}
