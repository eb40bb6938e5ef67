package dev.neurontp.ops.up;

import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.ExitCode;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Where a daemon in the background writes its log: a file of our own in the runtime folder. */
final class UpLog {
    private static final int LAST_LINES = 20;

    private UpLog() {}

    static Path create(RuntimeFolder folder) {
        try {
            folder.open();
            return Files.createTempFile(
                    folder.path(),
                    "up-",
                    ".log",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "no log can be made in the runtime folder: " + FileErrors.reason(e),
                    "Mend " + folder.path() + ", or name another folder with " + RuntimeFolder.VARIABLE + ".",
                    e);
        }
    }

    /** Removes the log of a start that failed; shows its last lines where they say why. */
    static void remove(Path log, Screen screen, boolean show) {
        try {
            if (show) {
                List<String> lines = Files.readString(log).lines().toList();
                lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())
                        .forEach(line -> screen.say("  " + HumanText.plain(line)));
            }
            Files.deleteIfExists(log);
        } catch (IOException e) {
            screen.say("the daemon's log " + log + " cannot be shown and removed: " + FileErrors.reason(e));
        }
    }
}
