package dev.neurontp.harness.daemon.device;

import dev.neurontp.harness.process.BoundedRun;
import dev.neurontp.harness.text.QuotedLines;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A program that is asked again and again, and not while it still hangs from the last time. One thread uses it. */
final class BoundedCommand {
    private static final int MOST_BYTES = 1 << 20;
    private static final int QUOTED = 300;

    private final Duration limit;
    private Optional<BoundedRun> last = Optional.empty();

    BoundedCommand(Duration limit) {
        this.limit = limit;
    }

    /**
     * What the program printed on stdout.
     *
     * @throws IOException when it cannot be started, fails or does not end in time; the message says which, and what the
     *     program itself said
     */
    String run(List<String> command) throws IOException, InterruptedException {
        String program = command.getFirst();
        if (last.filter(BoundedRun::hangs).isPresent()) {
            throw new IOException(program + " (pid " + last.get().pid() + ") still hangs from an earlier poll");
        }
        BoundedRun run = BoundedRun.of(new ProcessBuilder(command), Optional.empty(), MOST_BYTES, Deadline.in(limit));
        last = Optional.of(run);
        int code = run.exitCode()
                .orElseThrow(() -> new IOException(program + " did not end within " + Durations.format(limit)));
        if (code != 0) {
            // nvidia-smi says on stdout why it fails, the loader of its libraries on stderr.
            String words = QuotedLines.first(run.stdout(), QUOTED);
            words = words.isEmpty() ? QuotedLines.first(run.stderr(), QUOTED) : words;
            throw new IOException(
                    program + " failed with exit code " + code + (words.isEmpty() ? " and no message" : ": " + words));
        }
        if (!run.complete()) {
            throw new IOException(
                    program + " has ended, and its stdout has not: a process that it has started holds that open");
        }
        return run.stdout();
    }
}
