package dev.neurontp.harness.process;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Deadline;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A command that ends what a launcher has started, by asking whoever runs it there, such as a container engine.
 *
 * @param words all of them
 * @param proves whether its yes is evidence of the end
 * @param absent what it says of one that is not there any more, which is a yes too
 */
public record EndCommand(List<String> words, boolean proves, Optional<Pattern> absent) {
    /** How long it may take in all. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final Duration KILL = Duration.ofSeconds(1);
    private static final int MOST = 4096;

    public EndCommand {
        words = List.copyOf(words);
    }

    /** Its words as one line, for a person. */
    public String line() {
        return ForeignText.of(String.join(" ", words), ForeignText.MESSAGE);
    }

    /** Runs it until it has said yes; false when it has not in time, or cannot be started. */
    public boolean run(Deadline deadline) throws InterruptedException {
        do {
            if (saysYes(deadline)) {
                return true;
            }
            Thread.sleep(Math.min(PAUSE.toMillis(), TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos())));
        } while (!deadline.expired());
        return false;
    }

    private boolean saysYes(Deadline deadline) throws InterruptedException {
        ChildProcess child;
        try {
            child = ChildProcess.start(new ProcessBuilder(words)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true));
        } catch (IOException _) {
            return false; // what cannot be asked says no
        }
        try {
            if (!child.process().waitFor(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                child.process().descendants().forEach(ProcessHandle::destroyForcibly);
                child.kill(Deadline.in(KILL));
                return false;
            }
            int code = child.process().exitValue();
            return code == 0
                    || (absent.isPresent() && absent.get().matcher(said(child)).find());
        } finally {
            child.closePipes();
        }
    }

    /** The first of what it has printed, as far as that is there. */
    private static String said(ChildProcess child) {
        try {
            InputStream output = child.process().getInputStream();
            return new String(output.readNBytes(Math.min(output.available(), MOST)), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return "";
        }
    }
}
