package dev.neurontp.harness.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Starts of processes where descriptors may be scarce. Where the JDK gets none in the middle of a start it closes descriptor 0, whatever
 * that is by then: the pipe of another worker, or the stdout that tpctl keeps there. So no start is tried without room for it.
 */
final class DescriptorRoom {
    /** Five pipes, of which some stay, and a few for what else this process does at that moment. */
    private static final int NEEDED = 20;

    /** A start takes a few milliseconds. */
    private static final Duration TURN = Duration.ofSeconds(1);

    private static final Path ANY = Path.of("/dev/null");
    private static final ReentrantLock STARTING = new ReentrantLock();

    private DescriptorRoom() {}

    /**
     * Runs a start once there is room for its descriptors; one at a time, but not behind one that hangs, as where its program is on a
     * file system that answers nothing.
     *
     * @throws IOException when there is none, in the words of the JDK
     */
    static <T> T withRoom(String program, Start<T> start) throws IOException {
        boolean alone = isMyTurn();
        try {
            require(program);
            return start.run();
        } finally {
            if (alone) {
                STARTING.unlock();
            }
        }
    }

    private static boolean isMyTurn() {
        try {
            return STARTING.tryLock(TURN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
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
