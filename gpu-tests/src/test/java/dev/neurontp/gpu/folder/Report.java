package dev.neurontp.gpu.folder;

import dev.neurontp.harness.archive.TarArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The folder of all reports, and the archive of it. */
record Report(Path folder) {
    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_FILES = 500;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** A new folder in {@code parent}, named by the time in UTC. */
    static Report in(Path parent, Instant now) throws IOException {
        return new Report(Files.createDirectory(parent.resolve("neurontp-gpu-report-" + TIME.format(now))));
    }

    Path archive() {
        return folder.resolveSibling(folder.getFileName() + ".tar.gz");
    }

    /** Writes the summary and then the archive of all that is there; whoever is killed later leaves this one. */
    void write(List<String> summary) throws IOException {
        Files.write(folder.resolve("summary.txt"), summary);
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (Path file : files()) {
            files.put(folder.getParent().relativize(file).toString(), beginning(file));
        }
        Path next = archive().resolveSibling("." + archive().getFileName() + ".new");
        Files.write(next, TarArchive.of(files, Instant.now().getEpochSecond()));
        Files.move(next, archive(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().limit(MOST_FILES).toList();
        }
    }

    /** A step's output is bounded by its time alone. */
    private static byte[] beginning(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MOST_BYTES);
        }
    }
}
