package dev.neurontp.ops.client;

import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;

/** What daemons have written down, read from their files. */
public final class PastDaemons {
    private PastDaemons() {}

    /** One look into the files. */
    @FunctionalInterface
    public interface Look<T> {
        T read() throws IOException, InterruptedException;
    }

    /**
     * What was read.
     *
     * @throws CommandException where it cannot be read
     */
    public static <T> T read(Look<T> look) throws InterruptedException {
        try {
            return look.read();
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "what earlier daemons have written down cannot be read: " + e.getMessage(),
                    "Look at that folder (docs/operating.md, 'What ran before'), or ask a daemon with --host.",
                    e);
        }
    }
}
