package dev.neurontp.ops.up;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Puts a command into a session of its own where the host can: Ctrl-C and a closed terminal then do not reach it. */
final class SetSid {
    private SetSid() {}

    static List<String> before(List<String> command) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Stream.of(path.split(":", -1))
                .map(folder -> Path.of(folder, "setsid"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(setsid -> Stream.concat(Stream.of(setsid.toString()), command.stream())
                        .toList())
                .orElse(command);
    }
}
