package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.ExitStatus;
import dev.neurontp.conformance.process.WorkerProcess;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a launcher that failed from a worker that did. ssh ends with 255, docker and podman with 125, and with 126 and 127 where
 * there is no program to start, as a shell does. A worker may end with these too, but not one that is right.
 */
final class LauncherFailure {

    private static final Set<Integer> OWN_CODES = Set.of(125, 126, 127, 255);

    private LauncherFailure() {}

    /** In words, where this launcher ended with a code of its own; else empty. A connection can break at any time. */
    static Optional<String> of(WorkerProcess launcher) {
        return launcher.ending()
                .filter(ending -> OWN_CODES.contains(ending.exitCode()))
                .map(ending -> words(ending, launcher.transcript().hasHeard(), launcher.lastStderr()));
    }

    private static String words(ExitStatus ending, boolean heard, List<String> stderr) {
        return "the launcher ended with " + ending
                + (heard ? " after the worker had spoken: " : " before the worker said anything: ")
                + (stderr.isEmpty() ? "nothing on stderr" : stderr.getLast())
                + ". Whether that is the worker's code cannot be told: run it on its own host";
    }
}
