package dev.neurontp.conformance.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** What an earlier run has left in a folder of reports, which would be taken for a result of the one that begins. */
public final class OldFiles {

    private OldFiles() {}

    /**
     * Removes them. What a name links to stays.
     *
     * @param names of the reports in that folder, which may be missing
     * @param kept files that the run reads or writes itself, which may be some of them
     */
    public static void remove(Path folder, Collection<String> names, Collection<Path> kept) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        for (String name : names) {
            Path file = folder.resolve(name);
            if (!isOneOf(kept, file)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean isOneOf(Collection<Path> files, Path file) throws IOException {
        for (Path other : files) {
            if (isSame(file, other)) {
                return true;
            }
        }
        return false;
    }

    /** Whether both are there, and are one file. */
    static boolean isSame(Path file, Path other) throws IOException {
        return Files.exists(file) && Files.exists(other) && Files.isSameFile(file, other);
    }
}
