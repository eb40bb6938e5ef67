package dev.neurontp.harness.daemon.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** What was small when its size was asked for, and grows while it is read. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class SmallFileTest {
    private static final int BOUND = 4096;

    @TempDir
    Path folder;

    /** The kernel gives its files no size, so that each is longer than it said: a regular file that has grown since. */
    private static Path grown() throws IOException {
        Path file = Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "smaps");
        assertThat(Files.size(file)).isZero();
        assertThat(Files.isRegularFile(file)).isTrue();
        return file;
    }

    @Test
    void aFileThatGrowsIsReadUpToItsBoundAndRefused() throws Exception {
        String said = "it has " + (BOUND + 1) + " bytes or more, and at most " + BOUND + " are read";
        assertThatThrownBy(() -> SmallFile.read(grown(), BOUND)).hasMessage(said);
        assertThatThrownBy(() -> SmallFile.readFollowing(grown(), BOUND)).hasMessage(said);
        assertThatThrownBy(() -> SmallFile.readNamed(grown(), BOUND)).hasMessage(said);
    }

    /** As a command of a shell's {@code <(...)} that hangs. */
    @Test
    void aPipeThatNobodyWritesToHoldsUpNothing() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> SmallFile.readNamed(pipe, BOUND, Duration.ofMillis(50)))
                .hasMessageContaining("nothing has come from it within 50 ms: a FIFO that nobody writes to");
    }

    @Test
    void aFileOfExactlyTheBoundIsRead() throws Exception {
        byte[] content = "x".repeat(BOUND).getBytes(UTF_8);
        Path file = Files.write(folder.resolve("file"), content);
        assertThat(SmallFile.read(file, BOUND)).isEqualTo(content);
        assertThat(SmallFile.readFollowing(file, BOUND)).isEqualTo(content);
        assertThat(SmallFile.readNamed(file, BOUND)).isEqualTo(content);
        assertThatThrownBy(() -> SmallFile.read(file, BOUND - 1)).hasMessageContaining("it has " + BOUND + " bytes");
    }
}
