package dev.neurontp.conformance.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
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

    private DescriptorRoom() {}

    /**
     * Starts it, one at a time.
     *
     * @throws IOException when there is no room, in the words of the JDK, or when it cannot be started
     */
    static synchronized Process start(ProcessBuilder builder) throws IOException {
        List<Closeable> taken = new ArrayList<>();
        try {
            while (taken.size() < NEEDED) {
                taken.add(FileChannel.open(ANY, StandardOpenOption.READ));
            }
        } catch (IOException e) {
            throw new IOException(
                    "Cannot run program \"" + builder.command().getFirst() + "\": error=24, Too many open files", e);
        } finally {
            for (Closeable one : taken) {
                one.close();
            }
        }
        return builder.start();
    }
}
