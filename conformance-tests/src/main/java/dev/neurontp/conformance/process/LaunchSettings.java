package dev.neurontp.conformance.process;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where and how every process of a run is started.
 *
 * @param environment variables set in addition to the inherited ones, or in their place
 * @param workingDirectory the folder that they are started in, in which a relative program is looked for too; empty for that of
 *     this process
 * @param launched whether the command is a launcher, such as ssh or docker, that carries the worker's pipes: then its process, its
 *     signals and what it leaves running are the launcher's
 */
public record LaunchSettings(Map<String, String> environment, Optional<Path> workingDirectory, boolean launched) {

    /** As this process is. */
    public static final LaunchSettings INHERITED = new LaunchSettings(Map.of(), Optional.empty());

    /** Settings for a worker that is started directly. */
    public LaunchSettings(Map<String, String> environment, Optional<Path> workingDirectory) {
        this(environment, workingDirectory, false);
    }

    /**
     * Settings.
     *
     * @throws IllegalArgumentException if a variable cannot be set
     */
    public LaunchSettings {
        environment = Map.copyOf(environment);
        environment.forEach((name, value) -> {
            if (name.isEmpty() || name.contains("=") || (name + value).indexOf('\0') >= 0) {
                throw new IllegalArgumentException("no variable can be called '" + Printable.text(name)
                        + "': a name has no '=', is not empty, and neither it nor its value has a NUL");
            }
        });
    }

    /** The same for a command that is a launcher, or is none. */
    public LaunchSettings withLaunched(boolean is) {
        return new LaunchSettings(environment, workingDirectory, is);
    }
}
