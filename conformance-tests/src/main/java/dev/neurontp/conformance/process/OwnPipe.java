package dev.neurontp.conformance.process;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * A pipe of this process, for a standard stream of one that it starts. The pipes that the JDK makes for that are closed at the exit of
 * the process, whoever else has them: what a helper has yet to pass on, as in {@code worker > >(cat)}, would be lost where the
 * process ends before a reader has had its turn, and a worker that outlives a start script would be told that its leader is gone. This
 * one is closed by who reads or writes it here. Used by one thread; another one may read or write.
 */
final class OwnPipe implements Closeable {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** A pipe takes as much on any host. */
    private static final int MOST_TO_FIND_IT_BY = 4096;

    private final Pipe pipe;
    private final Optional<Path> name;
    private boolean read;
    private boolean written;

    private OwnPipe(Pipe pipe, IntSupplier counts) throws IOException {
        this.pipe = pipe;
        this.name = find(pipe, counts);
    }

    /**
     * A new one.
     *
     * @throws IOException where this process has no descriptors left for it
     */
    static OwnPipe open() throws IOException {
        return open(() -> ThreadLocalRandom.current().nextInt(1, MOST_TO_FIND_IT_BY));
    }

    /** The same, found by these numbers of bytes. */
    static OwnPipe open(IntSupplier counts) throws IOException {
        return new OwnPipe(Pipe.open(), counts);
    }

    /** Where a process is to write to: without /proc, by which this pipe could be named, to a pipe of the JDK. */
    Redirect writeEnd() {
        return name.map(it -> Redirect.to(it.toFile())).orElse(Redirect.PIPE);
    }

    /** Where a process is to read from; else as {@link #writeEnd}. */
    Redirect readEnd() {
        return name.map(it -> Redirect.from(it.toFile())).orElse(Redirect.PIPE);
    }

    /** What the process reads until this is closed; in its place the stream of the JDK, where there is no /proc. */
    OutputStream output(Supplier<OutputStream> jdks) {
        written = name.isPresent();
        return written ? Channels.newOutputStream(pipe.sink()) : jdks.get();
    }

    /** What was written to it until the last writer has closed it; in its place the stream of the JDK, where there is no /proc. */
    InputStream input(Supplier<InputStream> jdks) {
        read = name.isPresent();
        return read ? Channels.newInputStream(pipe.source()) : jdks.get();
    }

    /** Closes the ends that nobody uses here, so that a reader sees the end of what the process writes, and a writer its end. */
    @Override
    public void close() throws IOException {
        if (!written) {
            pipe.sink().close();
        }
        if (!read) {
            pipe.source().close();
        }
    }

    /**
     * The JDK tells nobody the numbers of descriptors, so it is found by how many bytes wait in it, twice: as many may wait in another one
     * that somebody opens in this moment, or reads.
     */
    private static Optional<Path> find(Pipe pipe, IntSupplier counts) throws IOException {
        int first = counts.getAsInt();
        fill(pipe, first);
        List<Path> candidates = withBothEndsHere(first);
        drain(pipe, first);
        int second = counts.getAsInt();
        fill(pipe, second);
        Optional<Path> found = candidates.stream()
                .filter(descriptor -> holds(descriptor, second))
                .findFirst();
        drain(pipe, second);
        return found;
    }

    private static void fill(Pipe pipe, int count) throws IOException {
        ByteBuffer some = ByteBuffer.allocate(count);
        while (some.hasRemaining()) {
            pipe.sink().write(some);
        }
    }

    private static void drain(Pipe pipe, int count) throws IOException {
        ByteBuffer some = ByteBuffer.allocate(count);
        while (some.hasRemaining()) {
            pipe.source().read(some);
        }
    }

    private static List<Path> withBothEndsHere(int waiting) {
        List<Path> found = new ArrayList<>();
        Set<Path> seen = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : all) {
                Optional<Path> target = target(descriptor);
                if (target.isPresent() && !seen.add(target.get()) && holds(descriptor, waiting)) {
                    found.add(descriptor);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        return found;
    }

    private static Optional<Path> target(Path descriptor) {
        try {
            Path target = Files.readSymbolicLink(descriptor);
            return target.toString().startsWith("pipe:") ? Optional.of(target) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // closed since
        }
    }

    private static boolean holds(Path descriptor, int waiting) {
        // Opened once more: the write end can be asked so, too.
        try (FileInputStream in = new FileInputStream(descriptor.toFile())) {
            return in.available() == waiting;
        } catch (IOException e) {
            return false;
        }
    }
}
