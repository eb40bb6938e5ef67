package dev.neurontp.harness.daemon;

import dev.neurontp.harness.process.BoundedAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What changes where a file is written or replaced, or where a link leads to another one. Bounded, and one look at a time. */
final class FileStamps {
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final List<Path> files;
    /** Its own: looks that wait for ever must not take the threads of other accesses. */
    private final BoundedAccess looks = new BoundedAccess("certificate-look", 1);

    FileStamps(List<Path> files) {
        this.files = List.copyOf(files);
    }

    /**
     * One for each file; one that is not there has one too.
     *
     * @throws IOException when their file system does not answer, at once where an earlier look still waits for that
     */
    List<String> read() throws IOException, InterruptedException {
        if (files.isEmpty()) {
            return List.of();
        }
        try {
            return looks.within(
                    BOUND,
                    Duration.ZERO,
                    () -> files.stream().map(FileStamps::stamp).toList());
        } catch (BoundedAccess.NoAnswerException e) {
            throw new IOException("the file system of " + files.getFirst() + " does not answer", e);
        }
    }

    private static String stamp(Path file) {
        try {
            // The time of modification may be set back, as rsync -t does; that of the change of the inode cannot.
            return Files.readAttributes(file, "unix:fileKey,size,ctime").toString();
        } catch (IOException e) {
            return e.toString();
        }
    }
}
