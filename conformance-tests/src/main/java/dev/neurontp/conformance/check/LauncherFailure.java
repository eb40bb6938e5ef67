package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.ExitStatus;
import dev.neurontp.conformance.process.WorkerProcess;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells a launcher that failed from a worker that did. ssh ends with 255, docker and podman with 125, and with 126 and 127 where
 * there is no program to start, as a shell does, kubectl and srun with 1, which only their words tell from a worker's. A worker
 * may end with these too, but not one that is right.
 */
final class LauncherFailure {

    private static final Set<Integer> OWN_CODES = Set.of(125, 126, 127, 255);

    /** kubectl and srun end with 1 for failures of their own too, and for a worker that has ended with 1, which they say. */
    private static final int ANY_FAILURE = 1;

    private static final Pattern OWN_WORDS = Pattern.compile("Error from server|Unable to connect to the server"
            + "|error: (unable to upgrade connection|error dialing backend|error sending request|lost connection|timed out|dial )"
            + "|srun: (fatal|error): (?!.*\\btasks? \\S+: (Exited|Terminated|Killed|Interrupt))");

    private LauncherFailure() {}

    /** In words, where this launcher ended with a code of its own; else empty. A connection can break at any time. */
    static Optional<String> of(WorkerProcess launcher) {
        return launcher.ending()
                .filter(ending -> OWN_CODES.contains(ending.exitCode())
                        || (ending.exitCode() == ANY_FAILURE && saysSo(launcher.lastStderr())))
                .map(ending -> words(ending, launcher.transcript().hasHeard(), launcher.lastStderr()));
    }

    private static boolean saysSo(List<String> stderr) {
        return !stderr.isEmpty() && OWN_WORDS.matcher(stderr.getLast()).lookingAt();
    }

    private static String words(ExitStatus ending, boolean heard, List<String> stderr) {
        return "the launcher ended with " + ending
                + (heard ? " after the worker had spoken: " : " before the worker said anything: ")
                + (stderr.isEmpty() ? "nothing on stderr" : stderr.getLast())
                + ". Whether that is the worker's code cannot be told: run it on its own host";
    }
}
