package dev.neurontp.ops.preflight;

import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A daemon's settings file, as a command reads it itself, more than once, and its daemon after it. */
public final class SettingsFile {
    private SettingsFile() {}

    /**
     * The one that is named by {@code --config}, else by {@code NEURON_CONFIG}.
     *
     * @throws CommandException when it can be read only once, such as a shell's {@code <(command)}
     */
    public static Optional<Path> of(Optional<Path> option, Map<String, String> environment) {
        Optional<Path> file = option.or(() -> Optional.ofNullable(environment.get("NEURON_CONFIG"))
                .filter(text -> !text.isBlank())
                .map(Path::of));
        if (file.filter(SettingsFile::isReadOnce).isPresent()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "the settings file " + file.get() + " is a pipe or a device: it must be a file, since it is read"
                            + " more than once",
                    "Write the settings to a file, and name that.");
        }
        return file;
    }

    /** The null device may be read as often as one likes, and says that there are no settings. */
    private static boolean isReadOnce(Path file) {
        return Files.exists(file)
                && !Files.isRegularFile(file)
                && !Files.isDirectory(file)
                && !file.equals(Path.of("/dev/null"));
    }
}
