package dev.neurontp.harness.process;

import dev.neurontp.harness.time.KeptInterrupt;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program that speaks the wire, checked before anything is started: {@code setsid} in front of it would turn "there is
 * no such file" into an exit code.
 */
public record WorkerCommand(List<String> words, Optional<Path> setsid) {
    /** Its file system, or one that stands before it in PATH, may answer nothing. */
    private static final BoundedAccess LOOKS = new BoundedAccess("worker-command", 8);

    private static final Duration LOOK = Duration.ofSeconds(10);

    public WorkerCommand {
        words = List.copyOf(words);
    }

    /**
     * Checks the program.
     *
     * @throws IllegalArgumentException when it cannot be started, with the reason
     */
    public static WorkerCommand of(List<String> words) {
        return of("the worker command", words);
    }

    /** The same for what the messages call {@code what}. */
    public static WorkerCommand of(String what, List<String> words) {
        if (words.isEmpty() || words.getFirst().isBlank()) {
            throw new IllegalArgumentException(what + " is empty: it must name a program");
        }
        return KeptInterrupt.during(() -> looked(what, words)); // whoever waits next is told
    }

    private static WorkerCommand looked(String what, List<String> words) throws InterruptedException {
        try {
            return LOOKS.within(LOOK, LOOK, () -> checked(what, words));
        } catch (ThreadLimitException _) {
            return checked(what, words); // whoever starts it needs a thread as well, and names the limit
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    what + " '" + words.getFirst() + "' cannot be looked at: " + e.getMessage(), e);
        }
    }

    /** The whole command line of one rank (A1), in a session of its own where the host can do that. */
    public List<String> forRank(RankIdentity identity) {
        List<String> line = inOwnSession();
        line.addAll(arguments(identity));
        return line;
    }

    /** What a rank is told on its command line (A1). */
    public static List<String> arguments(RankIdentity identity) {
        return List.of(
                "--worker",
                "--rank",
                Long.toString(identity.rank()),
                "--tp-size",
                Long.toString(identity.worldSize()),
                "--cuda-device",
                Long.toString(identity.cudaDevice()));
    }

    /** The words, in a session of its own where the host can do that. */
    public List<String> inOwnSession() {
        List<String> line = new ArrayList<>();
        // A session of its own: Ctrl-C does not reach it, and /proc shows by it what the worker leaves behind.
        setsid.ifPresent(path -> line.add(path.toString()));
        line.addAll(words);
        return line;
    }

    private static WorkerCommand checked(String what, List<String> words) {
        requireProgram(what, words.getFirst());
        return new WorkerCommand(words, onPath("setsid"));
    }

    private static void requireProgram(String what, String program) {
        if (!program.contains("/")) {
            if (onPath(program).isEmpty()) {
                throw new IllegalArgumentException(what + " '" + program + "' is not on the PATH: give its whole path");
            }
            return;
        }
        Path path = Path.of(program);
        if (!Files.exists(path)) {
            throw new IllegalArgumentException(what + " '" + program + "' does not exist");
        }
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException(what + " '" + program + "' is a directory: name the program in it");
        }
        if (!Files.isExecutable(path)) {
            throw new IllegalArgumentException(what + " '" + program + "' is not executable: chmod +x " + program
                    + ", or mount its file system without noexec");
        }
    }

    private static Optional<Path> onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        for (String folder : path.split(File.pathSeparator, -1)) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return Optional.of(candidate.toAbsolutePath());
            }
        }
        return Optional.empty();
    }
}
