package dev.neurontp.harness.process;

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
 * that is by then: the pipe of another worker, or the stdout that tpctl keeps there. So no start is tried without room for it.
 */
final class DescriptorRoom {
    /** Five pipes, of which some stay, and a few for what else this process does at that moment. */
    private static final int NEEDED = 20;

    private static final Path ANY = Path.of("/dev/null");
    private static final StartTurns TURNS = new StartTurns();

    private DescriptorRoom() {}

    /**
     * Runs a start when it has its turn, if there is room for its descriptors.
     *
     * @throws IOException when there is none, in the words of the JDK
     */
    static <T> T withRoom(String program, Start<T> start) throws IOException {
        try (StartTurns.Turn _ = TURNS.take()) {
            require(program);
            return start.run();
        }
    }

    /** A start of a process. */
    @FunctionalInterface
    interface Start<T> {
        T run() throws IOException;
    }

    private static void require(String program) throws IOException {
        List<Closeable> taken = new ArrayList<>();
        try {
            while (taken.size() < NEEDED) {
                taken.add(FileChannel.open(ANY, StandardOpenOption.READ));
            }
        } catch (NoSuchFileException | AccessDeniedException _) {
            return; // a host without it: nothing can be said
        } catch (IOException e) {
            throw new IOException("Cannot run program \"" + program + "\": error=24, Too many open files", e);
        } finally {
            for (Closeable one : taken) {
                one.close();
            }
        }
    }
}
