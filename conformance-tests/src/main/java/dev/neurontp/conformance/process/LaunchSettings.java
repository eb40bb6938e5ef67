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
 */
public record LaunchSettings(Map<String, String> environment, Optional<Path> workingDirectory) {

    /** As this process is. */
    public static final LaunchSettings INHERITED = new LaunchSettings(Map.of(), Optional.empty());

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
}
