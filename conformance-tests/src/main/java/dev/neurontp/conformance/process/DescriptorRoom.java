package dev.neurontp.conformance.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts of processes where descriptors may be scarce. Where the JDK gets none in the middle of a start it closes descriptor 0, whatever
 * that is by then: the pipe of another worker, or a stdout that was kept there. So no start is tried without room for it. Any thread.
 */
final class DescriptorRoom {
    /** Five pipes, of which some stay, and a few for what else this process does at that moment. */
    private static final int NEEDED = 20;

    private static final Path ANY = Path.of("/dev/null");

    private static final StartTurns TURNS = new StartTurns();

    private DescriptorRoom() {}

    /**
     * Starts it when it has its turn.
     *
     * @throws IOException when there is no room, in the words of the JDK, or when it cannot be started
     */
    static Process start(ProcessBuilder builder) throws IOException {
        return start(builder, ProcessBuilder::start);
    }

    /** The same, of a process whose stdout and stderr are read to their ends. */
    static Started startToBeRead(ProcessBuilder builder) throws IOException {
        return start(builder, Started::by);
    }

    private static <T> T start(ProcessBuilder builder, Start<T> start) throws IOException {
        try (StartTurns.Turn _ = TURNS.take()) {
            require(builder.command().getFirst());
            return start.of(builder);
        }
    }

    private static void require(String program) throws IOException {
        List<Closeable> taken = new ArrayList<>();
        try {
            while (taken.size() < NEEDED) {
                taken.add(FileChannel.open(ANY, StandardOpenOption.READ));
            }
        } catch (NoSuchFileException | AccessDeniedException e) {
            return; // a host without it: nothing can be said
        } catch (IOException e) {
            throw new IOException("Cannot run program \"" + program + "\": error=24, Too many open files", e);
        } finally {
            for (Closeable one : taken) {
                one.close();
            }
        }
    }

    private interface Start<T> {
        T of(ProcessBuilder builder) throws IOException;
    }
}
