package dev.neurontp.harness.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What {@code /proc} has of a process. A read that failed is no answer: without a free descriptor nothing in /proc can be read, and
 * then nobody would seem to run.
 */
final class ProcFile {
    private static final Path PROC = Path.of("/proc");
    private static final Path OWN = Path.of("/proc/self/stat");

    /** Nothing is known of anybody there, and a signal to a number that it shows would reach somebody else. */
    private static final boolean OF_OTHERS =
            isOfOthers(Path.of("/proc/self"), ProcessHandle.current().pid());

    private ProcFile() {}

    /** A read of one of its files. */
    private interface Reader<T> {
        T read(Path path) throws IOException;
    }

    /**
     * The content of a file; empty where the process has ended, or does not show it to this one.
     *
     * @throws IOException when that cannot be known
     */
    static Optional<byte[]> bytes(long pid, String file) throws IOException {
        return read(pid, file, Files::readAllBytes);
    }

    /**
     * Of its environment the variables with these names; empty as in {@link #bytes}, and where it has none.
     *
     * @throws IOException when that cannot be known
     */
    static Optional<List<String>> variables(long pid, Set<String> names) throws IOException {
        return ofAnyThread(pid, "environ", file -> Environ.read(file, names), found -> !found.isEmpty())
                .map(Environ::entries);
    }

    /**
     * Whether one of its descriptors, of which it may have a million, is so; empty as in {@link #variables}.
     *
     * @throws IOException when that cannot be known
     */
    static Optional<Boolean> hasDescriptor(long pid, Predicate<Path> isSo) throws IOException {
        return ofAnyThread(pid, "fd", folder -> Descriptors.in(folder, isSo), found -> !found.isEmpty())
                .map(Descriptors::found);
    }

    /** What a look at them has shown. */
    private record Descriptors(boolean isEmpty, boolean found) {
        static Descriptors in(Path folder, Predicate<Path> isSo) throws IOException {
            boolean isEmpty = true;
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
                for (Path descriptor : all) {
                    isEmpty = false;
                    if (isSo.test(descriptor)) {
                        return new Descriptors(false, true);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            return new Descriptors(isEmpty, false);
        }
    }

    /** Where the first thread has ended and others run on, these show what the process has. */
    private static <T> Optional<T> ofAnyThread(long pid, String file, Reader<T> reader, Predicate<T> shows)
            throws IOException {
        Optional<T> found = read(pid, file, reader).filter(shows);
        if (found.isEmpty()) {
            for (String thread : ProcStat.otherThreads(pid)) {
                found = read(pid, thread + "/" + file, reader).filter(shows);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return found;
    }

    /** Its threads, each as a path below its folder; none where it has ended. */
    static List<String> threads(long pid) throws IOException {
        return read(pid, "task", ProcFile::entries).orElse(List.of()).stream()
                .map(thread -> "task/" + thread.getFileName())
                .toList();
    }

    /** The pids of all processes of this host; none where there is no /proc. */
    static List<Long> pids() throws IOException {
        requireOurs();
        try {
            return entries(PROC).stream()
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> name.chars().allMatch(c -> c >= '0' && c <= '9'))
                    .map(Long::valueOf)
                    .toList();
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    /** Whether /proc has other numbers for processes than this one sees: it was mounted in another pid namespace. */
    static boolean isOfOthers(Path self, long pid) {
        try {
            return !Files.readSymbolicLink(self).toString().equals(Long.toString(pid));
        } catch (IOException _) {
            return Files.exists(self.resolveSibling("stat"));
        }
    }

    /** Whether the numbers that /proc shows are those that a signal takes. */
    static boolean isOurs() {
        return !OF_OTHERS && Files.isDirectory(PROC);
    }

    private static void requireOurs() throws IOException {
        if (OF_OTHERS) {
            throw new IOException("/proc shows the processes of another pid namespace, by other numbers: mount one for"
                    + " this namespace, as unshare --mount-proc does");
        }
    }

    /** Whether nobody has that pid. This needs no descriptor. */
    static boolean isFree(long pid) {
        return Files.notExists(folder(pid));
    }

    private static <T> Optional<T> read(long pid, String name, Reader<T> reader) throws IOException {
        requireOurs();
        for (int tries = 0; tries < 2; tries++) {
            try {
                return Optional.of(reader.read(folder(pid).resolve(name)));
            } catch (NoSuchFileException | AccessDeniedException _) {
                return Optional.empty();
            } catch (IOException _) {
                // Where this process can read its own, the failure is an answer: a zombie has no environment. It throws
                // where it
                // cannot. Tried again, since a descriptor may have become free meanwhile.
                Files.readAllBytes(OWN);
            }
        }
        return Optional.empty();
    }

    private static List<Path> entries(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            all.forEach(found::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    private static Path folder(long pid) {
        return PROC.resolve(Long.toString(pid));
    }
}
