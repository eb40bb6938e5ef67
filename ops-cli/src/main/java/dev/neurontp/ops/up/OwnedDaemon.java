package dev.neurontp.ops.up;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.time.WaitedTime;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.OwnerTag;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A daemon that {@code tpctl up} started for one pool: without that pool nobody needs it. */
public final class OwnedDaemon {
    /** Above the daemon's own bound of 20 s for its end. */
    private static final Duration END = Duration.ofSeconds(25);

    private static final long LOOK_MILLIS = 20;

    private final DaemonFile file;
    private final String tag;

    private OwnedDaemon(DaemonFile file, String tag) {
        this.file = file;
        this.tag = tag;
    }

    /** Empty for a daemon that somebody else started, or that is not on this host. */
    public static Optional<OwnedDaemon> of(Daemon daemon) {
        return daemon.file().flatMap(file -> OwnerTag.of(file).map(tag -> new OwnedDaemon(file, tag)));
    }

    /** Ends it and waits until it is gone; an {@code up} in the foreground sees its pool's end and does that itself. */
    public void end(Screen screen) throws InterruptedException {
        boolean foreground = tag.equals(OwnerTag.FOREGROUND);
        Optional<ProcessHandle> process = ProcessHandle.of(file.pid());
        // The handle remembers the start that it saw, so after this proof it means our process and no later one.
        if (!foreground && file.live()) {
            process.ifPresent(ProcessHandle::destroy);
        }
        WaitedTime waited = new WaitedTime();
        while (!file.gone()) {
            if (waited.left(END) <= 0) {
                throw new CommandException(
                        ExitCode.FAILED,
                        "the daemon (pid " + file.pid() + ") is still there " + END.toSeconds() + " s after its pool",
                        "Look at its log" + (hasLog() ? " " + tag : "") + ", then: kill -KILL " + file.pid());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        if (hasLog()) {
            removeLog();
        }
        screen.say("The daemon (pid " + file.pid() + ") has ended too.");
    }

    /** Whether the tag names a log that tpctl up created: no other file is touched. */
    private boolean hasLog() {
        Path log = Path.of(tag);
        return UpLog.isThere(log);
    }

    private void removeLog() {
        Path log = Path.of(tag);
        try {
            UpLog.delete(log);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "the log " + log + " cannot be removed: " + FileErrors.reason(e),
                    "Remove it by hand.",
                    e);
        }
    }
}
