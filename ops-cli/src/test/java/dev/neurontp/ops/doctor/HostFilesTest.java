package dev.neurontp.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.doctor.host.HostFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HostFilesTest {
    @TempDir
    private Path root;

    /** Opening it waits for its other end. */
    @Test
    void whatIsNoFileIsNotRead() throws Exception {
        Path folder = Files.createDirectory(root.resolve("etc"));
        Path fifo = folder.resolve("nccl.conf");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Files.createSymbolicLink(folder.resolve("link"), fifo);
        Files.writeString(folder.resolve("os-release"), "ID=debian\n");
        HostFiles files = new HostFiles(root);
        assertThat(files.text("/etc/nccl.conf")).isEmpty();
        assertThat(files.text("/etc/link")).isEmpty();
        assertThat(files.text("/etc")).isEmpty();
        assertThat(files.line("/etc/os-release")).contains("ID=debian");
    }
}
