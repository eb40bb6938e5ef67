package dev.neurontp.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of 64 KiB and 64 files, which a test fills up. Only root can mount one: elsewhere the test is skipped. */
public final class SmallFileSystem implements AutoCloseable {
    private final Path path;

    private SmallFileSystem(Path path) {
        this.path = path;
    }

    /** Over {@code path}, which is created, with the mode 0700. */
    public static SmallFileSystem mount(Path path) throws IOException, InterruptedException {
        Files.createDirectory(path);
        Process mount = new ProcessBuilder(
                        "mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=64,mode=0700", "tmpfs", path.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(mount.waitFor() == 0, () -> "SKIPPED: this user cannot mount a small file system: " + output);
        return new SmallFileSystem(path);
    }

    public Path path() {
        return path;
    }

    /** Not one byte more goes in. */
    public void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(path.resolve("filler"))) {
            out.write(new byte[1 << 20]);
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
        }
    }

    /** Not one more file goes in. */
    public void takeAllInodes() throws IOException {
        try {
            for (int i = 0; i < 1000; i++) {
                Files.createFile(path.resolve("empty" + i));
            }
            throw new IllegalStateException("its inodes have no bound");
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
        }
    }

    /** What {@link #fill} wrote goes. */
    public void makeRoom() throws IOException {
        Files.delete(path.resolve("filler"));
    }

    @Override
    public void close() throws IOException {
        try {
            new ProcessBuilder("umount", path.toString()).inheritIO().start().waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
